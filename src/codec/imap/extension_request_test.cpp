// SORT, THREAD, ESEARCH, METADATA, REPLACE, CREATE: what is in their grammar.
#include <gtest/gtest.h>

#include "codec/imap/list_request.hpp"
#include "codec/imap/mailbox_filter.hpp"
#include "codec/imap/metadata_request.hpp"
#include "codec/imap/sort_request.hpp"

namespace lockstep::imap {
namespace {

template <class Parse> auto parsed(Parse parse, std::string_view text) {
    Scanner in(text);
    return parse(in);
}

TEST(ImapSort, ReadsKeysInTheirOrder) {
    const auto request =
        parsed(parse_sort, "RETURN (COUNT PARTIAL 1:20) (REVERSE DATE displayfrom) UTF-8 UNSEEN");
    ASSERT_TRUE(request);
    ASSERT_EQ(request->criteria.size(), 2U);
    EXPECT_TRUE(request->criteria[0].reverse);
    EXPECT_EQ(request->criteria[1].by, SortCriterion::By::display_from);
    EXPECT_FALSE(request->criteria[1].reverse);
    EXPECT_EQ(request->result.partial, (SequenceRange{1, 20}));
}

TEST(ImapSort, TellsAnUnknownCharsetFromAWrongCommand) {
    EXPECT_EQ(parsed(parse_sort, "(DATE) KOI8-R ALL").error().code, Code::unsupported);
    for (const auto* const text :
         {"", "DATE UTF-8 ALL", "() UTF-8 ALL", "(DATE)", "(DATE) UTF-8", "(DATE DATE2) UTF-8 ALL",
          "(REVERSE) UTF-8 ALL", "(REVERSE REVERSE DATE) UTF-8 ALL", "(DATE) UTF-8 ALL )"})
        EXPECT_EQ(parsed(parse_sort, text).error().code, Code::bad_syntax) << text;
}

TEST(ImapThread, KnowsThreeAlgorithms) {
    EXPECT_EQ(parsed(parse_thread, "refs UTF-8 ALL")->algorithm, ThreadAlgorithm::refs);
    EXPECT_EQ(
        parsed(parse_thread, "ORDEREDSUBJECT US-ASCII TEXT x")->algorithm,
        ThreadAlgorithm::ordered_subject
    );
    EXPECT_FALSE(parsed(parse_thread, "OTHER UTF-8 ALL"));
    EXPECT_EQ(parsed(parse_thread, "REFERENCES ALL").error().code, Code::bad_syntax);
}

TEST(ImapFilters, ReadNamesOfMailboxes) {
    const auto request = parsed(
        parse_multi_search,
        "IN (selected inboxes subtree-one \"A B\" mailboxes (INBOX x)) RETURN (MIN) SEEN"
    );
    ASSERT_TRUE(request);
    ASSERT_EQ(request->sources.size(), 4U);
    EXPECT_EQ(request->sources[2].kind, MailboxFilter::Kind::subtree_one);
    EXPECT_EQ(request->sources[2].names, (std::vector<std::string>{"A B"}));
    EXPECT_EQ(request->sources[3].names, (std::vector<std::string>{"INBOX", "x"}));
    for (const auto* const text :
         {"IN () ALL", "IN (mailboxes) ALL", "IN (mailboxes ()) ALL", "IN inboxes ALL",
          "IN (x) ALL", "IN (personal)", "IN (personal)ALL"})
        EXPECT_FALSE(parsed(parse_multi_search, text)) << text;
}

TEST(ImapMetadata, NamesAreLowerCaseAndWithoutWildcards) {
    const auto request =
        parsed(parse_get_metadata, "(DEPTH 1 MAXSIZE 100) INBOX (/Shared/A \"/private/b\")");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->names, (std::vector<std::string>{"/shared/a", "/private/b"}));
    EXPECT_EQ(request->depth, GetMetadata::Depth::children);
    EXPECT_EQ(request->max_size, 100);
    EXPECT_TRUE(parsed(parse_get_metadata, "INBOX (DEPTH infinity) /private"));
    for (const auto* const text :
         {"INBOX", "INBOX ()", "INBOX /x", "INBOX /private/", "INBOX /private//a",
          "INBOX /private/a* ", "INBOX \"/private/a b\"", "(DEPTH 3) INBOX /private/a",
          "() INBOX /private/a"})
        EXPECT_FALSE(parsed(parse_get_metadata, text)) << text;
    const auto change = parsed(parse_set_metadata, "\"\" (/private/a NIL /private/b \"NIL\")");
    ASSERT_TRUE(change);
    EXPECT_FALSE(change->changes[0].second);
    EXPECT_EQ(change->changes[1].second, "NIL");
}

TEST(ImapReplace, NamesOneMessage) {
    const auto target = [](std::string_view text) {
        Scanner in(text);
        return parse_append_target(in, true);
    };
    EXPECT_EQ(target("3 Drafts ")->mailbox, "Drafts");
    EXPECT_EQ(target("* Drafts ")->replaced->ranges[0].low, kStar);
    for (const auto* const text : {"1:2 x ", "1,2 x ", "$ x ", "0 x ", "x ", "1 ", "1 x"})
        EXPECT_FALSE(target(text)) << text;
}

TEST(ImapCreate, ReadsUses) {
    EXPECT_EQ(
        parsed(parse_create, "x (USE (\\Sent \\Drafts))")->uses,
        (std::vector<std::string>{"\\sent", "\\drafts"})
    );
    EXPECT_TRUE(parsed(parse_create, "\"a b\"")->uses.empty());
    for (const auto* const text : {"x ", "x ()", "x (USE)", "x (USE \\Sent)", "x (USE (\\Sent)"})
        EXPECT_FALSE(parsed(parse_create, text)) << text;
}

} // namespace
} // namespace lockstep::imap
