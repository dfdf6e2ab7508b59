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

using namespace testing; // the helpers of calendar_testing.hpp
using ::testing::HasSubstr;
using ::testing::Not;
namespace c = wbxml::calendar;
namespace b = wbxml::air_sync_base;
using wbxml::Version;

wbxml::Node show(
    const std::string& object, Version version, const EventContext& context = owner(), int body = 1
) {
    return written(version, [&](wbxml::Writer& out) {
        return write_event(out, object, options_for(version, body), context);
    });
}

std::string merged(
    const std::string& stored, const wbxml::Node& sent, Version version,
    const EventContext& context = owner()
) {
    auto result = merge_event(stored, sent, version, context);
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    return result.value_or("");
}

/// Starts of all occurrences in 2026 and 2027, as UTC.
std::vector<std::string>
occurrences(const std::string& object, std::string_view zone = "Europe/Berlin") {
    const auto calendar = ical::parse(object);
    if (!calendar)
        return {"unreadable"};
    const auto series = ical::Series::read(*calendar, "VEVENT", ical::zone_or_utc(zone));
    if (!series)
        return {series.error().text};
    std::vector<std::string> out;
    for (const auto& each :
         series->expand(utc("20260101T000000Z"), utc("20280101T000000Z"), 400).occurrences)
        out.push_back(compact_date(each.start));
    return out;
}

const std::string kMeeting =
    vevent("DTSTART;TZID=Europe/Berlin:20261130T100000\r\nDTEND;TZID=Europe/"
           "Berlin:20261130T113000\r\nSUMMARY:Planung\\, Q1\r\nLOCATION:Raum 7\r\n"
           "DESCRIPTION:Line one\\nLine two\r\nCATEGORIES:Work,Team\r\nORGANIZER;CN=Anna "
           "Berg:mailto:anna@example.org\r\n"
           "ATTENDEE;CN=Anna Berg;PARTSTAT=ACCEPTED:mailto:anna@example.org\r\n"
           "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:mailto:ben@example.org\r\nATTENDEE;CN="
           "Beamer;CUTYPE=RESOURCE:mailto:beamer@example.org\r\n"
           "CLASS:PRIVATE\r\nX-CUSTOM;A=\"b,c\":kept as it is\r\nSEQUENCE:2\r\n"
           "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nX-WR-ALARMUID:1\r\nEND:"
           "VALARM\r\nBEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER:-P1D\r\nEND:VALARM\r\n");

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

TEST(CalendarWrite, AnAttendeeSeesHisAnswer) {
    const auto object = vevent("DTSTART:20261130T090000Z\r\nORGANIZER:mailto:ben@example."
                               "org\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:Anna@Example.org\r\n"
                               "X-LOCKSTEP-REPLY-TIME:20261120T080000Z\r\n");
    const auto node = show(object, Version::v16_1);
    EXPECT_EQ(node.text_of(c::MeetingStatus), "3");
    EXPECT_EQ(node.text_of(c::ResponseType), "2");
    EXPECT_EQ(node.text_of(c::AppointmentReplyTime), "20261120T080000Z");
    const auto open = show(replace_all(object, "TENTATIVE", "NEEDS-ACTION"), Version::v16_1);
    EXPECT_EQ(open.text_of(c::ResponseType), "5");
    EXPECT_FALSE(open.has(c::AppointmentReplyTime)) << "3.2.5: only after an answer";
}

const std::string kSeries = vevent(
    "DTSTART;TZID=Europe/Berlin:20261019T090000\r\nDTEND;TZID=Europe/"
    "Berlin:20261019T100000\r\nSUMMARY:Jour fixe\r\nLOCATION:Raum 1\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=Europe/Berlin:20261026T090000\r\n",
    "BEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20261101T120000Z\r\nRECURRENCE-ID;TZID=Europe/"
    "Berlin:20261102T090000\r\n"
    "DTSTART;TZID=Europe/Berlin:20261103T140000\r\nDTEND;TZID=Europe/"
    "Berlin:20261103T150000\r\nSUMMARY:Jour fixe (Dienstag)\r\nX-NOTE:odd\r\nEND:VEVENT\r\n"
);

