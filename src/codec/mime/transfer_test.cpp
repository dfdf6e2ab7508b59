#include "codec/mime/transfer.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/mime/charset.hpp"

namespace lockstep::mime {

namespace {

std::string all_bytes(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += static_cast<char>(i * 131 + i / 7);
    return out;
}

} // namespace

TEST(Transfer, RoundTripsEveryLength) {
    for (std::size_t n = 0; n < 300; ++n) {
        const auto bytes = all_bytes(n);
        const auto encoded = encode_base64_lines(bytes);
        EXPECT_EQ(decode_transfer(Encoding::base64, encoded), bytes);
        EXPECT_EQ(decoded_size(Encoding::base64, encoded), n);
    }
}

TEST(Transfer, QuotedPrintableRoundTripsTextAndKeepsLinesShort) {
    for (const std::string_view text :
         {"", "a", "trailing \r\n", "tab\t\r\nx", "=3D\r\n", ".\r\n", "From me\r\n",
          "\xC3\xA4\xE2\x82\xAC"}) {
        const auto encoded = encode_quoted_printable(text);
        EXPECT_EQ(decode_transfer(Encoding::quoted_printable, encoded), text);
        EXPECT_EQ(decoded_size(Encoding::quoted_printable, encoded), text.size());
    }
    const auto encoded =
        encode_quoted_printable(std::string(1'000, 'x') + std::string(500, '\xE4') + "\r\n");
    for (const auto line : split(encoded, '\n'))
        EXPECT_LE(line.size(), 77U);
}

TEST(Transfer, M4BrokenInputGivesWhatWasThere) {
    EXPECT_EQ(decode_transfer(Encoding::base64, "Zm9v*Y!m\r\nFy"), "foobar");
    EXPECT_EQ(decode_transfer(Encoding::base64, "Zm8=Zm8="), "fofo");
    EXPECT_EQ(decode_transfer(Encoding::base64, "Zm9vY"), "foo");
    EXPECT_EQ(decode_transfer(Encoding::base64, "===="), "");
    EXPECT_EQ(
        decode_transfer(Encoding::quoted_printable, "a=zz=4=\r\nb=41=\nc= \r\nd="), "a=zz=4bAcd"
    );
    EXPECT_EQ(decode_transfer(Encoding::quoted_printable, "pad   \r\nnext"), "pad\r\nnext");
    EXPECT_EQ(
        decode_transfer(Encoding::uuencode, "text\r\nbegin 644 x\r\n#0V%T\r\n`\r\nend\r\ntext"),
        "Cat"
    );
}

TEST(Transfer, StopsAtTheBoundAskedFor) {
    const auto bytes = all_bytes(10'000);
    const auto encoded = encode_base64_lines(bytes);
    for (const std::size_t bound : {0U, 1U, 2U, 3U, 57U, 58U, 9'999U, 10'001U})
        EXPECT_EQ(decode_transfer(Encoding::base64, encoded, bound), bytes.substr(0, bound));
    EXPECT_EQ(decode_transfer(Encoding::quoted_printable, "abc=\r\ndef", 4), "abcd");
    EXPECT_EQ(decode_transfer(Encoding::identity, "abcdef", 4), "abcd");
}

TEST(Transfer, ATextPrefixNeverCutsACharacter) {
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "\xE2\x82\xAC";
    const auto encoded = encode_base64_lines(text);
    for (std::size_t bound = 0; bound < 40; ++bound) {
        const auto prefix = decode_text_body(Encoding::base64, "utf-8", encoded, bound);
        EXPECT_EQ(prefix.text, text.substr(0, bound / 3 * 3)) << bound;
        EXPECT_FALSE(prefix.whole);
    }
    EXPECT_TRUE(decode_text_body(Encoding::base64, "utf-8", encoded, 600).whole);
    EXPECT_FALSE(decode_text_body(Encoding::base64, "utf-8", encoded, 599).whole);
    EXPECT_EQ(
        decode_text_body(Encoding::identity, "utf-16le", std::string_view("a\0b\0c\0", 6), 2).text,
        "ab"
    );
}

TEST(Charset, DecodesWhatMailIsWrittenIn) {
    EXPECT_EQ(to_utf8("\x80\xE4", "iso-8859-1"), "\xE2\x82\xAC\xC3\xA4");
    EXPECT_EQ(to_utf8("\x93\xFA\x96\x7B", "shift_jis"), "\xE6\x97\xA5\xE6\x9C\xAC");
    EXPECT_EQ(to_utf8("\xC4\xE3\xBA\xC3", "GB2312"), "\xE4\xBD\xA0\xE5\xA5\xBD");
    EXPECT_EQ(to_utf8("\xD0\xD2", "koi8-r"), "\xD0\xBF\xD1\x80");
    EXPECT_EQ(to_utf8("+AGEA5A-", "utf-7"), "a\xC3\xA4");
    EXPECT_EQ(to_utf8("\xE4", "no-such-charset"), "\xC3\xA4");
    EXPECT_EQ(to_utf8("\xC3\xA4", ""), "\xC3\xA4");
    EXPECT_EQ(to_utf8("\xC3\xA4", "us-ascii"), "\xC3\xA4");
}

TEST(Charset, M4ResultIsAlwaysCleanUtf8) {
    const auto bytes = all_bytes(2'000);
    for (const std::string_view name :
         {"utf-8", "us-ascii", "", "iso-8859-1", "iso-2022-jp", "utf-7", "hz-gb-2312", "utf-16",
          "utf-32", "big5", "euc-kr", "../../etc", "x"}) {
        const auto text = to_utf8(bytes, name);
        EXPECT_TRUE(is_utf8(text)) << name;
        EXPECT_EQ(text, clean_utf8(text)) << name;
    }
}

TEST(Charset, NamesCodePages) {
    EXPECT_EQ(codepage("UTF-8"), 65001);
    EXPECT_EQ(codepage("iso-8859-15"), 28605);
    EXPECT_EQ(codepage("windows-1252"), 1252);
    EXPECT_EQ(codepage("nonsense"), 20127);
}

} // namespace lockstep::mime
