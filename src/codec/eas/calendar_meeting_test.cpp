// Meetings: attendees, organizers and answers.
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
using item_testing::kMeeting;
using item_testing::leaf;
using item_testing::merged;
using item_testing::owner;
using item_testing::show;
using item_testing::tree;
using item_testing::vevent;
using ::testing::HasSubstr;
using ::testing::Not;
namespace c = wbxml::calendar;
namespace b = wbxml::air_sync_base;
using wbxml::Version;

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

} // namespace
} // namespace lockstep::eas
