// Trees: what parse() builds, what it refuses, and that write() is its inverse.
// Spec: MS-ASWBXML 2.1; hardening W1, W2.
#include "codec/wbxml/node.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/wbxml/random_node.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::wbxml {
namespace {

using namespace std::string_literals;

std::string sync_request() {
    Writer writer(Version::v16_1);
    writer.open(air_sync::Sync);
    writer.open(air_sync::Collections);
    writer.open(air_sync::Collection);
    writer.element(air_sync::SyncKey, "{1}7");
    writer.element(air_sync::CollectionId, "5");
    writer.empty(air_sync::GetChanges);
    writer.open(air_sync::Commands);
    for (const auto* id : {"c1", "c2"}) {
        writer.open(air_sync::Add);
        writer.element(air_sync::ClientId, id);
        writer.open(air_sync::ApplicationData);
        writer.element(notes::Subject, "\xC3\x84pfel");
        writer.opaque(email2::ConversationId, "\x00\xFF"s);
        writer.close();
        writer.close();
    }
    writer.empty(air_sync::Fetch);
    for (int i = 0; i < 4; ++i)
        writer.close();
    return writer.finish().value_or("");
}

TEST(WbxmlNode, FindsChildrenByTag) {
    const auto root = parse(sync_request());
    ASSERT_TRUE(root.has_value()) << root.error().text;
    EXPECT_EQ(root->tag, air_sync::Sync);
    const auto* collection = root->find(air_sync::Collections)->find(air_sync::Collection);
    ASSERT_NE(collection, nullptr);
    EXPECT_EQ(collection->text_of(air_sync::SyncKey), "{1}7");
    EXPECT_EQ(collection->text_of(air_sync::GetChanges, "1"), ""); // present, though empty
    EXPECT_EQ(collection->text_of(air_sync::WindowSize, "100"), "100");
    EXPECT_TRUE(collection->has(air_sync::GetChanges));
    EXPECT_FALSE(collection->has(air_sync::DeletesAsMoves));
    EXPECT_EQ(collection->find(air_sync::Options), nullptr);
    const auto* commands = collection->find(air_sync::Commands);
    ASSERT_NE(commands, nullptr);
    std::string ids;
    for (const auto& add : commands->all(air_sync::Add))
        ids += add.text_of(air_sync::ClientId);
    EXPECT_EQ(ids, "c1c2");
    for (const auto& change : commands->all(air_sync::Change))
        FAIL() << change.text;
}

TEST(WbxmlNode, TellsOpaqueFromText) {
    const auto root = parse(sync_request());
    ASSERT_TRUE(root.has_value());
    const auto* data = root->children[0]
                           .children[0]
                           .find(air_sync::Commands)
                           ->children[0]
                           .find(air_sync::ApplicationData);
    ASSERT_NE(data, nullptr);
    EXPECT_FALSE(data->find(notes::Subject)->opaque);
    EXPECT_EQ(data->text_of(notes::Subject), "\xC3\x84pfel");
    EXPECT_TRUE(data->find(email2::ConversationId)->opaque);
    EXPECT_EQ(data->text_of(email2::ConversationId), "\x00\xFF"s);
}

TEST(WbxmlNode, JoinsPiecesOfText) {
    // Two strings that cut a character in two, and opaque data between strings.
    const auto cut = parse("\x03\x01\x6A\x00\x45\x03"
                           "a\xC3\x00\x03\xBC"
                           "b\x00\x01"s);
    ASSERT_TRUE(cut.has_value());
    EXPECT_EQ(
        cut->text, "a\xC3\xBC"
                   "b"
    );
    const auto mixed = parse("\x03\x01\x6A\x00\x45\x03x\x00\xC3\x02\xFF\x00\x03y\x00\x01"s);
    ASSERT_TRUE(mixed.has_value());
    EXPECT_EQ(mixed->text, "x\xFF\x00y"s);
    EXPECT_TRUE(mixed->opaque);
}

TEST(WbxmlNode, CleansTextButNotOpaqueData) {
    const auto text = parse("\x03\x01\x6A\x00\x45\x03"
                            "a\xFF\x01"
                            "b\x00\x01"s);
    ASSERT_TRUE(text.has_value());
    EXPECT_EQ(
        text->text, "a\xEF\xBF\xBD"
                    "b"
    );
    const auto opaque = parse("\x03\x01\x6A\x00\x45\xC3\x03"
                              "a\xFF\x01\x01"s);
    ASSERT_TRUE(opaque.has_value());
    EXPECT_EQ(opaque->text, "a\xFF\x01");
}

TEST(WbxmlNode, LeavesOutUnknownElementsAndRefusesAnUnknownRoot) {
    const auto root =
        parse("\x03\x01\x6A\x00\x45\x7F\x4B\x03k\x00\x01\x03t\x00\x01\x4B\x03k\x00\x01\x01"s);
    ASSERT_TRUE(root.has_value());
    ASSERT_EQ(root->children.size(), 1U);
    EXPECT_EQ(root->text, "");
    EXPECT_EQ(root->text_of(air_sync::SyncKey), "k");
    const auto unknown = parse("\x03\x01\x6A\x00\x3F"s);
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error().code, Code::bad_syntax);
}

