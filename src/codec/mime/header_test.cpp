#include "codec/mime/header.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/parameters.hpp"

namespace lockstep::mime {

TEST(MimeHeaders, KeepsOrderFoldsAndRepetition) {
    const Headers headers(
        "Received: one\r\nSubject : folded\r\n\ttext \r\nreceived: two\r\n\r\nbody: no\r\n"
    );
    ASSERT_EQ(headers.fields().size(), 3U);
    EXPECT_EQ(headers.count("RECEIVED"), 2U);
    EXPECT_EQ(headers.first("received"), "one");
    EXPECT_EQ(headers.text("subject"), "folded\ttext");
    EXPECT_FALSE(headers.first("body"));
}

TEST(MimeHeaders, M1LooksAtABoundedNumberOfFields) {
    std::string block;
    for (int i = 0; i < 10'000; ++i)
        block += "x: y\r\n";
    const Headers headers(block + "last: z\r\n\r\nbody");
    EXPECT_EQ(headers.fields().size(), limits::kHeaderFields);
    EXPECT_FALSE(headers.first("last"));
    EXPECT_EQ(headers.size(), block.size() + 11);
}

TEST(EncodedWords, DecodesBothEncodingsAndJoinsNeighbours) {
    EXPECT_EQ(
        decode_text("=?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus =?iso-8859-1?b?S/Zsbg==?="),
        "Gr\xC3\xBC\xC3\x9F"
        "e aus K\xC3\xB6ln"
    );
    EXPECT_EQ(decode_text("=?utf-8?q?a?= =?utf-8?q?b?=\r\n =?utf-8?q?c?="), "abc");
    EXPECT_EQ(decode_text("=?utf-8?q?a_b?= c =?utf-8?q?d?="), "a b c d");
}

TEST(EncodedWords, ACharacterMayBeSplitOverTwoWords) {
    EXPECT_EQ(
        decode_text("=?utf-8?B?w6Q=?= =?utf-8?B?w6TD?= =?utf-8?B?pA==?="),
        "\xC3\xA4\xC3\xA4\xC3\xA4"
    );
    EXPECT_EQ(decode_text("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="), "\xE6\x97\xA5\xE6\x9C\xAC");
}

TEST(EncodedWords, M4WhatIsNoneStaysText) {
    for (const std::string_view text :
         {"=?", "=?utf-8?", "=?utf-8?q", "=?utf-8?q?", "=?utf-8?q?x",
          "=?utf-8?x?abc?=", "=??q?x?=", "a =? b ?= c"})
        EXPECT_EQ(decode_text(text), text);
    EXPECT_EQ(
        decode_text("=?utf-8?q?are you?"
                    "?="),
        "are you?"
    );
    EXPECT_EQ(decode_text("pre=?utf-8?q?fix?=post"), "prefixpost");
    EXPECT_TRUE(is_utf8(decode_text("=?utf-8?q?=FF=FE?= \xE4")));
    EXPECT_EQ(decode_text("raw \xE4 latin"), "raw \xC3\xA4 latin");
    EXPECT_EQ(decode_text("raw \xC3\xA4 utf8"), "raw \xC3\xA4 utf8");
}

TEST(EncodedWords, CannotBreakTheLine) {
    EXPECT_EQ(decode_text("=?utf-8?q?a=0D=0ABcc:_x?="), "a  Bcc: x");
}

TEST(MessageIds, AreReadWithAndWithoutBrackets) {
    EXPECT_EQ(
        decode_ids("<a@b> <c@d>\r\n\t<e@f>"), (std::vector<std::string>{"a@b", "c@d", "e@f"})
    );
    EXPECT_EQ(decode_ids("a@b, c@d"), (std::vector<std::string>{"a@b", "c@d"}));
    EXPECT_EQ(decode_ids("Your message of today <a@b>"), (std::vector<std::string>{"a@b"}));
    EXPECT_EQ(decode_ids("<a@b"), (std::vector<std::string>{"a@b"}));
    EXPECT_TRUE(decode_ids("<> < >  ").empty());
}

TEST(MimeParameters, ReadsQuotedTokenAndCommentForms) {
    const auto p = parse_parameters("Text/Plain (a (nested) comment); charset=\"us-ascii\" ; "
                                    "Format=flowed; name=My file.pdf; x=\"a\\\"b\\\\c\"");
    EXPECT_EQ(p.value, "text/plain");
    EXPECT_EQ(p.get("charset"), "us-ascii");
    EXPECT_EQ(p.get("format"), "flowed");
    EXPECT_EQ(p.get("name"), "My file.pdf");
    EXPECT_EQ(p.get("x"), "a\"b\\c");
    EXPECT_EQ(p.get("absent"), "");
}

TEST(MimeParameters, JoinsRfc2231Continuations) {
    EXPECT_EQ(
        parse_parameters("attachment; filename*=utf-8'de'%C3%A4.txt").get("filename"),
        "\xC3\xA4.txt"
    );
    EXPECT_EQ(parse_parameters("a/b; name*1=world; name*0=\"hello \"").get("name"), "hello world");
    EXPECT_EQ(
        parse_parameters("a/b; name*0*=iso-8859-1''%e4; name*1=b; name*2*=%FC").get("name"),
        "\xC3\xA4"
        "b\xC3\xBC"
    );
    EXPECT_EQ(
        parse_parameters("attachment; filename=plain.txt; filename*=utf-8''b%20c.txt")
            .get("filename"),
        "b c.txt"
    );
    EXPECT_EQ(
        parse_parameters("attachment; filename=\"=?utf-8?Q?=C3=A4?=.txt\"").get("filename"),
        "\xC3\xA4.txt"
    );
}

TEST(MimeParameters, M2GapsAndFloodsEnd) {
    EXPECT_EQ(parse_parameters("a/b; name*0=x; name*2=z").get("name"), "x");
    EXPECT_EQ(parse_parameters("a/b; name*=utf-8''%").get("name"), "%");
    std::string flood = "a/b";
    for (int i = 0; i < 100'000; ++i)
        flood += "; name*" + std::to_string(i) + "=x";
    EXPECT_EQ(parse_parameters(flood).get("name").size(), limits::kMimeParameters);
}

} // namespace lockstep::mime
