// FETCH, SEARCH, STORE, sections and descriptions.
#include <gtest/gtest.h>

#include "codec/imap/fetch_request.hpp"
#include "codec/imap/list_request.hpp"
#include "codec/imap/search_request.hpp"
#include "codec/imap/structure.hpp"

namespace lockstep::imap {
namespace {

Result<FetchRequest> fetch(std::string_view text) {
    Scanner in(text);
    return parse_fetch(in);
}

Result<SearchRequest> search(std::string_view text) {
    Scanner in(text);
    return parse_search(in);
}

TEST(ImapFetch, ReadsSectionsPartialsAndModifiers) {
    const auto request =
        fetch("1:3 (UID FLAGS BODY.PEEK[1.2.HEADER.FIELDS (From \"To\")]<5.10> BINARY[2]) "
              "(CHANGEDSINCE 0 VANISHED)");
    ASSERT_TRUE(request);
    ASSERT_EQ(request->items.size(), 4U);
    EXPECT_EQ(request->items[2].section.path, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(request->items[2].partial->length, 10U);
    EXPECT_FALSE(request->items[3].peek);
    EXPECT_EQ(request->changed_since, 0); // quirk 4
    EXPECT_TRUE(request->vanished);
}

TEST(ImapFetch, RefusesWhatIsNotInTheGrammar) {
    for (const auto* const text :
         {"1", "1 ", "1 ()", "1 (FLAGS", "1 FLAGS FLAGS", "1 (ALL)", "1 BODY[", "1 BODY[1.]",
          "1 BODY[MIME]", "1 BODY[HEADER.FIELDS ()]", "1 BODY[]<1>", "1 BODY[]<1.0>",
          "1 BINARY[HEADER]", "1 FOO", "1 FLAGS (VANISHED)", "x FLAGS"})
        EXPECT_FALSE(fetch(text)) << text;
}

TEST(ImapSearch, PutsOperandsBeforeOperators) {
    using Kind = SearchNode::Kind;
    const auto request = search("RETURN (MIN COUNT) OR NOT SEEN FROM \"x\" (ANSWERED DELETED)");
    ASSERT_TRUE(request);
    std::vector<Kind> kinds;
    for (const auto& node : request->program)
        kinds.push_back(node.kind);
    EXPECT_EQ(
        kinds, (std::vector<Kind>{
                   Kind::flag, Kind::negate, Kind::address, Kind::either, Kind::flag, Kind::flag,
                   Kind::both, Kind::both
               })
    );
    EXPECT_TRUE(request->result.min && request->result.count && !request->result.all);
}

TEST(ImapSearch, RefusesWhatIsNotInTheGrammar) {
    for (const auto* const text :
         {"", "FROM", "FROM x y", "(SEEN", "SEEN)", "OR SEEN", "NOT", "()", "FOO", "BEFORE x",
          "LARGER x", "UID 0", "SEEN  SEEN", "RETURN (FOO) ALL", "CHARSET KOI8-R ALL"})
        EXPECT_FALSE(search(text)) << text;
    EXPECT_EQ(search("CHARSET KOI8-R ALL").error().code, Code::unsupported);
}

TEST(ImapSearch, NestingIsBounded) {
    std::string deep;
    for (int i = 0; i < 40; ++i)
        deep += "NOT ";
    EXPECT_EQ(search(deep + "SEEN").error().code, Code::too_large);
    EXPECT_FALSE(search(std::string(1'000'000, '(')));
}

TEST(ImapStore, ReadsModesAndModifiers) {
    Scanner in("1:2 (UNCHANGEDSINCE 12) -FLAGS.SILENT (\\Seen $Forwarded)");
    const auto request = parse_store(in);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->mode, StoreRequest::Mode::remove);
    EXPECT_TRUE(request->silent);
    EXPECT_EQ(request->unchanged_since, 12);
    EXPECT_EQ(request->flags, (std::vector<std::string>{"\\Seen", "$Forwarded"}));
}

constexpr std::string_view kMail =
    "From: =?utf-8?q?J=C3=BCrgen?= <j@a.example>\r\n"
    "To: Team: b@a.example, \"C \\\"D\\\"\" <c@a.example>;\r\n"
    "Subject: A \"quoted\" one\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\n\r\nfirst\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\n\r\nbody\r\nof it\r\n"
    "--b\r\nContent-Type: image/png; name=\"a b\"\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Disposition: attachment; filename*=utf-8''x%20y\r\n\r\nAAEC\r\n--b--\r\n";

TEST(ImapStructure, DescribesNestedMessages) {
    const auto message = mime::parse(kMail);
    const auto made = make_structure(message);
    EXPECT_EQ(
        made.envelope,
        "(NIL \"A \\\"quoted\\\" one\" ((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"j\" \"a.example\")) "
        "((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"j\" \"a.example\")) "
        "((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"j\" \"a.example\")) "
        "((NIL NIL \"Team\" NIL)(NIL NIL \"b\" \"a.example\")(\"C \\\"D\\\"\" NIL \"c\" "
        "\"a.example\")(NIL NIL NIL NIL)) NIL NIL NIL NIL)"
    );
    EXPECT_EQ(
        made.structure,
        "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 5 1 NIL NIL NIL NIL)"
        "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 29 (NIL \"inner\" NIL NIL NIL NIL NIL NIL "
        "NIL "
        "NIL) (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 11 2 NIL NIL NIL "
        "NIL) "
        "4 NIL NIL NIL NIL)"
        "(\"IMAGE\" \"PNG\" (\"name\" \"a b\") NIL NIL \"BASE64\" 4 NIL (\"ATTACHMENT\" "
        "(\"filename*\" \"utf-8''x%20y\")) NIL NIL) \"MIXED\" (\"boundary\" \"b\") NIL NIL NIL)"
    );
}

std::optional<std::string> cut(std::string_view text) {
    static const auto message = mime::parse(kMail);
    Scanner in(text);
    const auto section = parse_section(in, false);
    EXPECT_TRUE(section) << text;
    std::string again = "[";
    put_section(again, *section);
    EXPECT_EQ(again + "]", text);
    return section_bytes(message, *section);
}

TEST(ImapSection, CutsByPath) {
    EXPECT_EQ(cut("[]"), kMail);
    EXPECT_EQ(cut("[1]"), "first");
    EXPECT_EQ(cut("[2.HEADER]"), "Subject: inner\r\n\r\n");
    EXPECT_EQ(cut("[2.1]"), "body\r\nof it");
    EXPECT_EQ(cut("[2.TEXT]"), "body\r\nof it");
    EXPECT_EQ(cut("[2.MIME]"), "Content-Type: message/rfc822\r\n\r\n");
    EXPECT_EQ(cut("[HEADER.FIELDS (subject X)]"), "Subject: A \"quoted\" one\r\n\r\n");
    EXPECT_EQ(cut("[4]"), std::nullopt);
    EXPECT_EQ(cut("[1.1]"), std::nullopt);
    EXPECT_EQ(cut("[1.HEADER]"), std::nullopt);
}

} // namespace
} // namespace lockstep::imap
