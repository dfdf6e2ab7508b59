// Bodies: the form and the size that a device asked for.
#include <gtest/gtest.h>

#include "codec/eas/body.hpp"
#include "codec/eas/calendar_testing.hpp"
#include "codec/eas/dates.hpp"

namespace lockstep::eas {
namespace {

using item_testing::data;
using item_testing::leaf;
using item_testing::tree;
using wbxml::Version;
namespace b = wbxml::air_sync_base;
namespace c = wbxml::calendar;

wbxml::Node write(const ItemText& text, const ItemOptions& options) {
    return item_testing::written(options.version, [&](wbxml::Writer& out) -> Result<> {
        write_body(
            out, text, options, c::Body, c::BodyTruncated, {.native = true, .also_empty = true}
        );
        return {};
    });
}

ItemOptions wants(std::vector<BodyPreference> preferences, Version version = Version::v16_1) {
    ItemOptions options;
    options.version = version;
    options.body_preferences = std::move(preferences);
    return options;
}

TEST(ItemBody, CutsAtCharactersAndTellsTheWholeSize) {
    const auto node = write({"äöü", {}}, wants({{1, 3U, false, 0}}));
    const auto* body = node.find(b::Body);
    EXPECT_EQ(body->text_of(b::Data), "ä");
    EXPECT_EQ(body->text_of(b::EstimatedDataSize), "6");
    EXPECT_EQ(body->text_of(b::Truncated), "1");
}

// MS-ASAIRS 2.2.2.3.2
TEST(ItemBody, AllOrNoneTakesTheNextPreference) {
    const ItemText text{"plain", "<p>a longer form of it</p>"};
    const auto node = write(text, wants({{2, 10U, true, 0}, {1, 10U, true, 0}}));
    EXPECT_EQ(node.find(b::Body)->text_of(b::Type), "1");
    EXPECT_EQ(node.find(b::Body)->text_of(b::Data), "plain");
    const auto none = write(text, wants({{2, 10U, true, 0}}));
    EXPECT_FALSE(none.find(b::Body)->has(b::Data));
    EXPECT_EQ(none.find(b::Body)->text_of(b::Truncated), "1");
}

TEST(ItemBody, FormatsThatItHasNotArePassedOver) {
    const auto node =
        write({"plain", {}}, wants({{4, {}, false, 0}, {3, {}, false, 0}, {2, {}, false, 0}}));
    EXPECT_EQ(node.find(b::Body)->text_of(b::Type), "2");
    EXPECT_EQ(node.text_of(b::NativeBodyType), "1");
    EXPECT_EQ(
        write({"plain", {}}, wants({{4, {}, false, 0}})).find(b::Body)->text_of(b::Type), "1"
    );
    EXPECT_EQ(write({"plain", {}}, wants({})).find(b::Body)->text_of(b::Type), "1");
}

TEST(ItemBody, PreviewIsPlainCharacters) {
    const auto node =
        write({{}, "<p>Grüße an alle</p>"}, wants({{2, {}, false, 5}}, Version::v14_0));
    EXPECT_EQ(node.find(b::Body)->text_of(b::Preview), "Grüße");
}

TEST(ItemBody, OldProtocolHasItsOwnElements) {
    auto options = wants({}, Version::v2_5);
    options.truncation = 1;
    const auto node = write({std::string(600, 'x'), {}}, options);
    EXPECT_EQ(node.text_of(c::Body).size(), 512U);
    EXPECT_EQ(node.text_of(c::BodyTruncated), "1");
}

TEST(ItemBody, RichTextGoesBothWaysBefore14) {
    const auto node = write({"Grüße\nan alle", {}}, wants({{3, {}, false, 0}}, Version::v12_1));
    EXPECT_EQ(node.find(b::Body)->text_of(b::Type), "3");
    const auto encoded = std::string(node.find(b::Body)->text_of(b::Data));
    const auto back =
        read_body(data({tree(b::Body, {leaf(b::Type, "3"), leaf(b::Data, encoded)})}), c::Body);
    EXPECT_EQ((*back)->plain, "Grüße\nan alle");
    const auto old = read_body(data({leaf(c::CompressedRTF, encoded)}), c::Body);
    EXPECT_EQ((*old)->plain, "Grüße\nan alle");
    const auto cut = write({"text", {}}, wants({{3, 10, false, 0}}, Version::v12_1));
    EXPECT_FALSE(cut.find(b::Body)->has(b::Data)) << "half of a container is no use";
    const auto modern = write({"text", {}}, wants({{3, {}, false, 0}}, Version::v14_0));
    EXPECT_EQ(modern.find(b::Body)->text_of(b::Type), "1");
}

TEST(ItemBody, PartsGoIntoTheMultipartAnswer) {
    std::vector<std::string> parts{"first"};
    auto options = wants({{1, {}, false, 0}});
    options.parts = &parts;
    const auto node = write({"text", {}}, options);
    EXPECT_EQ(parts.back(), "text");
    EXPECT_EQ(node.find(b::Body)->text_of(wbxml::item_operations::Part), "2");
    EXPECT_FALSE(node.find(b::Body)->has(b::Data));
}

TEST(ItemBody, ReadsWhatClientsSend) {
    const auto read = [](std::vector<wbxml::Node> children) {
        return read_body(data({tree(b::Body, std::move(children))}), c::Body);
    };
    EXPECT_EQ((*read({leaf(b::Type, "1"), leaf(b::Data, "a\r\nb\rc")}))->plain, "a\nb\nc");
    const auto html = *read({leaf(b::Type, "2"), leaf(b::Data, "<p>x</p>")});
    EXPECT_EQ(html->html, "<p>x</p>");
    EXPECT_EQ(html->plain, "x");
    EXPECT_FALSE(*read({leaf(b::Type, "1"), leaf(b::Truncated, "1")}))
        << "a body without data is no new body";
    EXPECT_FALSE(read({leaf(b::Type, "4"), leaf(b::Data, "MIME")}));
    EXPECT_EQ((*read_body(data({leaf(c::Body, "old")}), c::Body))->plain, "old");
    EXPECT_FALSE(*read_body(data({}), c::Body));
}

TEST(WireDate, ReadsBothForms) {
    const auto expected = item_testing::utc("20261122T120000Z");
    for (const auto* text :
         {"20261122T120000Z", "2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00Z",
          "2026-11-22T12:00:00", "20261122T120000", " 2026-11-22t12:00:00.123z "})
        EXPECT_EQ(parse_wire_date(text), expected) << text;
    EXPECT_EQ(parse_wire_date("2026-11-22"), item_testing::utc("20261122"));
    for (const auto* text :
         {"", "2026", "20261322T120000Z", "20260230T000000Z", "2026-11-22T25:00:00Z",
          "20261122T120000Zx", "-20261122"})
        EXPECT_FALSE(parse_wire_date(text)) << text;
    EXPECT_EQ(compact_date(expected), "20261122T120000Z");
    EXPECT_EQ(iso_date(expected), "2026-11-22T12:00:00.000Z");
}

} // namespace
} // namespace lockstep::eas
