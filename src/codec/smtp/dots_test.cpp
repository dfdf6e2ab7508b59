#include "codec/smtp/dots.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace lockstep::smtp {

namespace {

using namespace std::string_view_literals;

struct Fed {
    bool ok = true;
    bool done = false;
    std::string out;
    std::string rest; ///< what stood behind the end
};

/// Feeds the bytes cut in two at `cut`; what follows the end is left over.
Fed feed(std::string_view bytes, std::size_t cut) {
    DotDecoder decoder;
    Fed fed;
    for (auto chunk : {bytes.substr(0, cut), bytes.substr(cut)}) {
        if (decoder.done()) {
            fed.rest += chunk;
            continue;
        }
        const auto used = decoder.feed(chunk, fed.out);
        if (!used)
            return {false, false, fed.out, {}};
        fed.rest += chunk.substr(*used);
    }
    fed.done = decoder.done();
    return fed;
}

// What other servers took for an end of data (hardening S1).
constexpr std::array kSmuggled{
    "\n.\n"sv,       "\n.\r\n"sv,     "\r\n.\n"sv,       "\r.\r\n"sv, "\r\n.\r"sv,
    "\r\n\0.\r\n"sv, "\r\n.\r\r\n"sv, "\r\r\n.\r\r\n"sv, "\r.\r"sv,   "\n\n.\r\n"sv,
    "\r\n.\0\r\n"sv, "\n\r.\n\r"sv,   "\r\n.\r\0\n"sv,
};

} // namespace

TEST(DotDecoder, EndsOnlyAtCrlfDotCrlfWhereverItIsCut) {
    constexpr auto kBytes = "Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n"sv;
    for (std::size_t cut = 0; cut <= kBytes.size(); ++cut) {
        const auto fed = feed(kBytes, cut);
        ASSERT_TRUE(fed.ok) << cut;
        EXPECT_TRUE(fed.done) << cut;
        EXPECT_EQ(fed.out, "Subject: x\r\n\r\n.dot\r\n") << cut;
        EXPECT_EQ(fed.rest, "QUIT\r\n") << cut;
    }
}

TEST(DotDecoder, S1NoSmugglingSequenceEndsTheData) {
    for (const auto sequence : kSmuggled) {
        const auto bytes = "a: b\r\n\r\ntext" + std::string(sequence) +
                           "MAIL FROM:<evil@example.org>\r\nx\r\n.\r\n";
        const bool is_line_text = sequence == "\r\n\0.\r\n"sv || sequence == "\r\n.\0\r\n"sv;
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            const auto fed = feed(bytes, cut);
            if (is_line_text) {
                // A NUL is text to the framing; the end is the last line, and the forged command
                // part of the message.
                ASSERT_TRUE(fed.ok) << cut;
                EXPECT_TRUE(fed.out.contains("MAIL FROM:<evil@example.org>")) << cut;
                EXPECT_TRUE(fed.rest.empty()) << cut;
            } else {
                EXPECT_FALSE(fed.ok)
                    << testing::PrintToString(std::string(sequence)) << " cut at " << cut;
                EXPECT_FALSE(fed.done);
                EXPECT_FALSE(fed.out.contains("evil")) << cut;
            }
        }
    }
}

TEST(DotDecoder, StaysBrokenAfterABareLineFeed) {
    DotDecoder decoder;
    std::string out;
    EXPECT_FALSE(decoder.feed("a\nb", out));
    EXPECT_FALSE(decoder.feed("\r\n.\r\n", out));
    EXPECT_FALSE(decoder.done());
}

TEST(DotDecoder, AMessageMayBeEmpty) {
    const auto fed = feed(".\r\n", 1);
    EXPECT_TRUE(fed.ok && fed.done);
    EXPECT_TRUE(fed.out.empty());
}

TEST(DotDecoder, KeepsReadingButNotStoringBeyondTheLimit) {
    DotDecoder decoder(10);
    std::string out;
    const std::string line(98, 'x');
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(decoder.feed(line + "\r\n", out));
    EXPECT_TRUE(decoder.too_large());
    EXPECT_EQ(out.size(), 10U);
    EXPECT_EQ(decoder.size(), 5'000U);
    ASSERT_TRUE(decoder.feed(".\r\n", out));
    EXPECT_TRUE(decoder.done());
}

TEST(LineCheck, RefusesBareCrAndLfWhereverBdatContentIsCut) {
    for (const std::string_view bytes : {"a\r\nb\r\n"sv, "\r\n"sv, ".\r\n.\r\n"sv, "no line"sv}) {
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            LineCheck check;
            EXPECT_TRUE(
                check.feed(bytes.substr(0, cut)) && check.feed(bytes.substr(cut)) && check.finish()
            ) << cut;
        }
    }
    for (const std::string_view bytes :
         {"a\nb"sv, "a\rb"sv, "\n"sv, "a\r\r\n"sv, "a\r"sv, "\r\n\n"sv}) {
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            LineCheck check;
            EXPECT_FALSE(
                check.feed(bytes.substr(0, cut)) && check.feed(bytes.substr(cut)) && check.finish()
            ) << cut;
        }
    }
}

TEST(DotStuff, RoundTripsThroughTheDecoder) {
    for (const std::string_view message :
         {""sv, "."sv, ".\r\n"sv, "..\r\n.\r\n"sv, "a\r\n.b\r\n"sv, "no final line end"sv}) {
        const auto wire = dot_stuff(message);
        ASSERT_TRUE(wire);
        const auto fed = feed(*wire, wire->size() / 2);
        ASSERT_TRUE(fed.ok && fed.done);
        const auto wanted = message.empty() || message.ends_with("\r\n")
                                ? std::string(message)
                                : std::string(message) + "\r\n";
        EXPECT_EQ(fed.out, wanted);
    }
}

TEST(DotStuff, NeverSendsABareCrOrLf) {
    for (const std::string_view message : {"a\nb"sv, "a\rb"sv, "a\r\r\n"sv, "a\r"sv, "\n"sv})
        EXPECT_FALSE(dot_stuff(message));
}

} // namespace lockstep::smtp