TEST(CalendarWrite, ShowsPatternAndExceptions) {
    const auto node = show(kSeries, Version::v14_1);
    const auto* recurrence = node.find(c::Recurrence);
    ASSERT_NE(recurrence, nullptr);
    EXPECT_EQ(recurrence->text_of(c::Type), "1");
    EXPECT_EQ(recurrence->text_of(c::DayOfWeek), "2");
    EXPECT_EQ(recurrence->text_of(c::Occurrences), "6");
    EXPECT_EQ(recurrence->text_of(c::FirstDayOfWeek), "1");
    const auto& exceptions = node.find(c::Exceptions)->children;
    ASSERT_EQ(exceptions.size(), 2U);
    EXPECT_EQ(exceptions[0].text_of(c::ExceptionStartTime), "20261026T080000Z");
    EXPECT_EQ(exceptions[0].text_of(c::Deleted), "1");
    EXPECT_EQ(exceptions[1].text_of(c::ExceptionStartTime), "20261102T080000Z");
    EXPECT_EQ(exceptions[1].text_of(c::StartTime), "20261103T130000Z");
    EXPECT_EQ(exceptions[1].text_of(c::Subject), "Jour fixe (Dienstag)");
    EXPECT_TRUE(exceptions[1].has(c::Location)) << "3.2.5.3.2: removed, not inherited";
    EXPECT_EQ(exceptions[1].text_of(c::Location), "");
    EXPECT_FALSE(exceptions[1].has(c::Sensitivity)) << "inherited";
    const auto now = show(kSeries, Version::v16_1);
    EXPECT_EQ(now.find(c::Exceptions)->children[1].text_of(b::InstanceId), "20261102T080000Z");
    EXPECT_FALSE(now.find(c::Exceptions)->children[1].has(c::ExceptionStartTime));
}

