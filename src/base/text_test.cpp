#include "base/text.hpp"

#include <gtest/gtest.h>

namespace lockstep {

TEST(Text, SplitsAtEachSeparatorKeepingEmptyParts) {
    EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Text, RefusesIllFormedUtf8) {
    EXPECT_TRUE(is_utf8("gr\xC3\xBC\xC3\x9F \xF0\x9F\x93\xA7"));
    for (const std::string_view bad :
         {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"})
        EXPECT_FALSE(is_utf8(bad));
}

TEST(Text, CleansIllFormedUtf8AndControlCharacters) {
    EXPECT_EQ(
        clean_utf8("a\xFF\x62\x01\tc"), "a\xEF\xBF\xBD"
                                        "b\tc"
    );
}

TEST(Text, NeverCutsAUtf8Sequence) {
    EXPECT_EQ(utf8_prefix("a\xE2\x82\xAC", 3), "a");
    EXPECT_EQ(utf8_prefix("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
}

TEST(Encoding, Base64RoundTripsEveryLength) {
    std::string bytes;
    for (int i = 0; i < 70; ++i) {
        EXPECT_EQ(unbase64(base64(bytes)).value(), bytes);
        EXPECT_EQ(unbase64url(base64url(bytes)).value(), bytes);
        bytes += static_cast<char>(i * 37);
    }
    EXPECT_EQ(base64("fo"), "Zm8=");
}

TEST(Encoding, Base64IsStrict) {
    for (const std::string_view bad : {"Zm8", "Zm9=", "Zm 8=", "Zg=A", "===="})
        EXPECT_FALSE(unbase64(bad)) << bad;
}

TEST(Encoding, PercentDecodingRefusesHalfAnEscape) {
    EXPECT_EQ(percent_decode("a%20b+c").value(), "a b+c");
    EXPECT_EQ(percent_decode("a+b", true).value(), "a b");
    for (const std::string_view bad : {"%", "%2", "%zz"})
        EXPECT_FALSE(percent_decode(bad));
}

} // namespace lockstep
