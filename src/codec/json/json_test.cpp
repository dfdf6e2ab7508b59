// The strict reader, pointers and dates.
#include "codec/json/json.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/json/date.hpp"

namespace lockstep::json {
namespace {

TEST(IjsonReader, RefusesANameGivenTwiceInAnObject) {
    EXPECT_FALSE(parse(R"({"a":1,"b":{"a":2},"a":3})").has_value());
    EXPECT_FALSE(parse(R"({"a":1,"\u0061":3})").has_value());
    EXPECT_TRUE(parse(R"({"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]})").has_value());
}

TEST(IjsonReader, RefusesWhatIsNoJsonAndWhatFollowsIt) {
    for (const auto* text : {"", "{", "[1,]", "{\"a\":1}x", "nul", "[1]]", "\xEF\xBB\xBF{}", "'a'"})
        EXPECT_FALSE(parse(text).has_value()) << text;
    EXPECT_TRUE(parse(" {} \r\n").has_value());
}

TEST(IjsonReader, RefusesIllFormedUtf8AndLoneSurrogates) {
    EXPECT_FALSE(parse("\"\xC3\"").has_value());
    EXPECT_FALSE(parse("\"\xED\xA0\x80\"").has_value());
    EXPECT_FALSE(parse(R"("\ud800")").has_value());
    EXPECT_TRUE(parse(R"("\ud83d\ude00")").has_value());
}

TEST(IjsonReader, RefusesNumbersThatNoDoubleHolds) {
    EXPECT_FALSE(parse("1e400").has_value());
    EXPECT_FALSE(parse("[-99999e99999990]").has_value());
    EXPECT_TRUE(parse("1e300").has_value());
    EXPECT_TRUE(parse("1e-400").has_value());
}

TEST(IjsonReader, H6_BoundsTheDepth) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(parse(nested(limits::kJsonDepth)).has_value());
    EXPECT_FALSE(parse(nested(limits::kJsonDepth + 1)).has_value());
    EXPECT_FALSE(parse(std::string(1'000'000, '[')).has_value());
}

TEST(Pointer, StarFlattensListsOnce) {
    const auto value = parse(R"({"list":[{"ids":["a","b"]},{"ids":["c"]}],"x":{"a/b":7}})");
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(write(*follow(*value, "/list/*/ids")), R"(["a","b","c"])");
    EXPECT_EQ(write(*follow(*value, "/list/1/ids/0")), R"("c")");
    EXPECT_EQ(write(*follow(*value, "/x/a~1b")), "7");
    EXPECT_EQ(follow(*value, "/list/2"), std::nullopt);
    EXPECT_EQ(follow(*value, "/list/01"), std::nullopt);
    EXPECT_EQ(follow(*value, "list"), std::nullopt);
}

TEST(Integers, AreWholeAndSafe) {
    EXPECT_EQ(integer_of(*parse("7")), 7);
    EXPECT_EQ(integer_of(*parse("7.0")), 7);
    EXPECT_EQ(integer_of(*parse("7.5")), std::nullopt);
    EXPECT_EQ(integer_of(*parse("9007199254740991")), 9007199254740991);
    EXPECT_EQ(integer_of(*parse("9007199254740993")), std::nullopt);
    EXPECT_EQ(integer_of(*parse("18446744073709551615")), std::nullopt);
}

TEST(Dates, AreWrittenWithoutAZeroFraction) {
    EXPECT_EQ(utc_date(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utc_date(1'795'512'600'000'000), "2026-11-24T09:30:00Z");
    EXPECT_EQ(utc_date(1'500'000), "1970-01-01T00:00:01.5Z");
    EXPECT_EQ(utc_date(-1), "1969-12-31T23:59:59.999999Z");
}

TEST(Dates, AreReadStrictly) {
    EXPECT_EQ(parse_utc_date("2026-11-24T09:30:00Z"), 1'795'512'600'000'000);
    EXPECT_EQ(parse_utc_date("1970-01-01T00:00:01.5Z"), 1'500'000);
    for (const auto* text :
         {"2026-11-24T09:30:00", "2026-11-24 09:30:00Z", "2026-02-30T00:00:00Z",
          "2026-11-24T24:00:00Z", "2026-11-24t09:30:00z", "2026-11-24T09:30:00.Z",
          "2026-11-24T09:30:00.0Z", "2026-11-24T09:30:00+01:00", ""})
        EXPECT_EQ(parse_utc_date(text), std::nullopt) << text;
    EXPECT_EQ(parse_date("2026-11-24T10:30:00+01:00"), 1'795'512'600'000'000);
    EXPECT_EQ(parse_date("2026-11-24T04:00:00-05:30"), 1'795'512'600'000'000);
    EXPECT_EQ(parse_date("2026-11-24T10:30:00+1:00"), std::nullopt);
}

} // namespace
} // namespace lockstep::json