/// What a device sends when it sends back all that it was shown: the request of an unchanged item.
wbxml::Node echo(wbxml::Node shown, Version version) {
    std::erase_if(shown.children, [&](const wbxml::Node& child) {
        if (version < Version::v16_0)
            return false;
        return child.tag == c::UID || child.tag == c::DtStamp || child.tag == c::OrganizerEmail ||
               child.tag == c::OrganizerName || child.tag == c::Exceptions;
    });
    return shown;
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

wbxml::Node exception(std::vector<wbxml::Node> children) {
    return tree(c::Exceptions, {tree(c::Exception, std::move(children))});
}

TEST(CalendarMerge, ExceptionsBelow16ChangeAndDelete) {
    const auto changed = merged(
        kSeries,
        data({exception(
            {leaf(c::ExceptionStartTime, "20261109T080000Z"),
             leaf(c::StartTime, "20261110T080000Z"), leaf(c::EndTime, "20261110T090000Z"),
             leaf(c::Subject, "verschoben")}
        )}),
        Version::v14_1
    );
    EXPECT_THAT(changed, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000\r\n"));
    EXPECT_THAT(changed, HasSubstr("SUMMARY:verschoben\r\n"));
    EXPECT_THAT(changed, HasSubstr("X-NOTE:odd\r\n")) << "3.2.5.3.1: other exceptions stay";
    EXPECT_EQ(
        occurrences(changed), (std::vector<std::string>{
                                  "20261019T070000Z", "20261103T130000Z", "20261110T080000Z",
                                  "20261116T080000Z", "20261123T080000Z"
                              })
    );
    const auto deleted = merged(
        kSeries,
        data({exception({leaf(c::ExceptionStartTime, "20261102T080000Z"), leaf(c::Deleted, "1")})}),
        Version::v14_1
    );
    EXPECT_EQ(
        occurrences(deleted),
        (std::vector<std::string>{
            "20261019T070000Z", "20261109T080000Z", "20261116T080000Z", "20261123T080000Z"
        })
    );
    const auto revived = merged(
        kSeries,
        data({exception({leaf(c::ExceptionStartTime, "20261026T080000Z"), leaf(c::Subject, "doch")})
        }),
        Version::v14_1
    );
    EXPECT_EQ(occurrences(revived).size(), 6U);
}

// Phones name exceptions of moved series, or of timed series, by odd times: the day decides.
TEST(CalendarMerge, ExceptionsAreMatchedByDayWhenTheTimeIsOdd) {
    for (const auto* odd : {"20261109T000000Z", "20261109T093000Z", "20261108T230000Z"}) {
        const auto object = merged(
            kSeries, data({exception({leaf(c::ExceptionStartTime, odd), leaf(c::Subject, "odd")})}),
            Version::v14_1
        );
        EXPECT_THAT(object, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000\r\n"))
            << odd;
    }
    EXPECT_EQ(
        merged(
            kSeries,
            data({exception(
                {leaf(c::ExceptionStartTime, "20261111T080000Z"), leaf(c::Subject, "none")}
            )}),
            Version::v14_1
        ),
        kSeries
    );
}

TEST(CalendarInstance, ChangesAndDeletesOneOccurrence) {
    const auto changed = merge_instance(
        kSeries, "20261109T080000Z",
        data({leaf(c::StartTime, "20261109T100000Z"), leaf(c::EndTime, "20261109T110000Z")}),
        Version::v16_1, owner()
    );
    ASSERT_TRUE(changed);
    EXPECT_EQ(occurrences(*changed)[2], "20261109T100000Z");
    const auto again = merge_instance(
        *changed, "20261109T080000Z", data({leaf(c::Subject, "neu")}), Version::v16_1, owner()
    );
    ASSERT_TRUE(again);
    EXPECT_EQ(occurrences(*again)[2], "20261109T100000Z");
    EXPECT_THAT(*again, HasSubstr("SUMMARY:neu\r\n"));
    const auto deleted = delete_instance(*again, "20261109T080000Z", owner());
    ASSERT_TRUE(deleted);
    EXPECT_THAT(*deleted, Not(HasSubstr("SUMMARY:neu\r\n")));
    EXPECT_EQ(occurrences(*deleted).size(), 4U);
    EXPECT_EQ(
        merge_instance(kSeries, "20261110T080000Z", data({}), Version::v16_1, owner()).error().code,
        Code::not_found
    );
    EXPECT_EQ(delete_instance(kMeeting, "20261130T090000Z", owner()).error().code, Code::not_found);
    for (auto node : {leaf(c::Deleted, "1"), leaf(c::Timezone, "x")})
        EXPECT_EQ(
            merge_instance(kSeries, "20261109T080000Z", data({node}), Version::v16_1, owner())
                .error()
                .code,
            Code::bad_value
        ) << "6.3: Status 6";
}

TEST(CalendarInstance, DeletingTheLastOneLeavesNothing) {
    std::string object = vevent("DTSTART;VALUE=DATE:20261124\r\nRRULE:FREQ=DAILY;COUNT=2\r\n");
    object = *delete_instance(object, "20261124T000000Z", owner());
    EXPECT_EQ(occurrences(object).size(), 1U);
    EXPECT_EQ(delete_instance(object, "20261125T000000Z", owner()), std::string());
}

// 2.2.2.22, 2.2.2.42: at 16.x a changed pattern or time deletes the exceptions; below they stay
// with their days.
TEST(CalendarMerge, MovedSeriesKeepOrDropTheirExceptions) {
    const auto sent =
        data({leaf(c::StartTime, "20261019T080000Z"), leaf(c::EndTime, "20261019T090000Z")});
    const auto now = merged(kSeries, sent, Version::v16_1);
    EXPECT_THAT(now, Not(HasSubstr("EXDATE")));
    EXPECT_THAT(now, Not(HasSubstr("RECURRENCE-ID")));
    EXPECT_EQ(occurrences(now).size(), 6U);
    const auto old = merged(kSeries, sent, Version::v14_1);
    EXPECT_THAT(old, HasSubstr("EXDATE;TZID=Europe/Berlin:20261026T100000\r\n"));
    EXPECT_THAT(old, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261102T100000\r\n"));
    EXPECT_EQ(
        occurrences(old), (std::vector<std::string>{
                              "20261019T080000Z", "20261103T130000Z", "20261109T090000Z",
                              "20261116T090000Z", "20261123T090000Z"
                          })
    );
}

TEST(CalendarMerge, MovingKeepsTheLastDay) {
    const auto object =
        vevent("DTSTART;TZID=Europe/Berlin:20261102T090000\r\nDTEND;TZID=Europe/"
               "Berlin:20261102T100000\r\nRRULE:FREQ=DAILY;UNTIL=20261105T080000Z\r\n");
    EXPECT_EQ(occurrences(object).size(), 4U);
    EXPECT_EQ(
        occurrences(
            merged(
                object,
                data({leaf(c::StartTime, "20261102T150000Z"), leaf(c::EndTime, "20261102T160000Z")}
                ),
                Version::v16_1
            )
        )
            .size(),
        4U
    );
}

TEST(CalendarMerge, PatternsAreReplacedWhole) {
    const auto object = merged(
        kSeries,
        data({tree(
            c::Recurrence,
            {leaf(c::Type, "0"), leaf(c::Interval, "2"), leaf(c::Until, "20261025T000000Z")}
        )}),
        Version::v16_1
    );
    EXPECT_THAT(object, HasSubstr("RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261025T225959Z\r\n"));
    EXPECT_EQ(
        occurrences(object),
        (std::vector<std::string>{
            "20261019T070000Z", "20261021T070000Z", "20261023T070000Z", "20261025T080000Z"
        })
    );
    const auto single = merged(kSeries, data({tree(c::Recurrence, {})}), Version::v16_1);
    EXPECT_EQ(occurrences(single).size(), 1U);
    EXPECT_EQ(
        merge_event(kSeries, data({tree(c::Recurrence, {})}), Version::v14_1, owner()).error().code,
        Code::bad_value
    );
}

TEST(CalendarMerge, AStartOffThePatternMovesToItsFirstOccurrence) {
    const auto object = merged(
        "",
        data(
            {leaf(c::StartTime, "20261124T090000Z"), leaf(c::EndTime, "20261124T100000Z"),
             tree(
                 c::Recurrence,
                 {leaf(c::Type, "1"), leaf(c::DayOfWeek, "8"), leaf(c::Occurrences, "2")}
             )}
        ),
        Version::v14_1
    );
    EXPECT_EQ(
        occurrences(object), (std::vector<std::string>{"20261125T090000Z", "20261202T090000Z"})
    );
}

/// The occurrences that a device makes of what it is shown: pattern plus exceptions, read as
/// another event.
std::vector<std::string> as_device(const std::string& object, Version version) {
    auto node = show(object, version);
    for (auto& child : node.children)
        if (child.tag == c::Exceptions)
            for (auto& each : child.children)
                if (const auto* id = each.find(b::InstanceId))
                    each.children.push_back(leaf(c::ExceptionStartTime, id->text));
    return occurrences(merged("", node, Version::v14_1));
}

// Rules that the protocol has no words for are shown exactly, occurrence by occurrence.
TEST(CalendarWrite, RulesWithoutWordsAreShownExactly) {
    for (const auto* lines :
         {"RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=12\r\n",
          "RRULE:FREQ=MONTHLY;BYDAY=2TU,4TH;COUNT=9\r\n",
          "RRULE:FREQ=YEARLY;BYYEARDAY=10,100,200;COUNT=5\r\n",
          "RRULE:FREQ=HOURLY;INTERVAL=5;COUNT=7\r\n", "RRULE:FREQ=DAILY;BYHOUR=9,15;COUNT=6\r\n",
          "RRULE:FREQ=WEEKLY;COUNT=3\r\nRDATE;TZID=Europe/Berlin:20261203T180000\r\n",
          "RDATE;TZID=Europe/Berlin:20261203T180000,20261205T090000\r\n",
          "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=12\r\nEXDATE;TZID=Europe/"
          "Berlin:20261215T090000\r\n"}) {
        const auto object = vevent(
            "DTSTART;TZID=Europe/Berlin:20261201T090000\r\nDTEND;TZID=Europe/"
            "Berlin:20261201T100000\r\nSUMMARY:S\r\n" +
            std::string(lines)
        );
        const auto expected = occurrences(object);
        ASSERT_GT(expected.size(), 1U) << lines;
        for (const auto version : {Version::v14_1, Version::v16_1})
            EXPECT_EQ(as_device(object, version), expected) << lines << wbxml::text_of(version);
    }
}

TEST(CalendarInstance, FindsTheTrueOccurrenceBehindAStandIn) {
    const auto object = vevent("DTSTART;TZID=Europe/Berlin:20261201T090000\r\nDTEND;TZID=Europe/"
                               "Berlin:20261201T100000\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n");
    const auto node = show(object, Version::v16_1);
    const auto& second = node.find(c::Exceptions)->children[0];
    EXPECT_EQ(second.text_of(c::StartTime), "20261215T080000Z");
    const auto deleted = delete_instance(object, second.text_of(b::InstanceId), owner());
    ASSERT_TRUE(deleted);
    EXPECT_THAT(*deleted, HasSubstr("EXDATE;TZID=Europe/Berlin:20261215T090000\r\n"));
    EXPECT_THAT(*deleted, HasSubstr("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n"));
}

TEST(CalendarMerge, AttendeesKeepTheirAnswers) {
    const auto sent = data({tree(
        c::Attendees,
        {tree(
             c::Attendee,
             {leaf(c::Email, "BEN@example.org"), leaf(c::Name, "Ben"), leaf(c::AttendeeType, "2")}
         ),
         tree(c::Attendee, {leaf(c::Email, "clara@example.org"), leaf(c::Name, "Clara")})}
    )});
    const auto object = replace_all(merged(kMeeting, sent, Version::v16_1), "\r\n ", "");
    EXPECT_THAT(
        object, HasSubstr("ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0;ROLE=OPT-PARTICIPANT:"
                          "mailto:ben@example.org\r\n")
    );
    EXPECT_THAT(object, HasSubstr("CN=Clara"));
    EXPECT_THAT(object, Not(HasSubstr("beamer@example.org")));
    EXPECT_THAT(
        object, HasSubstr("ATTENDEE;CN=Anna Berg;PARTSTAT=ACCEPTED:mailto:anna@example.org\r\n")
    );
    const auto nobody = merged(kMeeting, data({tree(c::Attendees, {})}), Version::v16_1);
    EXPECT_EQ(show(nobody, Version::v16_1).text_of(c::MeetingStatus), "0");
}

TEST(CalendarMerge, OutlooksAttendeesWithoutAddressesAreKnownByName) {
    const auto sent = data({tree(
        c::Attendees, {tree(c::Attendee, {leaf(c::Email, ""), leaf(c::Name, "Ben")}),
                       tree(
                           c::Attendee, {leaf(c::Email, "beamer@example.org"),
                                         leaf(c::Name, "Beamer"), leaf(c::AttendeeType, "3")}
                       )}
    )});
    EXPECT_EQ(merged(kMeeting, sent, Version::v14_1), kMeeting);
}

TEST(CalendarMerge, AMeetingWithoutOrganizerIsTheOwners) {
    const auto object = merged(
        "",
        data(
            {leaf(c::StartTime, "20261125T130000Z"), leaf(c::EndTime, "20261125T140000Z"),
             leaf(c::MeetingStatus, "1"),
             tree(
                 c::Attendees,
                 {tree(c::Attendee, {leaf(c::Email, "ben@example.org"), leaf(c::Name, "Ben")})}
             )}
        ),
        Version::v14_1
    );
    EXPECT_THAT(object, HasSubstr("ORGANIZER;CN=Anna Berg:mailto:anna@example.org\r\n"));
    EXPECT_THAT(object, HasSubstr("PARTSTAT=NEEDS-ACTION;RSVP=TRUE"));
}

TEST(CalendarMerge, MasterChangesReachExceptionsThatInherit) {
    const auto object =
        merged(kSeries, data({leaf(c::Sensitivity, "2"), leaf(c::Subject, "Neu")}), Version::v16_1);
    EXPECT_THAT(object, HasSubstr("SUMMARY:Jour fixe (Dienstag)\r\n"));
    EXPECT_EQ(
        show(object, Version::v16_1).find(c::Exceptions)->children[1].has(c::Sensitivity), false
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

TEST(CalendarReply, SetsTheOwnersAnswer) {
    const auto object =
        vevent("DTSTART;TZID=Europe/"
               "Berlin:20261130T090000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nORGANIZER:mailto:ben@"
               "example.org\r\nATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:anna@example.org\r\n"
        );
    const auto all = set_reply(object, "", Reply::accepted, owner());
    ASSERT_TRUE(all);
    EXPECT_THAT(*all, HasSubstr("ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.org\r\n"));
    EXPECT_THAT(*all, HasSubstr("DTSTAMP:20261101T120000Z\r\n")) << "the organizer's stamp";
    const auto one = set_reply(*all, "20261207T080000Z", Reply::declined, owner());
    ASSERT_TRUE(one);
    EXPECT_THAT(*one, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261207T090000\r\n"));
    EXPECT_EQ(
        show(*one, Version::v16_1).find(c::Exceptions)->children[0].text_of(c::ResponseType), "4"
    );
    EXPECT_EQ(
        set_reply(object, "20261208T080000Z", Reply::declined, owner()).error().code,
        Code::not_found
    );
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
