#include "codec/mime/message.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::mime {

namespace {

constexpr std::string_view kNested =
    "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n"
    "preamble\r\n--outer\r\nContent-Type: multipart/alternative; boundary=\"in ner\"\r\n\r\n"
    "--in ner\r\n\r\nplain\r\n--in ner\r\nContent-Type: text/html; "
    "charset=UTF-8\r\n\r\n<p>html</p>\r\n\r\n--in ner--\r\nepilogue\r\n"
    "--outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\nContent-Type: "
    "multipart/mixed; boundary=deep\r\n\r\n"
    "--deep\r\n\r\none\r\n--deep\r\n\r\ntwo\r\n--deep--\r\n"
    "--outer\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Disposition: attachment; "
    "filename=\"y.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"
    "--outer--\r\n";

/// Every range lies in the bytes, and in its parent's body.
void expect_sound(const Message& message) {
    ASSERT_FALSE(message.parts.empty());
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const Part& part = message.parts[i];
        ASSERT_LE(part.header.end(), message.bytes.size());
        ASSERT_LE(part.body.end(), message.bytes.size());
        ASSERT_LE(part.header.end(), part.body.offset);
        if (i == 0)
            continue;
        ASSERT_LT(part.parent, i);
        const Part& parent = message.parts[part.parent];
        ASSERT_GE(part.header.offset, parent.body.offset);
        ASSERT_LE(part.body.end(), parent.body.end());
    }
}

std::string with_lf_only(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '\r')
            out += c;
    return out;
}

} // namespace

TEST(MimeMessage, FindsEveryPartWithItsRanges) {
    const auto message = parse(kNested);
    expect_sound(message);
    ASSERT_EQ(message.parts.size(), 9U);
    EXPECT_EQ(message.body_of(message.parts[2]), "plain");
    EXPECT_EQ(message.body_of(message.parts[3]), "<p>html</p>\r\n");
    EXPECT_EQ(message.parts[3].charset, "utf-8");
    EXPECT_EQ(message.parts[3].lines, 1U);
    EXPECT_EQ(message.parts[2].lines, 1U);
    EXPECT_TRUE(message.parts[4].holds_message());
    EXPECT_TRUE(message.parts[6].embedded);
    EXPECT_EQ(message.body_of(message.parts[7]), "two");
    EXPECT_EQ(message.body_of(message.parts[8]), "AAAA");
    EXPECT_EQ(message.parts[8].any_name(), "y.pdf");
    EXPECT_EQ(message.parts[8].encoding, Encoding::base64);
    EXPECT_FALSE(message.ambiguous);
    EXPECT_FALSE(message.truncated);
}

TEST(MimeMessage, NumbersPartsAsImapDoes) {
    const auto message = parse(kNested);
    std::vector<std::string> paths;
    for (std::uint32_t i = 0; i < message.parts.size(); ++i)
        paths.push_back(message.path_of(i));
    EXPECT_EQ(
        paths, (std::vector<std::string>{"1", "1", "1.1", "1.2", "2", "2", "2.1", "2.2", "3"})
    );
    EXPECT_EQ(parse("a: b\r\n\r\nbody").path_of(0), "1");
    const auto wrapped = parse("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nbody");
    EXPECT_EQ(wrapped.path_of(0), "1");
    EXPECT_EQ(wrapped.path_of(1), "1.1");
}

TEST(MimeMessage, LineFeedsAloneGiveTheSameTree) {
    const auto text = with_lf_only(kNested);
    const auto message = parse(text);
    expect_sound(message);
    ASSERT_EQ(message.parts.size(), 9U);
    EXPECT_EQ(message.body_of(message.parts[2]), "plain");
}

TEST(MimeMessage, M3EveryPrefixIsSomeMessage) {
    for (std::size_t cut = 0; cut <= kNested.size(); ++cut)
        expect_sound(parse(kNested.substr(0, cut)));
}

TEST(MimeMessage, M3NestingAndCountStopAtTheirLimits) {
    std::string nested;
    for (int i = 0; i < 500; ++i)
        nested += "Content-Type: message/rfc822\r\n\r\n";
    const auto deep = parse(nested);
    EXPECT_EQ(deep.parts.size(), limits::kMimeDepth);
    EXPECT_TRUE(deep.truncated);
    expect_sound(deep);

    std::string many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 5'000; ++i)
        many += "--b\r\n\r\nx\r\n";
    const auto wide = parse(many + "--b--\r\n");
    EXPECT_EQ(wide.parts.size(), limits::kMimeParts);
    EXPECT_TRUE(wide.truncated);
    expect_sound(wide);
}

TEST(MimeMessage, AnOuterBoundaryEndsWhatWasNeverClosed) {
    const auto message =
        parse("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: "
              "multipart/mixed; boundary=i\r\n\r\n"
              "--i\r\n\r\nlost\r\n--o\r\n\r\nsecond\r\n--o--");
    ASSERT_EQ(message.parts.size(), 4U);
    EXPECT_EQ(message.body_of(message.parts[2]), "lost");
    EXPECT_EQ(message.parts[3].parent, 0U);
    EXPECT_EQ(message.body_of(message.parts[3]), "second");
}

TEST(MimeMessage, ABoundaryThatBeginsAnotherIsNotIt) {
    const auto message =
        parse("Content-Type: multipart/mixed; "
              "boundary=ab\r\n\r\n--abc\r\n--ab\r\n\r\n--abc\r\n--ab--x\r\n--ab-- \r\nend");
    ASSERT_EQ(message.parts.size(), 2U);
    EXPECT_EQ(message.body_of(message.parts[1]), "--abc\r\n--ab--x");
}

TEST(MimeMessage, S12FlagsWhatReadersUnderstandDifferently) {
    EXPECT_TRUE(parse("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n").ambiguous);
    EXPECT_EQ(
        parse("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n").parts[0].subtype,
        "plain"
    );
    EXPECT_TRUE(parse("Content-Type: multipart/mixed\r\n\r\n").ambiguous);
    EXPECT_TRUE(parse("Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n").ambiguous);
    EXPECT_TRUE(
        parse(
            "Content-Type: multipart/mixed; boundary=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        )
            .ambiguous
    );
    EXPECT_FALSE(parse("Content-Type: text/plain\r\n\r\n").ambiguous);
}

TEST(MimeMessage, TheBodyStartsWhereTheHeaderEnds) {
    EXPECT_EQ(
        parse("no header at all").body_of(parse("no header at all").parts[0]), "no header at all"
    );
    for (const std::string_view text :
         {"a: b\r\n\r\nbody", "a: b\nbody without colon\n", "From x@y Mon\na: b\n\nbody", "",
          "\r\nbody", "a: b", "a : b\r\n c\r\n\r\n"}) {
        const auto message = parse(text);
        EXPECT_EQ(message.parts[0].body.offset, header_length(text)) << text;
    }
}

TEST(MimeMessage, DigestPartsAreMessagesByDefault) {
    const auto message =
        parse("Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: "
              "one\r\n\r\nbody\r\n--d--\r\n");
    ASSERT_EQ(message.parts.size(), 3U);
    EXPECT_TRUE(message.parts[1].holds_message());
    EXPECT_EQ(message.body_of(message.parts[2]), "body");
}

} // namespace lockstep::mime
