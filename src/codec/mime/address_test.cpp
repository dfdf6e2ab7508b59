#include "codec/mime/address.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"

namespace lockstep::mime {

TEST(MimeAddress, ReadsEveryCommonForm) {
    EXPECT_EQ(parse_addresses("a@b.example"), (std::vector<Address>{{"", "a", "b.example", ""}}));
    EXPECT_EQ(
        parse_addresses("Jo Doe <jo@b.example>"),
        (std::vector<Address>{{"Jo Doe", "jo", "b.example", ""}})
    );
    EXPECT_EQ(
        parse_addresses("\"Doe, Jo \\\"J\\\"\" <jo@b.example>"),
        (std::vector<Address>{{"Doe, Jo \"J\"", "jo", "b.example", ""}})
    );
    EXPECT_EQ(
        parse_addresses("jo@b.example (Jo (the) Doe)"),
        (std::vector<Address>{{"Jo (the) Doe", "jo", "b.example", ""}})
    );
    EXPECT_EQ(
        parse_addresses("=?utf-8?q?J=C3=B6?= <jo@b.example>"),
        (std::vector<Address>{{"J\xC3\xB6", "jo", "b.example", ""}})
    );
    EXPECT_EQ(parse_addresses("=?utf-8?q?Doe,_Jo?= <jo@b.example>, x@y.example").size(), 2U);
    EXPECT_EQ(
        parse_addresses("\"a b\"@c.example"), (std::vector<Address>{{"", "a b", "c.example", ""}})
    );
    EXPECT_EQ(
        parse_addresses("<@r.example,@s.example:a@b.example>"),
        (std::vector<Address>{{"", "a", "b.example", ""}})
    );
    EXPECT_EQ(
        parse_addresses("J. R. Doe <jo@b.example>"),
        (std::vector<Address>{{"J. R. Doe", "jo", "b.example", ""}})
    );
}

TEST(MimeAddress, ReadsGroups) {
    EXPECT_EQ(
        parse_addresses("undisclosed-recipients:;"),
        (std::vector<Address>{{"", "", "", "undisclosed-recipients"}})
    );
    const auto both = parse_addresses("Team: a@b.example, C <c@d.example>; e@f.example");
    ASSERT_EQ(both.size(), 3U);
    EXPECT_EQ(both[0].group, "Team");
    EXPECT_EQ(both[1].group, "Team");
    EXPECT_EQ(both[2].group, "");
}

TEST(MimeAddress, IsTolerantOfBrokenLists) {
    EXPECT_TRUE(parse_addresses("").empty());
    EXPECT_TRUE(parse_addresses(" , ,; ").empty());
    EXPECT_EQ(parse_addresses("a@b.example,, c@d.example,").size(), 2U);
    EXPECT_EQ(parse_addresses("A <a@b.example> C <c@d.example>").size(), 2U);
    EXPECT_EQ(parse_addresses("A <a@b.example").front().domain, "b.example");
    EXPECT_EQ(parse_addresses("root"), (std::vector<Address>{{"", "root", "", ""}}));
    EXPECT_EQ(parse_addresses("\"unclosed <a@b.example>").size(), 1U);
    EXPECT_EQ(parse_addresses("a@b@c.example").front().domain, "c.example");
    EXPECT_EQ(parse_addresses("<a@b.example> (c) h@i").front().domain, "b.example");
}

TEST(MimeAddress, M1KeepsABoundedNumber) {
    std::string list;
    for (int i = 0; i < 50'000; ++i)
        list += "a@b.example,";
    EXPECT_EQ(parse_addresses(list).size(), limits::kAddressesPerField);
}

TEST(MimeAddress, DisplayIsReadBackAsTheSame) {
    for (const Address& address :
         {Address{"Doe, \"Jo\" \\x", "jo", "b.example", ""}, Address{"", "jo doe", "b.example", ""},
          Address{"J\xC3\xB6", "jo", "b.example", ""}}) {
        const auto again = parse_addresses(address.display());
        ASSERT_EQ(again.size(), 1U) << address.display();
        EXPECT_EQ(again.front(), address);
    }
    EXPECT_EQ(
        display(parse_addresses("a@b.example, C <c@d.example>")), "a@b.example, \"C\" <c@d.example>"
    );
}

TEST(HeaderWrite, FieldsAreFoldedEncodedAndReadBack) {
    std::string long_name;
    for (int i = 0; i < 60; ++i)
        long_name += "\xC3\xA4\xE2\x82\xAC ";
    const std::vector<Address> people{
        {"Doe, Jo", "jo", "b.example", ""},
        {long_name + "x", "c", "d.example", ""},
        {"", "e f", "g.example", ""}
    };
    const auto field = write_address_field("To", people);
    for (std::size_t at = 0; at < field.size();) {
        const auto end = field.find("\r\n", at);
        ASSERT_NE(end, std::string::npos);
        EXPECT_LE(end - at, 78U);
        at = end + 2;
    }
    EXPECT_EQ(parse_addresses(std::string_view(field).substr(3)), people);
}

TEST(HeaderWrite, AValueCannotAddAField) {
    EXPECT_EQ(
        write_text_field("Subject", "a\r\nBcc: x@y.example"), "Subject: a  Bcc: x@y.example\r\n"
    );
    EXPECT_FALSE(write_address_field("To", {{"a\r\nBcc: b", "c\r\nX: ", "d.example", ""}})
                     .contains("\r\nBcc"));
    EXPECT_FALSE(write_parameter("name", "a\r\nX: y").contains("\r\nX"));
}

TEST(MimeDate, ReadsEveryFormOfMail) {
    constexpr std::int64_t kTime = 1'795'520'408; // 2026-11-24 11:40:08 UTC
    for (const std::string_view text :
         {"Tue, 24 Nov 2026 11:40:08 +0000", "24 Nov 2026 12:40:08 +0100",
          "Tue, 24 Nov 2026 06:40:08 EST", "Tue, 24 Nov 26 11:40:08 GMT (comment)",
          "Tue Nov 24 11:40:08 2026", "Tuesday, 24-Nov-26 11:40:08 UTC", "2026-11-24T11:40:08Z",
          "2026-11-24 11:40:08", "Tue,\r\n 24 Nov 2026\r\n 11:40:08 +0000",
          "24 November 2026 11:40:08", "Tue, 24 Nov 2026 11:40:08.123 +0000"})
        EXPECT_EQ(parse_date(text), kTime) << text;
    EXPECT_EQ(parse_date("Tue, 24 Nov 2026 11:40 +0000"), kTime - 8);
    EXPECT_EQ(parse_date("1 Jan 70 00:00:00 GMT"), 0);
    const auto zoned = parse_zoned_date("Tue, 24 Nov 2026 06:10:08 -0530 (somewhere)");
    ASSERT_TRUE(zoned);
    EXPECT_EQ(zoned->seconds, kTime);
    EXPECT_EQ(zoned->zone_minutes, -330);
    EXPECT_EQ(zoned->local_seconds(), kTime - 330 * 60);
}

TEST(MimeDate, RefusesWhatIsNoDate) {
    for (const std::string_view text :
         {"", "yesterday", "32 Nov 2026 11:40:08", "31 Feb 2026 11:40:08", "24 Foo 2026",
          "Nov 2026", "99:99:99"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(MimeDate, WritesWhatItReads) {
    for (const std::int64_t time : {0LL, 1'795'520'408LL, 951'782'400LL, 4'102'444'800LL})
        EXPECT_EQ(parse_date(format_date(time)), time);
    EXPECT_EQ(format_date(1'795'520'408), "Tue, 24 Nov 2026 11:40:08 +0000");
}

} // namespace lockstep::mime
