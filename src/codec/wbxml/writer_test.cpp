// What the writer writes, and how it keeps wrong things from being sent.
// Spec: MS-ASWBXML 2.1.2, 2.1.3.
#include "codec/wbxml/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/random_node.hpp"
#include "codec/wbxml/text_run.hpp"

namespace lockstep::wbxml {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string finished(Writer& writer) {
    auto out = writer.finish();
    EXPECT_TRUE(out.has_value()) << out.error().text;
    return out ? *out : "";
}

std::string failure(Writer& writer) {
    auto out = writer.finish();
    if (out)
        return "no failure";
    EXPECT_EQ(out.error().code, Code::internal);
    return out.error().text;
}

TEST(WbxmlWriter, WritesTheBytesOfTheFormat) {
    Writer writer(Version::v16_1);
    writer.open(air_sync::Sync);
    writer.element(air_sync::SyncKey, "k1");
    writer.element(air_sync::Status, 1);
    writer.empty(air_sync::MoreAvailable);
    writer.element(email::Subject, "s");
    writer.element(email::Read, true);
    writer.opaque(email2::ConversationId, "\xFF\x00"sv);
    writer.element(air_sync::ServerId, "");
    writer.close();
    EXPECT_EQ(
        hex(finished(writer)), "03016a00"
                               "45"
                               "4b036b310001"
                               "4e03310001"
                               "14"
                               "0002"
                               "54037300"
                               "01"
                               "5503310001"
                               "0016"
                               "49c302ff0001"
                               "0000"
                               "0d"
                               "01"
    );
}

TEST(WbxmlWriter, AnElementOpenedAndClosedHasNoContentBit) {
    Writer writer(Version::v14_1);
    writer.open(air_sync::Sync);
    writer.open(air_sync::Collections);
    writer.text("");
    writer.opaque("");
    writer.close();
    writer.close();
    EXPECT_EQ(
        hex(finished(writer)), "03016a00"
                               "45"
                               "1c"
                               "01"
    );
}

TEST(WbxmlWriter, WritesNumbersInDecimal) {
    Writer writer(Version::v16_1);
    writer.open(air_sync::Sync);
    writer.element(air_sync::Status, std::numeric_limits<std::int64_t>::min());
    writer.element(air_sync::Status, std::numeric_limits<std::uint64_t>::max());
    writer.element(air_sync::Status, std::uint8_t{7});
    writer.element(air_sync::Status, false);
    writer.element(air_sync::Status, -3);
    writer.close();
    const auto root = parse(finished(writer));
    ASSERT_TRUE(root.has_value());
    ASSERT_EQ(root->children.size(), 5U);
    EXPECT_EQ(root->children[0].text, "-9223372036854775808");
    EXPECT_EQ(root->children[1].text, "18446744073709551615");
    EXPECT_EQ(root->children[2].text, "7");
    EXPECT_EQ(root->children[3].text, "0");
    EXPECT_EQ(root->children[4].text, "-3");
}

TEST(WbxmlWriter, WritesLengthsOfEverySize) {
    for (const std::size_t size : {1U, 127U, 128U, 16'383U, 16'384U, 2'097'151U, 2'097'152U}) {
        Writer writer(Version::v16_1);
        writer.opaque(compose_mail::Mime, std::string(size, '\xFE'));
        const auto bytes = finished(writer);
        const std::size_t length_bytes = size < 128         ? 1
                                         : size < 16'384    ? 2
                                         : size < 2'097'152 ? 3
                                                            : 4;
        EXPECT_EQ(bytes.size(), 4 + 2 + 1 + 1 + length_bytes + size + 1);
        const auto root = parse(bytes);
        ASSERT_TRUE(root.has_value());
        EXPECT_TRUE(root->opaque);
        EXPECT_EQ(root->text.size(), size);
    }
}

TEST(WbxmlWriter, CleansText) {
    const auto written = [](std::string_view text) {
        Writer writer(Version::v16_1);
        writer.element(email::Subject, text);
        const auto root = parse(finished(writer));
        return root ? root->text : "unreadable"s;
    };
    EXPECT_EQ(written("plain \t\r\n text"), "plain \t\r\n text");
    EXPECT_EQ(
        written("Gr\xC3\xBC\xC3\x9F"
                "e \xF0\x9F\x98\x80"),
        "Gr\xC3\xBC\xC3\x9F"
        "e \xF0\x9F\x98\x80"
    );
    EXPECT_EQ(written("a\0b"sv), "ab");
    EXPECT_EQ(written("\x01\x1F"), "");
    EXPECT_EQ(
        written("a\xFF"
                "b"),
        "a\xEF\xBF\xBD"
        "b"
    );
    EXPECT_EQ(written("\xC3"), "\xEF\xBF\xBD");
    EXPECT_EQ(written("\xED\xA0\x80"), clean_utf8("\xED\xA0\x80"));
}

TEST(WbxmlWriter, CleaningInRunsEqualsCleaningTheWhole) {
    const std::string_view pieces[] = {
        "a",
        "\xC3\xBC",
        "\xC3",
        "\x80",
        "\0"sv,
        "\n",
        "\xF0\x9F\x98\x80",
        "\xEF\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\x7F"
    };
    for (const auto a : pieces)
        for (const auto b : pieces)
            for (const auto c : pieces) {
                const auto text = std::string(a).append(b).append(c);
                std::string out;
                append_clean(out, text);
                EXPECT_EQ(out, clean_utf8(text)) << hex(text);
                EXPECT_EQ(is_clean(text), clean_utf8(text) == text) << hex(text);
            }
}

TEST(WbxmlWriter, RefusesWhatTheVersionDoesNotKnow) {
    Writer writer(Version::v14_1);
    EXPECT_FALSE(writer.allows(air_sync_base::Location));
    writer.open(air_sync::Sync);
    writer.open(air_sync_base::Location);
    writer.element(air_sync_base::DisplayName, "Room 1");
    writer.close();
    writer.element(air_sync::Status, 1);
    writer.close();
    EXPECT_FALSE(writer.ok());
    const auto text = failure(writer);
    EXPECT_NE(text.find("AirSyncBase:Location"), std::string::npos) << text;
    EXPECT_NE(text.find("14.1"), std::string::npos) << text;
}

TEST(WbxmlWriter, RefusesTagsThatAreInNoList) {
    Writer writer(Version::v16_1);
    writer.empty(Tag{0, 0x3F});
    EXPECT_EQ(failure(writer), "0:63 cannot be sent to 16.1");
}

TEST(WbxmlWriter, WritesOptionalElementsOnlyToVersionsThatKnowThem) {
    for (const auto version : {Version::v14_1, Version::v16_0}) {
        Writer writer(version);
        writer.open(air_sync::Sync);
        writer.element_if_allowed(email2::IsDraft, true);
        writer.element_if_allowed(calendar::ClientUid, "uid");
        writer.element_if_allowed(calendar::ClientUid, std::string("uid"));
        writer.element_if_allowed(email2::IsDraft, 1);
        writer.empty_if_allowed(email2::Send);
        writer.opaque_if_allowed(air_sync_base::Content, "x");
        writer.close();
        const auto root = parse(finished(writer));
        ASSERT_TRUE(root.has_value());
        EXPECT_EQ(root->children.size(), version == Version::v16_0 ? 6U : 0U);
    }
}

TEST(WbxmlWriter, NoticesMisuse) {
    Writer writer(Version::v16_1);
    EXPECT_EQ(failure(writer), "finish without a root element");
    writer.close();
    EXPECT_EQ(failure(writer), "close without an open element");
    writer.open(air_sync::Sync);
    EXPECT_EQ(failure(writer), "finish with an open element");
    writer.empty(air_sync::Sync);
    writer.empty(air_sync::Sync);
    EXPECT_EQ(failure(writer), "AirSync:Sync would be a second root element");
    writer.text("x");
    EXPECT_EQ(failure(writer), "content outside of the root element");
    // After finish() the writer starts anew.
    writer.empty(air_sync::Sync);
    EXPECT_EQ(hex(finished(writer)), "03016a0005");
}

TEST(WbxmlWriter, RollbackDropsAnItemAndItsPage) {
    Writer writer(Version::v16_1);
    writer.open(air_sync::Sync);
    writer.open(air_sync::Commands);
    const auto mark = writer.mark();
    const auto size = writer.size();
    writer.open(air_sync::Add);
    writer.element(email::Subject, "half");
    writer.close();
    EXPECT_GT(writer.size(), size);
    writer.rollback(mark);
    EXPECT_EQ(writer.size(), size);
    writer.element(air_sync::ServerId, "1");
    writer.close();
    writer.close();
    EXPECT_EQ(
        hex(finished(writer)), "03016a00"
                               "45"
                               "56"
                               "4d03310001"
                               "01"
                               "01"
    );
}

TEST(WbxmlWriter, RollbackLeavesAnEmptyElementEmpty) {
    Writer writer(Version::v16_1);
    writer.open(air_sync::Sync);
    const auto mark = writer.mark();
    writer.empty(email::Read);
    writer.rollback(mark);
    writer.close();
    EXPECT_EQ(
        hex(finished(writer)), "03016a00"
                               "05"
    );
}

TEST(WbxmlWriter, RollbackForgetsTheMisuseOfTheItemOnly) {
    Writer writer(Version::v14_0);
    writer.open(air_sync::Sync);
    const auto mark = writer.mark();
    writer.element(email2::IsDraft, true);
    EXPECT_FALSE(writer.ok());
    writer.rollback(mark);
    EXPECT_TRUE(writer.ok());
    writer.element(email2::Bcc, "a@b");
    const auto late = writer.mark();
    writer.element(email2::IsDraft, true);
    writer.rollback(late);
    writer.close();
    EXPECT_EQ(failure(writer), "Email2:Bcc cannot be sent to 14.0");
}

TEST(WbxmlWriter, RollbackInsideARefusedElementKeepsTheBalance) {
    Writer writer(Version::v14_0);
    writer.open(air_sync::Sync);
    const auto outer = writer.mark();
    writer.open(air_sync_base::Location);
    const auto inner = writer.mark();
    writer.element(air_sync_base::City, "x");
    writer.rollback(inner);
    EXPECT_EQ(writer.depth(), 2U);
    writer.close();
    writer.rollback(outer);
    writer.close();
    EXPECT_EQ(
        hex(finished(writer)), "03016a00"
                               "05"
    );
}

/// Writes a tree, and at every other place something else that is rolled back at once.
void write_with_detours(Writer& out, const Node& root, RandomNodes& random) {
    std::vector<const Node*> todo{&root}; // nullptr: close the innermost element
    while (!todo.empty()) {
        const auto* node = todo.back();
        todo.pop_back();
        if (todo.size() % 2 == 1) {
            const auto mark = out.mark();
            write(out, random.tree(5, 3));
            out.rollback(mark);
        }
        if (!node) {
            out.close();
            continue;
        }
        out.open(node->tag);
        out.text(node->opaque ? "" : node->text);
        out.opaque(node->opaque ? node->text : "");
        todo.push_back(nullptr);
        for (const auto& child : node->children | std::views::reverse)
            todo.push_back(&child);
    }
}

TEST(WbxmlWriter, RolledBackDetoursLeaveNoTrace) {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        // The detours have tags of 16.1, some of which 14.0 refuses.
        RandomNodes random(seed, tags_of(Version::v14_0));
        RandomNodes detours(seed + 1, tags_of(Version::v16_1));
        const auto tree = random.tree(60, 12);
        Writer straight(Version::v14_0);
        write(straight, tree);
        Writer winding(Version::v14_0);
        write_with_detours(winding, tree, detours);
        EXPECT_EQ(finished(winding), finished(straight)) << seed;
    }
}

TEST(WbxmlWriter, RollbackAcrossAnElementIsMisuse) {
    Writer writer(Version::v16_1);
    writer.open(air_sync::Sync);
    const auto mark = writer.mark();
    writer.open(air_sync::Commands);
    writer.rollback(mark);
    writer.close();
    writer.close();
    EXPECT_EQ(failure(writer), "rollback across an element");

    writer.open(air_sync::Sync);
    writer.open(air_sync::Commands);
    const auto gone = writer.mark();
    writer.close();
    writer.open(air_sync::Responses);
    writer.rollback(gone);
    writer.close();
    writer.close();
    EXPECT_EQ(failure(writer), "rollback across an element");
}

} // namespace
} // namespace lockstep::wbxml
