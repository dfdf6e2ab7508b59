// Tokens, names, sequence sets, dates.
#include <gtest/gtest.h>

#include "codec/imap/date.hpp"
#include "codec/imap/list_request.hpp"
#include "codec/imap/name.hpp"
#include "codec/imap/scanner.hpp"
#include "codec/imap/writer.hpp"

namespace lockstep::imap {
namespace {

TEST(ImapName, GoesBothWays) {
    for (const auto* const name : {"INBOX", "Entw\xC3\xBCrfe", "a&b", "\xF0\x9F\x98\x80 x", "台北"})
        EXPECT_EQ(decode_utf7(encode_utf7(name)).value(), name);
    EXPECT_EQ(encode_utf7("Entw\xC3\xBCrfe"), "Entw&APw-rfe");
}

TEST(ImapName, RefusesWhatIsNotCanonical) {
    // I4: an encoded slash or asterisk, an end that is missing, a lone surrogate, split shifts.
    for (const auto* const text : {"&AC8-", "&ACoAKg-", "&APw", "&2AA-", "&APw-&APw-", "&A-"})
        EXPECT_FALSE(decode_utf7(text)) << text;
}

TEST(ImapSequence, ResolvesStarAndJoinsRanges) {
    const auto set = parse_sequence("5:*,1,2:3,9:7");
    ASSERT_TRUE(set);
    const auto resolved = set->resolved(6);
    EXPECT_EQ(resolved.ranges, (std::vector<SequenceRange>{{1, 3}, {5, 9}}));
    EXPECT_TRUE(resolved.contains(3));
    EXPECT_FALSE(resolved.contains(4));
    EXPECT_EQ(format_sequence({1, 2, 3, 7, 9, 10}), "1:3,7,9:10");
    for (const auto* const bad : {"", "0", "1,", "1:", "a", "4294967296", "01"})
        EXPECT_FALSE(parse_sequence(bad)) << bad;
}

TEST(ImapScanner, ReadsStringsOfEveryForm) {
    Scanner in("atom \"a\\\"b\" {3}\r\nxyz ~{2}\r\n\0z NIL");
    EXPECT_EQ(in.astring().value(), "atom");
    ASSERT_TRUE(in.space());
    EXPECT_EQ(in.astring().value(), "a\"b");
    ASSERT_TRUE(in.space());
    EXPECT_EQ(in.astring().value(), "xyz");
}

TEST(ImapScanner, RefusesBrokenStrings) {
    for (const auto* const text :
         {"\"abc", "\"a\\b\"", "\"a\xFF\"", "{5}\r\nabc", "{5}abc", "{x}\r\n"})
        EXPECT_FALSE(Scanner(text).astring()) << text;
}

TEST(ImapScanner, LiteralMarkSaysWhetherTheClientWaits) {
    EXPECT_TRUE(literal_mark("a LOGIN {5}").value()->waits);
    EXPECT_FALSE(literal_mark("a LOGIN {5+}").value()->waits);
    EXPECT_TRUE(literal_mark("a APPEND x ~{5}").value()->binary);
    EXPECT_FALSE(literal_mark("a NOOP").value());
    EXPECT_FALSE(literal_mark("{99999999999999999999}"));
}

TEST(ImapDate, GoesBothWays) {
    EXPECT_EQ(parse_date_time("17-Jul-1996 02:44:25 -0700").value(), 837'596'665);
    EXPECT_EQ(format_date_time(837'596'665), "17-Jul-1996 09:44:25 +0000");
    EXPECT_FALSE(parse_date_time("31-Feb-1996 02:44:25 -0700"));
    EXPECT_FALSE(parse_day("1-Foo-1996"));
}

TEST(ImapWriter, QuotesOnlyWhatMayBeQuoted) {
    std::string out;
    put_string(out, "say \"hi\"");
    put_string(out, "\xC3\xBC");
    put_string(out, "\xC3\xBC", true);
    put_string(out, "a\r\nb");
    EXPECT_EQ(out, "\"say \\\"hi\\\"\"{2}\r\n\xC3\xBC\"\xC3\xBC\"{4}\r\na\r\nb");
}

TEST(ImapList, PatternsMatchWithoutBacktracking) {
    EXPECT_TRUE(matches_pattern("a/b/c", "*"));
    EXPECT_FALSE(matches_pattern("a/b/c", "%"));
    EXPECT_TRUE(matches_pattern("a/b/c", "a/%/c"));
    EXPECT_TRUE(matches_pattern("a", "%"));
    // I6: quadratic at most.
    std::string pattern;
    for (int i = 0; i < 300; ++i)
        pattern += "%*";
    EXPECT_FALSE(matches_pattern(std::string(1'000, 'a'), pattern + "b"));
}

} // namespace
} // namespace lockstep::imap
