// Requests, references, patches and ids.
#include "protocols/jmap/request.hpp"

#include <gtest/gtest.h>

#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

std::string type_of_problem(std::string_view body) {
    const auto request = parse_request(body);
    if (request)
        return "none";
    const auto object = json::parse(request.error().body.front());
    return std::string(*json::text_of(object->get_object(), "type")).substr(27);
}

TEST(JmapRequest, TellsWhatIsNoJsonFromWhatIsNoRequest) {
    EXPECT_EQ(type_of_problem("{"), "notJSON");
    EXPECT_EQ(type_of_problem(R"({"using":[],"using":[],"methodCalls":[]})"), "notJSON");
    EXPECT_EQ(type_of_problem("[]"), "notRequest");
    EXPECT_EQ(type_of_problem(R"({"using":[]})"), "notRequest");
    EXPECT_EQ(type_of_problem(R"({"using":[1],"methodCalls":[]})"), "notRequest");
    EXPECT_EQ(type_of_problem(R"({"using":[],"methodCalls":[["a",{}]]})"), "notRequest");
    EXPECT_EQ(type_of_problem(R"({"using":[],"methodCalls":[["a",[],"0"]]})"), "notRequest");
    EXPECT_EQ(type_of_problem(R"({"using":[],"methodCalls":[["a",{},"0"]]})"), "none");
}

TEST(JmapRequest, H6_BoundsTheNumberOfCalls) {
    std::string body = R"({"using":[],"methodCalls":[)";
    for (int i = 0; i < 100; ++i)
        body += R"(["Core/echo",{},"0"],)";
    body.back() = ']';
    EXPECT_EQ(type_of_problem(body + "}"), "limit");
}

TEST(JmapReferences, TakeTheValueOfAnEarlierResponse) {
    const auto result = json::parse(R"({"ids":["x","y"]})")->get_object();
    const std::vector<Invocation> responses{{"Email/query", result, "q"}};
    const auto arguments =
        json::parse(R"({"a":1,"#ids":{"resultOf":"q","name":"Email/query","path":"/ids"}})");
    const auto resolved = resolve_references(arguments->get_object(), responses);
    ASSERT_TRUE(resolved.has_value());
    EXPECT_EQ(json::write(json::Value(*resolved)), R"({"a":1,"ids":["x","y"]})");
}

TEST(JmapReferences, RefuseWhatLeadsNowhere) {
    const std::vector<Invocation> responses{{"error", {}, "q"}};
    const auto type = [&](std::string_view text) {
        const auto arguments = json::parse(text);
        const auto resolved = resolve_references(arguments->get_object(), responses);
        return resolved ? std::string("none") : resolved.error().type;
    };
    EXPECT_EQ(
        type(R"({"#ids":{"resultOf":"q","name":"Email/query","path":"/ids"}})"),
        "invalidResultReference"
    );
    EXPECT_EQ(
        type(R"({"#ids":{"resultOf":"z","name":"error","path":""}})"), "invalidResultReference"
    );
    EXPECT_EQ(
        type(R"({"ids":[],"#ids":{"resultOf":"q","name":"error","path":""}})"), "invalidArguments"
    );
    EXPECT_EQ(type(R"({"#ids":7})"), "invalidArguments");
}

TEST(JmapPatch, SetsRemovesAndLeadsIntoObjects) {
    const auto object = json::parse(R"({"a":{"x":1,"y":2},"b":3})")->get_object();
    const auto patched = [&](std::string_view text) {
        const auto out = apply_patch(object, json::parse(text)->get_object());
        return out ? json::write(json::Value(*out)) : out.error().type;
    };
    EXPECT_EQ(patched(R"({"a/x":null,"b":4})"), R"({"a":{"y":2},"b":4})");
    EXPECT_EQ(patched(R"({"a/z~1w":5})"), R"({"a":{"x":1,"y":2,"z/w":5},"b":3})");
    EXPECT_EQ(patched(R"({"c/z":5})"), "invalidPatch");
    EXPECT_EQ(patched(R"({"b/z":5})"), "invalidPatch");
    EXPECT_EQ(patched(R"({"a":{},"a/x":5})"), "invalidPatch");
}

TEST(JmapIds, HaveOneFormEach) {
    EXPECT_EQ(parse_item_id(item_id(model::ItemId{17})), model::ItemId{17});
    EXPECT_EQ(parse_item_id("i017"), std::nullopt);
    EXPECT_EQ(parse_item_id("c17"), std::nullopt);
    EXPECT_EQ(parse_item_id("i"), std::nullopt);
    for (const BlobRef ref :
         {BlobRef{BlobRef::Kind::item, 5, 9, 0}, BlobRef{BlobRef::Kind::part, 5, 9, 3},
          BlobRef{BlobRef::Kind::upload, 5, 0, 0}})
        EXPECT_EQ(parse_blob_id(blob_id(ref)), ref);
    for (const auto* text : {"", "b", "b5", "b5_", "p5_9", "u5_1", "p5_9_70000", "b05_9"})
        EXPECT_EQ(parse_blob_id(text), std::nullopt) << text;
}

TEST(JmapPage, CutsByPositionAndAnchor) {
    const std::vector<std::string> all{"a", "b", "c", "d"};
    const auto page = [&](Page wanted) {
        const auto out = cut_page(wanted, all);
        return out ? json::write(json::Value(*out)) : out.error().type;
    };
    EXPECT_EQ(page({.position = 1, .limit = 2}), R"({"position":1,"ids":["b","c"]})");
    EXPECT_EQ(page({.position = -1, .limit = 2}), R"({"position":3,"ids":["d"]})");
    EXPECT_EQ(
        page({.anchor = "c", .anchor_offset = -1, .limit = 2}), R"({"position":1,"ids":["b","c"]})"
    );
    EXPECT_EQ(
        page({.anchor = "a", .anchor_offset = -5, .limit = 1}), R"({"position":0,"ids":["a"]})"
    );
    EXPECT_EQ(page({.anchor = "x"}), "anchorNotFound");
    EXPECT_EQ(
        page({.position = 9, .limit = 2, .total = true}), R"({"position":9,"ids":[],"total":4})"
    );
}

} // namespace
} // namespace lockstep::jmap
