// Calendar items: what devices are shown, what they may change, and what must survive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/eas/calendar_testing.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/time_zone.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/index.hpp"
#include "codec/ical/series.hpp"

namespace lockstep::eas {
namespace {

using item_testing::data;
using item_testing::echo;
using item_testing::kMeeting;
using item_testing::kSeries;
using item_testing::leaf;
using item_testing::merged;
using item_testing::owner;
using item_testing::show;
using item_testing::tree;
using item_testing::utc;
using item_testing::vevent;
using ::testing::HasSubstr;
using ::testing::Not;
namespace c = wbxml::calendar;
namespace b = wbxml::air_sync_base;
using wbxml::Version;

TEST(CalendarMerge, RefusesTimesThatNoCalendarHas) {
    const auto end_of_time = data({leaf(c::StartTime, "99991231T235959Z")});
    EXPECT_FALSE(merge_event(kSeries, end_of_time, Version::v16_0, owner()));
    EXPECT_FALSE(merge_event(kMeeting, end_of_time, Version::v16_1, owner()));
    const auto far = data({leaf(c::StartTime, "99991201T090000Z")});
    EXPECT_EQ(
        show(merged(kMeeting, far, Version::v16_1), Version::v16_1).text_of(c::StartTime),
        "99991201T090000Z"
    );
}

TEST(CalendarWrite, ShowsEveryElementOfAMeeting) {
    const auto node = show(kMeeting, Version::v14_1);
    EXPECT_EQ(node.text_of(c::Subject), "Planung, Q1");
    EXPECT_EQ(node.text_of(c::StartTime), "20261130T090000Z");
    EXPECT_EQ(node.text_of(c::EndTime), "20261130T103000Z");
    EXPECT_EQ(node.text_of(c::Location), "Raum 7");
    EXPECT_EQ(node.text_of(c::UID), "u1");
    EXPECT_EQ(node.text_of(c::DtStamp), "20261101T120000Z");
    EXPECT_EQ(node.text_of(c::OrganizerEmail), "anna@example.org");
    EXPECT_EQ(node.text_of(c::OrganizerName), "Anna Berg");
    EXPECT_EQ(node.text_of(c::Sensitivity), "2");
    EXPECT_EQ(node.text_of(c::BusyStatus), "2");
    EXPECT_EQ(node.text_of(c::AllDayEvent), "0");
    EXPECT_EQ(node.text_of(c::Reminder), "15");
    EXPECT_EQ(node.text_of(c::MeetingStatus), "1");
    EXPECT_EQ(node.text_of(c::ResponseType), "1");
    EXPECT_EQ(node.text_of(c::DisallowNewTimeProposal), "0");
    EXPECT_EQ(node.find(b::Body)->text_of(b::Data), "Line one\r\nLine two");
    EXPECT_EQ(node.text_of(b::NativeBodyType), "1");
    ASSERT_EQ(node.find(c::Attendees)->children.size(), 2U);
    const auto& ben = node.find(c::Attendees)->children[0];
    EXPECT_EQ(ben.text_of(c::Email), "ben@example.org");
    EXPECT_EQ(ben.text_of(c::AttendeeStatus), "3");
    EXPECT_EQ(node.find(c::Attendees)->children[1].text_of(c::AttendeeType), "3");
    EXPECT_EQ(node.find(c::Categories)->children.size(), 2U);
    const auto blob = parse_zone_blob(node.text_of(c::Timezone));
    ASSERT_TRUE(blob);
    EXPECT_EQ(blob->bias, -60);
    EXPECT_EQ(blob->standard_name, "W. Europe Standard Time");
}

TEST(CalendarWrite, EachVersionGetsItsOwnElements) {
    const auto old = show(kMeeting, Version::v12_1), fourteen = show(kMeeting, Version::v14_0),
               new_one = show(kMeeting, Version::v16_1);
    EXPECT_FALSE(old.has(c::ResponseType));
    EXPECT_FALSE(old.has(c::DisallowNewTimeProposal));
    EXPECT_TRUE(fourteen.has(c::ResponseType));
    EXPECT_FALSE(new_one.has(c::Location));
    EXPECT_EQ(new_one.find(b::Location)->text_of(b::DisplayName), "Raum 7");
    EXPECT_TRUE(new_one.has(c::Timezone));
    EXPECT_EQ(show(kMeeting, Version::v2_5).text_of(c::Body), "Line one\r\nLine two");
}

// 2.2.2.1: days are dates at 16.x and local midnights with a zone below.
TEST(CalendarWrite, DaysFollowTheVersion) {
    const auto object =
        vevent("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Xmas\r\n");
    const auto old = show(object, Version::v14_1);
    EXPECT_EQ(old.text_of(c::StartTime), "20261223T230000Z");
    EXPECT_EQ(old.text_of(c::EndTime), "20261226T230000Z");
    EXPECT_TRUE(old.has(c::Timezone));
    const auto now = show(object, Version::v16_1);
    EXPECT_EQ(now.text_of(c::StartTime), "20261224T000000Z");
    EXPECT_EQ(now.text_of(c::EndTime), "20261227T000000Z");
    EXPECT_FALSE(now.has(c::Timezone));
}

TEST(CalendarMerge, AnEchoChangesNoByteInAnyVersionZoneAndForm) {
    const std::vector<std::string> objects{
        kMeeting,
        kSeries,
        vevent("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Day\r\nRRULE:FREQ=YEARLY;UNTIL=20301224\r\n"
        ),
        vevent("DTSTART;VALUE=DATE:20260328\r\nDTEND;VALUE=DATE:20260331\r\nRRULE:FREQ=MONTHLY;"
               "BYMONTHDAY=28\r\nEXDATE;VALUE=DATE:20260428\r\n"),
        vevent("DTSTART:20261130T090000\r\nDURATION:PT45M\r\nSUMMARY:floating\r\nRRULE:FREQ=DAILY;"
               "INTERVAL=2\r\n"),
        vevent("DTSTART:20261130T090000Z\r\nDTEND:20261130T090000Z\r\nSUMMARY:no "
               "length\r\nX-ALT-DESC;FMTTYPE=text/html:<p>Hi <b>you</b></p>\r\n"),
        vevent("DTSTART;TZID=America/New_York:20261101T013000\r\nDTEND;TZID=America/"
               "New_York:20261101T023000\r\nRRULE:FREQ=MONTHLY;BYDAY=1SU\r\n"),
        vevent("DTSTART;TZID=W. Europe Standard Time:20261130T090000\r\nDTEND;TZID=W. Europe "
               "Standard Time:20261130T100000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU\r\n"),
        vevent("DTSTART;TZID=Asia/"
               "Kolkata:20261130T090000\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;BYHOUR=9\r\nRDATE;"
               "TZID=Asia/Kolkata:20261203T100000\r\n"),
        vevent("DTSTART;TZID=Africa/"
               "Casablanca:20261130T090000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTRANSP:"
               "TRANSPARENT\r\nGEO:52.5;13.4\r\nLOCATION:Berlin\r\n"),
    };
    for (const auto version : wbxml::kVersions)
        for (const auto* zone :
             {"Europe/Berlin", "America/New_York", "Africa/Casablanca", "Pacific/Kiritimati"})
            for (const auto& object : objects)
                for (const int body : {1, 2}) {
                    const auto sent = echo(show(object, version, owner(zone), body), version);
                    ASSERT_EQ(merged(object, sent, version, owner(zone)), object)
                        << wbxml::text_of(version) << ' ' << zone << " body " << body;
                }
}

TEST(CalendarMerge, ChangesWhatWasSentAndKeepsTheRest) {
    const auto object = merged(
        kMeeting, data({leaf(c::Subject, "Planung, neu; mit \\"), leaf(c::Reminder, "30")}),
        Version::v16_1
    );
    EXPECT_THAT(object, HasSubstr("SUMMARY:Planung\\, neu\\; mit \\\\\r\n"));
    EXPECT_THAT(object, HasSubstr("X-CUSTOM;A=\"b,c\":kept as it is\r\n"));
    EXPECT_THAT(
        object,
        HasSubstr("ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:mailto:ben@example.org\r\n")
    );
    EXPECT_THAT(object, HasSubstr("ACTION:DISPLAY\r\nTRIGGER:-PT30M\r\nX-WR-ALARMUID:1\r\n"));
    EXPECT_THAT(object, HasSubstr("ACTION:EMAIL\r\nTRIGGER:-P1D\r\n"));
    EXPECT_THAT(object, HasSubstr("LAST-MODIFIED:20261124T100300Z\r\n"));
    EXPECT_THAT(object, HasSubstr("SEQUENCE:2\r\n")) << "a new title is no new invitation";
    EXPECT_THAT(object, HasSubstr("DTSTART;TZID=Europe/Berlin:20261130T100000\r\n"));
}

TEST(CalendarMerge, MovesTimesInTheStoredZoneAndCountsTheSequence) {
    const auto object = merged(
        kMeeting,
        data({leaf(c::StartTime, "20261201T090000Z"), leaf(c::EndTime, "20261201T100000Z")}),
        Version::v16_1
    );
    EXPECT_THAT(object, HasSubstr("DTSTART;TZID=Europe/Berlin:20261201T100000\r\n"));
    EXPECT_THAT(object, HasSubstr("DTEND;TZID=Europe/Berlin:20261201T110000\r\n"));
    EXPECT_THAT(object, HasSubstr("SEQUENCE:3\r\n"));
    EXPECT_THAT(object, HasSubstr("BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n"));
    const auto only_start =
        merged(kMeeting, data({leaf(c::StartTime, "20261201T090000Z")}), Version::v16_1);
    EXPECT_THAT(only_start, HasSubstr("DTEND;TZID=Europe/Berlin:20261201T113000\r\n"))
        << "the length stays";
}

TEST(CalendarMerge, AddOfIos16MakesAWholeEvent) {
    const auto object = merged(
        "",
        data(
            {leaf(c::ClientUid, std::string("0123456789ABCDEF0123456789ABCDEF\0", 33)),
             leaf(c::StartTime, "20261125T130000Z"), leaf(c::EndTime, "20261125T140000Z"),
             leaf(c::Subject, "Arzt"),
             tree(
                 b::Location, {leaf(b::DisplayName, "Praxis"), leaf(b::Latitude, "52.5"),
                               leaf(b::Longitude, "13.4"), leaf(b::Street, "Hauptstr. 1")}
             ),
             leaf(c::BusyStatus, "2"), leaf(c::AllDayEvent, "0"), leaf(c::Sensitivity, "0"),
             tree(b::Body, {leaf(b::Type, "1"), leaf(b::Data, "a\r\nb")})}
        ),
        Version::v16_1
    );
    const auto index = ical::index_event(object);
    ASSERT_TRUE(index);
    EXPECT_EQ(index->uid, "0123456789ABCDEF0123456789ABCDEF")
        << "33 characters with a trailing NUL";
    EXPECT_THAT(object, HasSubstr("DTSTART;TZID=Europe/Berlin:20261125T140000\r\n"));
    EXPECT_THAT(object, HasSubstr("LOCATION:Praxis\r\n"));
    EXPECT_THAT(object, HasSubstr("GEO:52.5;13.4\r\n"));
    EXPECT_THAT(object, HasSubstr("DESCRIPTION:a\\nb\r\n"));
    EXPECT_THAT(object, Not(HasSubstr("SEQUENCE")));
    EXPECT_THAT(object, Not(HasSubstr("ORGANIZER"))) << "a private appointment has none";
    const auto node = show(object, Version::v16_1);
    EXPECT_EQ(node.find(b::Location)->text_of(b::Street), "Hauptstr. 1");
    EXPECT_EQ(show(object, Version::v14_1).text_of(c::Location), "Praxis");
}

TEST(CalendarMerge, AddWithoutUidGetsTheServers) {
    EXPECT_EQ(
        ical::index_event(
            merged(
                "",
                data({leaf(c::StartTime, "20261125T130000Z"), leaf(c::EndTime, "20261125T140000Z")}
                ),
                Version::v16_1
            )
        )
            ->uid,
        "new-uid"
    );
    EXPECT_EQ(
        client_uid(data({leaf(
            c::UID, "040000008200E00074C5B7101A82E00800000000000000000000000000000000000000002E0000"
                    "007643616C2D55696401000000"
                    "46304439373343302D424136332D3400"
        )})),
        "F0D973C0-BA63-4"
    );
}

// 3.2.4.4
TEST(CalendarMerge, AddCompletesMissingTimes) {
    const auto none = ical::index_event(merged("", data({leaf(c::Subject, "x")}), Version::v14_1));
    EXPECT_EQ(none->low_us, utc("20261124T103000Z") * 1'000'000);
    EXPECT_EQ(none->high_us, utc("20261124T110000Z") * 1'000'000);
    const auto refused = [](std::vector<wbxml::Node> children) {
        return merge_event("", data(std::move(children)), Version::v16_1, owner()).error().code;
    };
    EXPECT_EQ(refused({leaf(c::EndTime, "20261124T090000Z")}), Code::bad_value);
    EXPECT_EQ(refused({leaf(c::StartTime, "20261224T090000Z")}), Code::bad_value);
    EXPECT_EQ(
        refused({leaf(c::StartTime, "20261224T090000Z"), leaf(c::EndTime, "20261223T090000Z")}),
        Code::bad_value
    );
}

TEST(CalendarMerge, TheBlobsZoneIsTheEventsZone) {
    const auto blob = [](const char* zone) {
        return format_zone_blob(blob_of_zone(**ical::load_zone(zone), utc("20261125T130000Z")));
    };
    for (const auto& [zone, line] : std::vector<std::pair<const char*, std::string>>{
             {"America/New_York", "DTSTART;TZID=America/New_York:20261125T080000\r\n"},
             {"Australia/Sydney", "DTSTART;TZID=Australia/Sydney:20261126T000000\r\n"},
             {"Asia/Kolkata", "DTSTART;TZID=Asia/Kolkata:20261125T183000\r\n"},
             {"Etc/UTC", "DTSTART:20261125T130000Z\r\n"},
             {"Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261125T140000\r\n"}
         }) {
        const auto object = merged(
            "",
            data(
                {leaf(c::Timezone, blob(zone)), leaf(c::StartTime, "20261125T130000Z"),
                 leaf(c::EndTime, "20261125T140000Z")}
            ),
            Version::v14_1
        );
        EXPECT_THAT(object, HasSubstr(line)) << zone;
    }
    const auto zeros = merged(
        "",
        data(
            {leaf(c::Timezone, base64(std::string(172, '\0'))),
             leaf(c::StartTime, "20261125T130000Z"), leaf(c::EndTime, "20261125T140000Z")}
        ),
        Version::v14_1
    );
    EXPECT_THAT(zeros, HasSubstr("DTSTART;TZID=Europe/Berlin:20261125T140000\r\n"))
        << "a blob that says nothing is the owner's zone";
}

TEST(CalendarMerge, DaysAreReadInEveryForm) {
    const auto blob = format_zone_blob(
        blob_of_zone(**ical::load_zone("America/New_York"), utc("20261125T130000Z"))
    );
    const auto day = [&](std::vector<wbxml::Node> children, Version version) {
        children.push_back(leaf(c::AllDayEvent, "1"));
        return merged("", data(std::move(children)), version);
    };
    const auto expected = HasSubstr("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261225\r\n");
    EXPECT_THAT(
        day({leaf(c::StartTime, "20261224T000000Z"), leaf(c::EndTime, "20261225T000000Z")},
            Version::v16_1),
        expected
    );
    EXPECT_THAT(
        day({leaf(c::StartTime, "20261223T230000Z"), leaf(c::EndTime, "20261224T230000Z")},
            Version::v14_1),
        expected
    ) << "owner's midnight";
    EXPECT_THAT(
        day({leaf(c::Timezone, blob), leaf(c::StartTime, "20261224T050000Z"),
             leaf(c::EndTime, "20261225T050000Z")},
            Version::v14_1),
        expected
    );
    EXPECT_THAT(
        day({leaf(c::Timezone, base64(std::string(172, '\0'))),
             leaf(c::StartTime, "20261224T000000Z"), leaf(c::EndTime, "20261225T000000Z")},
            Version::v14_1),
        expected
    );
    EXPECT_THAT(
        day({leaf(c::StartTime, "20261224T000000Z"), leaf(c::EndTime, "20261224T000000Z")},
            Version::v16_1),
        expected
    ) << "no day is one day";
}

TEST(CalendarMerge, TimedBecomesAllDayAndBack) {
    const auto object = merged(
        kMeeting,
        data(
            {leaf(c::AllDayEvent, "1"), leaf(c::StartTime, "20261130T000000Z"),
             leaf(c::EndTime, "20261201T000000Z")}
        ),
        Version::v16_1
    );
    EXPECT_THAT(object, HasSubstr("DTSTART;VALUE=DATE:20261130\r\nDTEND;VALUE=DATE:20261201\r\n"));
    const auto back = merged(
        object,
        data(
            {leaf(c::AllDayEvent, "0"), leaf(c::StartTime, "20261130T090000Z"),
             leaf(c::EndTime, "20261130T100000Z")}
        ),
        Version::v16_1
    );
    EXPECT_THAT(
        back, HasSubstr("DTSTART;TZID=Europe/Berlin:20261130T100000\r\nDTEND;TZID=Europe/"
                        "Berlin:20261130T110000\r\n")
    );
}

// MS-ASCMD 2.2.3.179, as far as clients obey it: only a declared list makes absence a removal.
TEST(CalendarMerge, AbsenceRemovesOnlyWhatTheDeviceManages) {
    const auto sent = data({leaf(c::Subject, "Planung, Q1")});
    EXPECT_EQ(merged(kMeeting, sent, Version::v14_1), kMeeting);
    const std::set<wbxml::Tag> supported{
        c::Location, c::Categories, c::Reminder, c::Exceptions, c::Recurrence
    };
    const auto object = *merge_event(kMeeting, sent, Version::v14_1, owner(), &supported);
    for (const auto* gone : {"LOCATION", "CATEGORIES", "ACTION:DISPLAY"})
        EXPECT_THAT(object, Not(HasSubstr(gone)));
    EXPECT_THAT(object, HasSubstr("CLASS:PRIVATE")) << "ghosted";
    EXPECT_EQ(*merge_event(kMeeting, sent, Version::v16_1, owner(), &supported), kMeeting)
        << "all is ghosted at 16.x";
    EXPECT_THAT(
        *merge_event(
            kSeries,
            data(
                {leaf(c::Subject, "x"),
                 tree(
                     c::Recurrence,
                     {leaf(c::Type, "1"), leaf(c::DayOfWeek, "2"), leaf(c::Occurrences, "6")}
                 )}
            ),
            Version::v14_1, owner(), &supported
        ),
        HasSubstr("EXDATE")
    ) << "3.2.5.3.1: exceptions stay";
}

TEST(CalendarMerge, RefusesWrongValues) {
    const std::vector<wbxml::Node> wrong{
        leaf(c::AllDayEvent, "2"),
        leaf(c::StartTime, "yesterday"),
        leaf(c::BusyStatus, "9"),
        leaf(c::Sensitivity, "4"),
        leaf(c::Reminder, "-5"),
        leaf(c::EndTime, "20261201T090000Z"),
        tree(c::Recurrence, {leaf(c::Interval, "1")}),
        tree(c::Recurrence, {leaf(c::Type, "4")}),
        tree(c::Recurrence, {leaf(c::Type, "1")}),
        tree(c::Recurrence, {leaf(c::Type, "2")}),
        tree(c::Recurrence, {leaf(c::Type, "0"), leaf(c::DayOfMonth, "3")}),
        tree(
            c::Recurrence, {leaf(c::Type, "1"), leaf(c::DayOfWeek, "2"), leaf(c::WeekOfMonth, "1")}
        ),
        tree(
            c::Recurrence, {leaf(c::Type, "2"), leaf(c::DayOfMonth, "3"), leaf(c::DayOfWeek, "1")}
        ),
        tree(
            c::Recurrence,
            {leaf(c::Type, "5"), leaf(c::DayOfMonth, "30"), leaf(c::MonthOfYear, "2")}
        ),
        tree(
            c::Recurrence,
            {leaf(c::Type, "2"), leaf(c::DayOfMonth, "3"), leaf(c::CalendarType, "13")}
        ),
        tree(c::Recurrence, {leaf(c::Type, "0"), leaf(c::FirstDayOfWeek, "7")}),
        tree(c::Exceptions, {tree(c::Exception, {})}),
        tree(b::Body, {leaf(b::Type, "3"), leaf(b::Data, "rtf")}),
    };
    for (const auto& node : wrong) {
        const auto result = merge_event(kMeeting, data({node}), Version::v14_1, owner());
        ASSERT_FALSE(result) << wbxml::name_of(node.tag)
                             << (node.children.empty() ? node.text : node.children[0].text);
        EXPECT_EQ(result.error().code, Code::bad_value);
    }
}

TEST(CalendarMerge, HtmlBodiesKeepTheirForm) {
    const auto html = merged(
        kMeeting,
        data({tree(
            b::Body,
            {leaf(b::Type, "2"), leaf(b::Data, "<html><body><p>Hallo <b>du</b></p></body></html>")}
        )}),
        Version::v16_1
    );
    EXPECT_THAT(html, HasSubstr("X-ALT-DESC;FMTTYPE=text/html:"));
    EXPECT_THAT(html, HasSubstr("DESCRIPTION:Hallo du"));
    EXPECT_EQ(show(html, Version::v16_1).text_of(b::NativeBodyType), "2");
    const auto plain = merged(
        html, data({tree(b::Body, {leaf(b::Type, "1"), leaf(b::Data, "nur Text")})}), Version::v16_1
    );
    EXPECT_THAT(plain, Not(HasSubstr("X-ALT-DESC")));
}

// X8: alarms and attachments are data; they survive, and nothing of them reaches a device.
TEST(CalendarMerge, X8ForeignAlarmsAndAttachmentsAreOnlyKept) {
    const auto object = vevent("DTSTART:20261130T090000Z\r\nATTACH:file:///etc/"
                               "passwd\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nATTACH:file:///bin/"
                               "sh\r\nTRIGGER:-PT1M\r\nEND:VALARM\r\n");
    const auto node = show(object, Version::v16_1);
    EXPECT_FALSE(node.has(c::Reminder));
    EXPECT_FALSE(node.has(b::Attachments));
    const auto after = merged(object, data({leaf(c::Reminder, "5")}), Version::v16_1);
    EXPECT_THAT(after, HasSubstr("ACTION:PROCEDURE\r\nATTACH:file:///bin/sh\r\n"));
}

TEST(CalendarMerge, StoredFormStaysReadableWhateverIsSent) {
    std::string huge(11U << 20U, 'x');
    EXPECT_EQ(
        merge_event(
            "",
            data(
                {leaf(c::StartTime, "20261125T130000Z"), leaf(c::EndTime, "20261125T140000Z"),
                 leaf(c::Subject, huge)}
            ),
            Version::v16_1, owner()
        )
            .error()
            .code,
        Code::bad_value
    );
    EXPECT_EQ(
        merge_event("garbage", data({}), Version::v16_1, owner()).error().code, Code::bad_syntax
    );
}

} // namespace
} // namespace lockstep::eas
