// What the pull parser reports, and everything that it refuses.
// Spec: MS-ASWBXML 2.1.3; WBXML 1.3 5; hardening W1, W2.
#include "codec/wbxml/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace lockstep::wbxml {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

const std::string kStart = "\x03\x01\x6A\x00"s;

/// Every event up to the end, or the code of the error.
struct Walk {
    std::vector<Event> events;
    std::optional<Code> error;
};

Walk walk(std::string_view bytes) {
    Walk result;
    auto reader = Reader::create(bytes);
    if (!reader) {
        result.error = reader.error().code;
        return result;
    }
    while (true) {
        const auto event = reader->next();
        if (!event) {
            result.error = event.error().code;
            return result;
        }
        if (event->kind == Event::Kind::end)
            return result;
        result.events.push_back(*event);
    }
}

/// One letter an event: ( ) t o.
std::string shape(std::string_view bytes) {
    const auto result = walk(bytes);
    if (result.error)
        return result.error == Code::bad_syntax ? "bad_syntax" : "too_large";
    std::string out;
    for (const auto& event : result.events)
        out += "()to"[static_cast<int>(event.kind)];
    return out;
}

TEST(WbxmlReader, ReportsEventsInOrderAndViewsOfTheInput) {
    const auto bytes =
        kStart + "\x45\x4B\x03k1\x00\x01\x00\x16\x49\xC3\x02\xFF\x00\x01\x00\x00\x14\x01"s;
    const auto result = walk(bytes);
    ASSERT_FALSE(result.error);
    ASSERT_EQ(shape(bytes), "((t)(o)())");
    EXPECT_EQ(result.events[0].tag, air_sync::Sync);
    EXPECT_TRUE(result.events[0].has_content);
    EXPECT_EQ(result.events[1].tag, air_sync::SyncKey);
    EXPECT_EQ(result.events[2].bytes, "k1");
    EXPECT_EQ(result.events[2].bytes.data(), bytes.data() + 7);
    EXPECT_EQ(result.events[3].tag, air_sync::SyncKey);
    EXPECT_EQ(result.events[4].tag, email2::ConversationId);
    EXPECT_EQ(result.events[5].bytes, "\xFF\x00"sv);
    EXPECT_EQ(result.events[7].tag, air_sync::MoreAvailable);
    EXPECT_FALSE(result.events[7].has_content);
    EXPECT_EQ(result.events[9].tag, air_sync::Sync);
}

TEST(WbxmlReader, SaysEndAgainAndAgain) {
    const auto bytes = kStart + "\x05";
    auto reader = Reader::create(bytes);
    ASSERT_TRUE(reader.has_value());
    for (const auto kind :
         {Event::Kind::open, Event::Kind::close, Event::Kind::end, Event::Kind::end}) {
        const auto event = reader->next();
        ASSERT_TRUE(event.has_value());
        EXPECT_EQ(event->kind, kind);
    }
    EXPECT_EQ(reader->offset(), bytes.size());
}

TEST(WbxmlReader, W2TakesOnlyHeadersThatActiveSyncUses) {
    for (const auto& good :
         {"\x01\x01\x6A\x00"s, "\x02\x01\x6A\x00"s, "\x03\x05\x6A\x00"s, "\x03\x81\x7E\x6A\x00"s,
          "\x03\x01\x00\x00"s, "\x03\x01\x80\x6A\x00"s})
        EXPECT_EQ(shape(good + "\x05"), "()") << static_cast<int>(good[0]);
    EXPECT_EQ(shape("\x00\x01\x6A\x00\x05"s), "bad_syntax");     // version 1.0
    EXPECT_EQ(shape("\x04\x01\x6A\x00\x05"s), "bad_syntax");     // version 1.4
    EXPECT_EQ(shape("\x03\x00\x00\x6A\x00\x05"s), "bad_syntax"); // public id in the string table
    EXPECT_EQ(shape("\x03\x01\x04\x00\x05"s), "bad_syntax");     // ISO 8859-1
    EXPECT_EQ(shape("\x03\x01\x87\x67\x00\x05"s), "bad_syntax"); // UTF-16 (1015)
    EXPECT_EQ(
        shape("\x03\x01\x6A\x02"
              "a\x00\x05"s),
        "bad_syntax"
    ); // string table
}

TEST(WbxmlReader, W1RefusesNumbersBeyondTheirBounds) {
    const auto opaque = [](const std::string& length, const std::string& data) {
        return shape(kStart + "\x45\xC3" + length + data + "\x01");
    };
    EXPECT_EQ(opaque("\x03", "abc"), "(o)");
    EXPECT_EQ(opaque("\x80\x80\x80\x80\x03", "abc"), "(o)"); // five bytes, though not the shortest
    EXPECT_EQ(opaque("\x80\x80\x80\x80\x80\x03", "abc"), "bad_syntax");
    EXPECT_EQ(opaque("\x8F\xFF\xFF\xFF\x7F", "abc"), "bad_syntax");  // 2^32 - 1
    EXPECT_EQ(opaque("\x90\x80\x80\x80\x00"s, "abc"), "bad_syntax"); // 2^32: must not wrap to 0
    EXPECT_EQ(opaque("\x90\x80\x80\x80\x03", "abc"), "bad_syntax");  // 2^32 + 3: must not wrap to 3
    EXPECT_EQ(opaque("\xFF\xFF\xFF\xFF\x7F", "abc"), "bad_syntax");
    EXPECT_EQ(opaque("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", "abc"), "bad_syntax");
}