TEST(WbxmlNode, W1RefusesEveryCut) {
    const auto bytes = sync_request();
    ASSERT_TRUE(parse(bytes).has_value());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        const auto root = parse(std::string_view(bytes).substr(0, cut));
        ASSERT_FALSE(root.has_value()) << cut;
        EXPECT_EQ(root.error().code, Code::bad_syntax) << cut;
    }
}

TEST(WbxmlNode, W2SurvivesEveryChangedByte) {
    const auto bytes = sync_request();
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (int value = 0; value < 256; ++value) {
            auto changed = bytes;
            changed[at] = static_cast<char>(value);
            accepted += parse(changed).has_value() ? 1U : 0U;
        }
    // Changes of text and of tags are still documents; the rest is refused.
    EXPECT_GT(accepted, bytes.size());
    EXPECT_LT(accepted, bytes.size() * 256);
}

TEST(WbxmlNode, BuildsTheDeepestAndTheWidestTreeOfTheLimits) {
    const auto deep =
        std::string(limits::kWbxmlDepth, '\x45') + std::string(limits::kWbxmlDepth, '\x01');
    EXPECT_TRUE(parse("\x03\x01\x6A\x00"s + deep).has_value());
    const auto wide = "\x45" + std::string(limits::kWbxmlElements - 1, '\x14') + "\x01";
    const auto root = parse("\x03\x01\x6A\x00"s + wide);
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(root->children.size(), limits::kWbxmlElements - 1);
    EXPECT_EQ(parse("\x03\x01\x6A\x00\x45"s + deep + "\x01").error().code, Code::too_large);
}

TEST(WbxmlNode, ParseIsTheInverseOfWriteForRandomTrees) {
    for (std::uint32_t seed = 0; seed < 400; ++seed) {
        const auto version = kVersions[seed % kVersions.size()];
        RandomNodes random(seed, tags_of(version));
        const auto tree = random.tree(seed % 90, limits::kWbxmlDepth - 1);
        Writer writer(version);
        write(writer, tree);
        const auto bytes = writer.finish();
        ASSERT_TRUE(bytes.has_value()) << seed << " " << bytes.error().text;
        const auto again = parse(*bytes);
        ASSERT_TRUE(again.has_value()) << seed << " " << again.error().text;
        EXPECT_TRUE(*again == tree) << seed;
    }
}

TEST(WbxmlNode, WriteRefusesATreeOfAnotherVersion) {
    Node root;
    root.tag = air_sync::Sync;
    root.children.emplace_back().tag = email2::Send;
    Writer writer(Version::v14_1);
    write(writer, root);
    EXPECT_FALSE(writer.finish().has_value());
}

} // namespace
} // namespace lockstep::wbxml
