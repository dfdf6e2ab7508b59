#include "net/gzip.hpp"

#include <gtest/gtest.h>

namespace lockstep::net {

TEST(Gzip, GivesBackWhatItTook) {
    std::string mixed;
    for (unsigned i = 0; i < 300'000; ++i)
        mixed += static_cast<char>((i * i + i / 7) % 251);
    for (const std::string& text :
         {std::string(), std::string("a"), std::string(1'000'000, 'x'), mixed})
        EXPECT_EQ(gunzip(gzip(text), text.size()).value_or("?"), text);
    EXPECT_LT(gzip(std::string(1'000'000, 'x')).size(), 2'000U);
}

TEST(Gzip, H11ABombIsStoppedAtItsLimit) {
    const auto bomb = gzip(std::string(8'000'000, '\0'));
    EXPECT_EQ(gunzip(bomb, 1'000'000).error().code, Code::too_large);
    EXPECT_EQ(gunzip(gzip("12345"), 4).error().code, Code::too_large);
}

TEST(Gzip, RefusesDamageCutsAndWhatFollows) {
    const auto good = gzip("hello, hello, hello");
    for (std::size_t cut = 0; cut < good.size(); ++cut)
        EXPECT_EQ(gunzip(good.substr(0, cut), 100).error().code, Code::bad_syntax) << cut;
    EXPECT_EQ(gunzip(good + "x", 100).error().code, Code::bad_syntax);
    EXPECT_EQ(gunzip("plain text", 100).error().code, Code::bad_syntax);
    auto flipped = good;
    flipped[good.size() - 6] = static_cast<char>(flipped[good.size() - 6] ^ 1);
    EXPECT_EQ(gunzip(flipped, 100).error().code, Code::bad_syntax);
}

TEST(Gzip, ReadsAcceptEncoding) {
    for (const char* value : {"gzip", "br, gzip, deflate", "GZIP;q=0.5", "deflate,x-gzip;q=1"})
        EXPECT_TRUE(accepts_gzip(value)) << value;
    for (const char* value : {"", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "*"})
        EXPECT_FALSE(accepts_gzip(value)) << value;
}

} // namespace lockstep::net