TEST(WbxmlReader, W1RefusesLengthBeyondInput) {
    EXPECT_EQ(
        shape(
            kStart + "\x45\xC3\x04"
                     "abc"
        ),
        "bad_syntax"
    );
    EXPECT_EQ(
        shape(
            kStart + "\x45\xC3\x03"
                     "abc"
        ),
        "bad_syntax"
    ); // no end tag left
    EXPECT_EQ(shape(kStart + "\x45\xC3\x00\x01"s), "(o)");
    EXPECT_EQ(
        shape(
            kStart + "\x45\x03"
                     "abc"
        ),
        "bad_syntax"
    );
}

TEST(WbxmlReader, W2RefusesEveryTokenThatActiveSyncDoesNotUse) {
    for (int value = 0; value < 256; ++value) {
        const char token = static_cast<char>(value);
        const auto got = shape(kStart + "\x45" + token + "\x00\x00\x00\x01\x01"s);
        const int number = value & 0x3F;
        const bool used =
            number >= 5 ? value < 0x80 : value == 0 || value == 1 || value == 3 || value == 0xC3;
        if (!used)
            EXPECT_EQ(got, "bad_syntax") << value;
        // The rest of the document fits only some of the used ones; the next tests look at those.
    }
    for (const int value :
         {0x02, 0x04, 0x40, 0x41, 0x42, 0x43, 0x44, 0x80, 0x81, 0x82, 0x83, 0x84, 0xC0, 0xC1, 0xC2,
          0xC4}) {
        EXPECT_EQ(shape(kStart + static_cast<char>(value) + "\x00"s), "bad_syntax") << value;
        EXPECT_EQ(shape(kStart + "\x45" + static_cast<char>(value) + "\x00\x01"s), "bad_syntax")
            << value;
    }
    EXPECT_EQ(shape(kStart + "\xC5\x01\x01"), "bad_syntax"); // attributes
    EXPECT_EQ(shape(kStart + "\x85\x01"), "bad_syntax");
}

TEST(WbxmlReader, W2RefusesUnbalancedDocuments) {
    EXPECT_EQ(shape(kStart), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x01"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x45"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x45\x01\x01"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x05\x01"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x05\x05"), "bad_syntax");   // a second root
    EXPECT_EQ(shape(kStart + "\x03x\x00"s), "bad_syntax"); // text without a root
    EXPECT_EQ(shape(kStart + "\xC3\x01x"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x05\x00"s), "bad_syntax"); // a byte too many
    EXPECT_EQ(shape(""), "bad_syntax");
}

std::string nested(std::size_t depth) {
    return kStart + std::string(depth, '\x45') + std::string(depth, '\x01');
}

TEST(WbxmlReader, W2BoundsDepth) {
    EXPECT_EQ(shape(nested(limits::kWbxmlDepth)).size(), 2 * limits::kWbxmlDepth);
    EXPECT_EQ(shape(nested(limits::kWbxmlDepth + 1)), "too_large");
    EXPECT_EQ(shape(nested(1'000'000)), "too_large");
    // Unknown elements count as well.
    const auto unknown =
        kStart + "\x45" + std::string(1'000'000, '\x7F') + std::string(1'000'001, '\x01');
    EXPECT_EQ(shape(unknown), "too_large");
}

TEST(WbxmlReader, W2BoundsElements) {
    const auto flat = [](std::size_t children, char token) {
        return shape(kStart + "\x45" + std::string(children, token) + "\x01");
    };
    EXPECT_EQ(flat(limits::kWbxmlElements - 1, '\x14').size(), 2 * limits::kWbxmlElements);
    EXPECT_EQ(flat(limits::kWbxmlElements, '\x14'), "too_large");
    EXPECT_EQ(flat(limits::kWbxmlElements, '\x3F'), "too_large");
}

TEST(WbxmlReader, W2WalksThroughAFloodOfPageSwitches) {
    std::string flood = kStart + "\x45";
    for (int i = 0; i < 1'000'000; ++i)
        flood += "\x00\x05"s;
    EXPECT_EQ(shape(flood), "bad_syntax");
    EXPECT_EQ(shape(flood + "\x00\x00\x0E\x01"s), "(())");
}

TEST(WbxmlReader, SkipsUnknownTokensWithTheirSubtree) {
    // Unknown 0:3F holds a known element, text, and a page switch that stays in force.
    const auto bytes =
        kStart + "\x45\x7F\x4B\x03k\x00\x01\x03t\x00\x00\x02\x01\x54\x03s\x00\x01\x01"s;
    const auto result = walk(bytes);
    ASSERT_EQ(shape(bytes), "((t))");
    EXPECT_EQ(result.events[1].tag, email::Subject);
    EXPECT_EQ(result.events[2].bytes, "s");
}

TEST(WbxmlReader, SkipsUnknownPages) {
    EXPECT_EQ(shape(kStart + "\x45\x00\x1A\x45\x03x\x00\x01\x05\x00\x00\x14\x01"s), "(())");
    EXPECT_EQ(shape(kStart + "\x45\x00\xFF\x45\x45\x05\x01\xC3\x01x\x01\x01"s), "()");
    EXPECT_EQ(shape(kStart + "\x00\x1A\x45\x00\x00\x4B\x01\x01"s), ""); // an unknown root
}

TEST(WbxmlReader, ChecksTheInsideOfWhatItSkips) {
    EXPECT_EQ(shape(kStart + "\x45\x7F\xC3\x7Fx\x01\x01"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x45\x7F\x02\x01\x01"), "bad_syntax");
    EXPECT_EQ(shape(kStart + "\x45\x7F\x03x"), "bad_syntax");
}

} // namespace
} // namespace lockstep::wbxml
