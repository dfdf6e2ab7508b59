// TimeZone structures: known ones, round trips, and what clients get wrong.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/time_zone.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/zone_names.hpp"

namespace lockstep::eas {
namespace {

std::int64_t at(std::string_view text) { return ical::parse_moment(text)->civil; }

ZoneBlob blob_of(const char* zone, std::string_view when) {
    return blob_of_zone(**ical::load_zone(zone), at(when));
}

TEST(TimeZoneBlob, HasTheLayoutOfTheDocument) {
    const auto bytes = *unbase64(format_zone_blob(blob_of("Europe/Berlin", "20261201T000000Z")));
    ASSERT_EQ(bytes.size(), 172U);
    EXPECT_EQ(bytes.substr(0, 4), std::string("\xC4\xFF\xFF\xFF", 4)) << "bias -60";
    EXPECT_EQ(bytes.substr(4, 4), std::string("W\0.\0", 4));
    // StandardDate: year 0, month 10, weekday 0 (Sunday), week 5, 03:00:00.000
    EXPECT_EQ(bytes.substr(68, 16), std::string("\0\0\x0A\0\0\0\x05\0\x03\0\0\0\0\0\0\0", 16));
    EXPECT_EQ(bytes.substr(84, 4), std::string(4, '\0'));
    EXPECT_EQ(bytes.substr(88, 4), std::string("W\0.\0", 4));
    EXPECT_EQ(bytes.substr(152, 16), std::string("\0\0\x03\0\0\0\x05\0\x02\0\0\0\0\0\0\0", 16));
    EXPECT_EQ(bytes.substr(168, 4), std::string("\xC4\xFF\xFF\xFF", 4)) << "daylight bias -60";
}

std::string wide(std::string_view name) {
    std::string out;
    for (const char letter : name)
        out += std::string(1, letter) + '\0';
    out.resize(64);
    return out;
}

// As Windows writes Pacific time.
TEST(TimeZoneBlob, ReadsAWindowsBlob) {
    const auto blob = parse_zone_blob(base64(
        std::string("\xE0\x01\0\0", 4) + wide("Pacific Standard Time") +
        std::string("\0\0\x0B\0\0\0\x01\0\x02\0\0\0\0\0\0\0", 16) + std::string(4, '\0') +
        wide("Pacific Daylight Time") + std::string("\0\0\x03\0\0\0\x02\0\x02\0\0\0\0\0\0\0", 16) +
        std::string("\xC4\xFF\xFF\xFF", 4)
    ));
    ASSERT_TRUE(blob) << blob.error().text;
    EXPECT_EQ(blob->bias, 480);
    EXPECT_EQ(blob->standard_name, "Pacific Standard Time");
    EXPECT_EQ(blob->daylight_name, "Pacific Daylight Time");
    EXPECT_EQ(blob->to_standard, (ZoneChange{0, 11, 1, 0, 2, 0, 0}));
    EXPECT_EQ(blob->to_daylight, (ZoneChange{0, 3, 2, 0, 2, 0, 0}));
    EXPECT_EQ(blob->daylight_bias, -60);
    EXPECT_EQ(
        zone_of_blob(*blob, *ical::load_zone("Europe/Berlin"), at("20261201T000000Z"))->name(),
        "America/Los_Angeles"
    );
}

TEST(TimeZoneBlob, RulesAreThoseOfTheZone) {
    EXPECT_EQ(
        blob_of("America/New_York", "20260701T000000Z").to_daylight,
        (ZoneChange{0, 3, 2, 0, 2, 0, 0})
    );
    const auto sydney = blob_of("Australia/Sydney", "20260701T000000Z");
    EXPECT_EQ(sydney.bias, -600);
    EXPECT_EQ(sydney.to_standard, (ZoneChange{0, 4, 1, 0, 3, 0, 0}));
    EXPECT_EQ(sydney.to_daylight, (ZoneChange{0, 10, 1, 0, 2, 0, 0}));
    EXPECT_EQ(blob_of("Asia/Kolkata", "20260701T000000Z").bias, -330);
    EXPECT_EQ(blob_of("Asia/Kolkata", "20260701T000000Z").to_daylight.month, 0);
    const auto lord_howe = blob_of("Australia/Lord_Howe", "20260701T000000Z");
    EXPECT_EQ(lord_howe.bias, -630);
    EXPECT_EQ(lord_howe.daylight_bias, -30);
    const auto dublin = blob_of("Europe/Dublin", "20260701T000000Z");
    EXPECT_EQ(dublin.bias, 0) << "winter is the standard, whatever the table calls it";
    EXPECT_EQ(dublin.daylight_bias, -60);
    EXPECT_EQ(dublin.to_daylight.month, 3);
}

TEST(TimeZoneBlob, EveryKnownZoneComesBackAsItself) {
    for (const auto& row : ical::zone_names()) {
        const auto zone = *ical::load_zone(row.iana);
        for (const auto* when : {"20240115T000000Z", "20260701T000000Z", "20271231T230000Z"}) {
            const auto text = format_zone_blob(blob_of_zone(*zone, at(when)));
            const auto blob = parse_zone_blob(text);
            ASSERT_TRUE(blob) << row.windows;
            EXPECT_EQ(zone_of_blob(*blob, zone, at(when))->name(), zone->name()) << when;
        }
    }
}

TEST(TimeZoneBlob, NamesDecideAmongZonesOfTheSameRules) {
    const auto when = at("20261201T000000Z");
    EXPECT_EQ(
        zone_of_blob(blob_of("Europe/Paris", "20261201T000000Z"), ical::utc_zone(), when)->name(),
        "Europe/Paris"
    );
    auto nameless = blob_of("America/New_York", "20261201T000000Z");
    nameless.standard_name.clear();
    nameless.daylight_name.clear();
    EXPECT_EQ(
        zone_of_blob(nameless, *ical::load_zone("Europe/Berlin"), when)->name(), "America/New_York"
    );
    EXPECT_EQ(
        zone_of_blob(nameless, *ical::load_zone("America/Toronto"), when)->name(), "America/Toronto"
    ) << "the preferred one fits";
}

TEST(TimeZoneBlob, SameOffsetOtherRulesAreNotTheSameZone) {
    // Lagos and Berlin in winter share +01:00; a phone in Lagos is not in Berlin.
    const auto when = at("20261201T000000Z");
    auto lagos = blob_of("Africa/Lagos", "20261201T000000Z");
    lagos.standard_name.clear();
    lagos.daylight_name.clear();
    const auto zone = zone_of_blob(lagos, *ical::load_zone("Europe/Berlin"), when);
    EXPECT_EQ(zone->offset_at(at("20260701T000000Z")), 3600);
}

TEST(TimeZoneBlob, ToleratesZerosAndInventions) {
    const auto berlin = *ical::load_zone("Europe/Berlin");
    const auto zeros = parse_zone_blob(base64(std::string(172, '\0')));
    ASSERT_TRUE(zeros);
    EXPECT_TRUE(zeros->empty());
    EXPECT_EQ(zone_of_blob(*zeros, berlin, 0), berlin);
    ZoneBlob fixed;
    fixed.bias = -180;
    fixed.standard_name = "(GMT+03:00)";
    const auto zone = zone_of_blob(fixed, berlin, at("20261201T000000Z"));
    EXPECT_EQ(zone->offset_at(at("20260701T000000Z")), 3 * 3600);
    ZoneBlob odd;
    odd.bias = -100;
    EXPECT_EQ(zone_of_blob(odd, berlin, at("20261201T000000Z")), berlin);
}

TEST(TimeZoneBlob, ReadsTheEndOfADayAsWindowsWritesIt) {
    auto bytes = *unbase64(format_zone_blob(blob_of("America/Santiago", "20260701T000000Z")));
    const auto blob = parse_zone_blob(base64(bytes));
    ASSERT_TRUE(blob);
    EXPECT_EQ(
        zone_of_blob(*blob, ical::utc_zone(), at("20260701T000000Z"))->name(), "America/Santiago"
    );
}

TEST(TimeZoneBlob, RefusesWhatIsNone) {
    EXPECT_EQ(parse_zone_blob("").error().code, Code::bad_value);
    EXPECT_EQ(parse_zone_blob("AAAA").error().code, Code::bad_value);
    EXPECT_EQ(parse_zone_blob("*").error().code, Code::bad_value);
    EXPECT_EQ(parse_zone_blob(base64(std::string(171, '\0'))).error().code, Code::bad_value);
    EXPECT_EQ(parse_zone_blob(base64(std::string(172, '\x7F'))).error().code, Code::bad_value);
}

} // namespace
} // namespace lockstep::eas
