// Time zones: offsets, gaps, overlaps, names, and VTIMEZONE both ways.
#include <gtest/gtest.h>

#include "codec/ical/component.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/vtimezone.hpp"
#include "codec/ical/zone.hpp"
#include "codec/ical/zone_names.hpp"

namespace lockstep::ical {
namespace {

std::int64_t civil(std::string_view text) { return parse_moment(text)->civil; }

struct Row {
    const char* zone;
    const char* utc;
    const char* local;
};

TEST(Zone, KnowsLocalTimesAroundTheWorld) {
    for (const Row row : {
             Row{"Europe/Berlin", "20260329T005959Z", "20260329T015959"},
             Row{"Europe/Berlin", "20260329T010000Z", "20260329T030000"},
             Row{"Europe/Berlin", "20261025T005959Z", "20261025T025959"},
             Row{"Europe/Berlin", "20261025T010000Z", "20261025T020000"},
             Row{"America/New_York", "20260308T070000Z", "20260308T030000"},
             Row{"America/New_York", "20261101T060000Z", "20261101T010000"},
             Row{"Australia/Sydney", "20260404T160000Z", "20260405T020000"},
             Row{"Australia/Sydney", "20261003T160000Z", "20261004T030000"},
             Row{"Asia/Kolkata", "20260701T000000Z", "20260701T053000"},
             Row{"Africa/Casablanca", "20260301T000000Z", "20260301T000000"},
             Row{"Africa/Casablanca", "20260601T000000Z", "20260601T010000"},
             Row{"Australia/Lord_Howe", "20260701T000000Z", "20260701T103000"},
             Row{"Europe/Dublin", "20260701T000000Z", "20260701T010000"},
             Row{"America/St_Johns", "20260101T000000Z", "20251231T203000"},
             Row{"Europe/Berlin", "20500701T100000Z", "20500701T120000"},
             Row{"America/New_York", "19700101T000000Z", "19691231T190000"},
             Row{"Pacific/Kiritimati", "20260101T000000Z", "20260101T140000"},
             Row{"Asia/Kathmandu", "20260101T000000Z", "20260101T054500"},
         }) {
        const auto zone = load_zone(row.zone);
        ASSERT_TRUE(zone) << row.zone;
        EXPECT_EQ((*zone)->to_civil(civil(row.utc)), civil(row.local))
            << row.zone << ' ' << row.utc;
    }
}

TEST(Zone, ReadsGapsWithTheOffsetBeforeAndOverlapsAsTheFirst) {
    const auto berlin = *load_zone("Europe/Berlin");
    EXPECT_EQ(berlin->to_utc(civil("20260329T023000")), civil("20260329T013000Z"));
    EXPECT_EQ(berlin->to_utc(civil("20261025T023000")), civil("20261025T003000Z"));
    const auto new_york = *load_zone("America/New_York");
    EXPECT_EQ(new_york->to_utc(civil("20260308T023000")), civil("20260308T073000Z"));
    EXPECT_EQ(new_york->to_utc(civil("20261101T013000")), civil("20261101T053000Z"));
}

TEST(Zone, EveryHourOfTenYearsRoundTrips) {
    for (const auto* name :
         {"Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata",
          "Africa/Casablanca", "Australia/Lord_Howe", "America/Santiago"}) {
        const auto zone = *load_zone(name);
        for (auto utc = civil("20240101T000000Z"); utc < civil("20340101T000000Z"); utc += 3600) {
            const auto back = zone->to_utc(zone->to_civil(utc));
            // Only an hour that the clock shows twice may come back as its first showing.
            if (back != utc)
                ASSERT_EQ(zone->to_civil(back), zone->to_civil(utc)) << name << ' ' << utc;
        }
    }
}

TEST(Zone, FindsNamesThatClientsUse) {
    for (const auto& [name, expected] : std::vector<std::pair<std::string, std::string>>{
             {"Europe/Berlin", "Europe/Berlin"},
             {"W. Europe Standard Time", "Europe/Berlin"},
             {"\"Eastern Standard Time\"", "America/New_York"},
             {"/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"},
             {"/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
              "America/Argentina/Buenos_Aires"},
             {"UTC", "Etc/UTC"},
             {"GMT", "Etc/UTC"},
             {"tzone://Microsoft/Utc", "Etc/UTC"}
         }) {
        const auto zone = find_zone(name);
        ASSERT_TRUE(zone) << name;
        EXPECT_EQ((*zone)->name(), expected);
    }
}

TEST(Zone, X5NamesCannotLeaveTheZoneFolder) {
    for (const auto* name :
         {"", "../../../etc/passwd", "/etc/passwd", "Europe/../../../../etc/passwd", "Europe/.",
          "Nowhere/City", "Europe", "a//b", "posix/"})
        EXPECT_FALSE(load_zone(name)) << name;
}

TEST(ZoneNames, EveryWindowsNameHasAZoneFile) {
    for (const auto& row : zone_names())
        EXPECT_TRUE(load_zone(row.iana)) << row.windows;
    EXPECT_EQ(iana_of_windows("romance standard time"), "Europe/Paris");
    EXPECT_EQ(windows_of_iana("Australia/Sydney"), "AUS Eastern Standard Time");
}

TEST(PosixRule, ReadsTheForms) {
    const auto berlin = parse_posix_rule("CET-1CEST,M3.5.0,M10.5.0/3");
    ASSERT_TRUE(berlin);
    EXPECT_EQ(berlin->standard, 3600);
    EXPECT_EQ(berlin->daylight, 7200);
    EXPECT_EQ(berlin->to_standard.second, 10800);
    const auto nuuk = parse_posix_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
    ASSERT_TRUE(nuuk);
    EXPECT_EQ(nuuk->standard, -7200);
    EXPECT_EQ(nuuk->to_daylight.second, -3600);
    EXPECT_EQ(parse_posix_rule("<+0330>-3:30")->standard, 12600);
    EXPECT_EQ(
        civil_of(parse_posix_rule("AAA0BBB,J60,0")->to_daylight, 2024), civil("20240301T020000")
    );
    for (const auto* text :
         {"", "C", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0",
          "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-999"})
        EXPECT_FALSE(parse_posix_rule(text)) << text;
}

TEST(ZoneFile, EveryCutIsRefused) {
    // Version 1 file made by hand: one transition, two types.
    std::string file = std::string("TZif") + std::string(16, '\0');
    for (const char count : {'\0', '\0', '\0', '\1', '\2', '\x8'})
        file += std::string(3, '\0') + count;
    file += std::string("\x00\x00\x0E\x10", 4) + '\x01';
    file += std::string("\x00\x00\x00\x00\x00\x00", 6) +
            std::string("\x00\x00\x0E\x10\x01\x04", 6) + std::string("UTC\0CET\0", 8);
    const auto zone = Zone::parse_tzif("X", file);
    ASSERT_TRUE(zone);
    EXPECT_EQ(zone->offset_at(3599), 0);
    EXPECT_EQ(zone->offset_at(3600), 3600);
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_FALSE(Zone::parse_tzif("X", file.substr(0, size))) << size;
}

TEST(Vtimezone, WrittenOnesReadBackAsTheSameZone) {
    const auto around = civil("20260601T000000Z");
    for (const auto* name :
         {"Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata",
          "Africa/Casablanca", "Europe/Dublin", "America/Nuuk", "Asia/Jerusalem", "Africa/Cairo",
          "Pacific/Chatham"}) {
        const auto zone = *load_zone(name);
        const auto text = serialize(write_vtimezone(*zone, around));
        const auto read = read_vtimezone(*parse(text));
        ASSERT_TRUE(read) << name;
        for (auto utc = around - 300 * kDay; utc < around + 3000 * kDay; utc += 6 * 3600)
            ASSERT_EQ(read->offset_at(utc), zone->offset_at(utc)) << name << ' ' << utc << '\n'
                                                                  << text;
    }
}

TEST(Vtimezone, IsAFallbackForUnknownNames) {
    const auto calendar =
        *parse("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Our "
               "Office\r\nBEGIN:STANDARD\r\nDTSTART:16011028T030000\r\n"
               "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+"
               "0100\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
               "DTSTART:16010325T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZOFFSETFROM:+"
               "0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
               "END:VTIMEZONE\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/"
               "Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:-1200\r\n"
               "TZOFFSETTO:-1200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n");
    ObjectZones zones(calendar, utc_zone());
    EXPECT_EQ(
        zones.find("Our Office")->to_utc(civil("20260701T120000")), civil("20260701T100000Z")
    );
    EXPECT_EQ(
        zones.find("Our Office")->to_utc(civil("20260101T120000")), civil("20260101T110000Z")
    );
    EXPECT_EQ(
        zones.find("Europe/Berlin")->to_utc(civil("20260101T120000")), civil("20260101T110000Z")
    ) << "X5: a definition that lies";
    EXPECT_EQ(zones.find("Unknown"), utc_zone());
}

TEST(Vtimezone, X5RunawayDefinitionsAreBounded) {
    std::string text = "BEGIN:VTIMEZONE\r\nTZID:X\r\n";
    for (int i = 0; i < 50; ++i)
        text += "BEGIN:DAYLIGHT\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+"
                "0100\r\nRRULE:FREQ=SECONDLY\r\nEND:DAYLIGHT\r\n";
    EXPECT_TRUE(read_vtimezone(*parse(text + "END:VTIMEZONE\r\n")));
    EXPECT_FALSE(read_vtimezone(*parse("BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nTZOFFSETTO:"
                                       "x\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n")));
}

} // namespace
} // namespace lockstep::ical
