// Meetings by RFC 5546: who is told what, and what an arriving object may change.
#include "codec/ical/itip.hpp"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace lockstep::ical {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kNow = 1'795'500'000; ///< 2026-11-24

Component event_object(std::initializer_list<std::string> events) {
    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n";
    for (const auto& event : events)
        text += "BEGIN:VEVENT\r\nUID:m1\r\n" + event + "END:VEVENT\r\n";
    auto parsed = parse(text + "END:VCALENDAR\r\n");
    EXPECT_TRUE(parsed.has_value());
    return *parsed;
}
const std::string kPeople = "ORGANIZER:mailto:olga@example.org\r\n"
                            "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:anna@example.org\r\n"
                            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.org\r\n";
const std::string kTimes = "DTSTAMP:20261120T100000Z\r\nDTSTART:20261207T090000Z\r\n"
                           "DTEND:20261207T100000Z\r\nSUMMARY:Plan\r\n";
const std::string kSeries = kTimes + kPeople + "RRULE:FREQ=WEEKLY;COUNT=5\r\n";
const std::string kOverride = "DTSTAMP:20261120T100000Z\r\nRECURRENCE-ID:20261214T090000Z\r\n"
                              "DTSTART:20261214T130000Z\r\nDTEND:20261214T140000Z\r\n"
                              "SUMMARY:Plan\r\n" +
                              kPeople;

Participant person(std::string name) { return {{name + "@example.org"}, name, utc_zone(), kNow}; }
const Participant kOlga = person("olga"), kAnna = person("anna");

/// "REQUEST anna,ben; CANCEL ben" with the occurrence meant.
std::vector<std::string> told(const std::vector<ItipMessage>& messages) {
    std::vector<std::string> out;
    for (const auto& message : messages) {
        auto line = std::string(name_of(message.method));
        for (const auto& to : message.to)
            line += " " + to.substr(0, to.find('@'));
        const auto* main = main_event(message.calendar);
        if (main->has("RECURRENCE-ID"))
            line += " " + std::string(main->value_of("RECURRENCE-ID").substr(0, 8));
        EXPECT_EQ(message.calendar.value_of("METHOD"), name_of(message.method));
        out.push_back(line);
    }
    std::ranges::sort(out);
    return out;
}
std::vector<std::string> told(const Component* before, const Component* after) {
    return told(organizer_messages(before, after, kOlga));
}
std::string flat(const Component& calendar) {
    return replace_all(serialize(calendar), "\r\n ", "");
}

TEST(ItipOrganizer, TellsWhatMatters) {
    const auto meeting = event_object({kTimes + kPeople});
    const auto with = [&](std::string_view from, std::string_view to) {
        return event_object({replace_all(kTimes + kPeople, from, to)});
    };
    struct Case {
        const char* name;
        std::optional<Component> before, after;
        std::vector<std::string> expected;
    };
    const Case cases[] = {
        {"created", std::nullopt, meeting, {"REQUEST anna ben"}},
        {"removed", meeting, std::nullopt, {"CANCEL anna ben"}},
        {"the same", meeting, meeting, {}},
        {"moved", meeting, with("T100000Z\r\nSUMMARY", "T110000Z\r\nSUMMARY"), {"REQUEST anna ben"}
        },
        {"renamed", meeting, with("Plan", "Plans"), {"REQUEST anna ben"}},
        {"a new place", meeting, with("SUMMARY", "LOCATION:R1\r\nSUMMARY"), {"REQUEST anna ben"}},
        {"a stamp only", meeting, with("20261120T1", "20261121T1"), {}},
        {"an answer", meeting, with("NEEDS-ACTION", "DECLINED"), {}},
        {"a label and an alarm",
         meeting,
         with(
             "SUMMARY", "CATEGORIES:A\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nTRANSP:OPAQUE\r\nSUMMARY"
         ),
         {}},
        {"an attendee more",
         meeting,
         with("ORGANIZER", "ATTENDEE:mailto:cleo@example.net\r\nORGANIZER"),
         {"REQUEST cleo"}},
        {"an attendee less",
         meeting,
         with("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben", "X-B:ben"),
         {"CANCEL ben"}},
        {"cancelled", meeting, with("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY"), {"CANCEL anna ben"}},
        {"removed after it was cancelled",
         with("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY"),
         std::nullopt,
         {}},
        {"removed after it was over", with("202612", "202601"), std::nullopt, {}},
        {"somebody else's", std::nullopt, with("olga@", "else@"), {}},
        {"told by the client",
         std::nullopt,
         with("PARTSTAT=ACCEPTED", "SCHEDULE-AGENT=CLIENT"),
         {"REQUEST anna"}},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(each.name);
        EXPECT_EQ(
            told(each.before ? &*each.before : nullptr, each.after ? &*each.after : nullptr),
            each.expected
        );
    }
}

TEST(ItipOrganizer, TellsOccurrencesByThemselves) {
    const auto series = event_object({kSeries});
    const auto changed = event_object({kSeries, kOverride});
    EXPECT_THAT(told(&series, &changed), ElementsAre("REQUEST anna ben 20261214"));
    EXPECT_THAT(told(&changed, &changed), ElementsAre());
    const auto excluded = event_object({kSeries + "EXDATE:20261221T090000Z\r\n"});
    EXPECT_THAT(told(&series, &excluded), ElementsAre("CANCEL anna ben 20261221"));
    const auto cancelled = event_object({kSeries + "EXDATE:20261214T090000Z\r\n"});
    EXPECT_THAT(told(&changed, &cancelled), ElementsAre("CANCEL anna ben 20261214"));
    EXPECT_THAT(told(&changed, &series), ElementsAre("REQUEST anna ben")) << "as the series again";
    const auto fewer = event_object(
        {kSeries, replace_all(kOverride, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben", "X-B:ben")}
    );
    EXPECT_THAT(told(&changed, &fewer), ElementsAre("CANCEL ben 20261214"));
    const auto guest = event_object(
        {kSeries, replace_all(kOverride, "ORGANIZER", "ATTENDEE:mailto:cleo@b.example\r\nORGANIZER")
        }
    );
    EXPECT_THAT(told(&changed, &guest), ElementsAre("REQUEST cleo 20261214"));
    EXPECT_THAT(told(&guest, nullptr), ElementsAre("CANCEL anna ben", "CANCEL cleo 20261214"));
}

TEST(ItipOrganizer, ManyChangedOccurrencesAreToldAsTheSeries) {
    const auto endless = kTimes + kPeople + "RRULE:FREQ=DAILY\r\n";
    const auto series = event_object({endless});
    std::string excluded;
    for (int day = 10; day < 25; ++day)
        excluded += fmt::format("EXDATE:202612{}T090000Z\r\n", day);
    const auto fewer = event_object({endless + excluded});
    EXPECT_THAT(told(&series, &fewer), ElementsAre("REQUEST anna ben"));
}

TEST(ItipOrganizer, WhatIsTheOrganizersOwnStaysAtHome) {
    auto meeting = event_object(
        {kTimes + kPeople +
         "CATEGORIES:Secret\r\nX-LOCKSTEP-A:b\r\n"
         "X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nBEGIN:VALARM\r\n"
         "ACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"}
    );
    const auto text = flat(organizer_messages(nullptr, &meeting, kOlga).at(0).calendar);
    for (const auto* word : {"Secret", "X-LOCKSTEP", "VALARM", "CDO-BUSYSTATUS"})
        EXPECT_THAT(text, Not(HasSubstr(word)));
    EXPECT_THAT(text, HasSubstr("X-MICROSOFT-CDO-INTENDEDSTATUS:OOF\r\n"));
}

TEST(ItipOrganizer, AMovedMeetingVoidsTheAnswers) {
    const auto before = event_object({kTimes + kPeople});
    auto after = event_object({replace_all(kTimes, "20261207T1", "20261208T1") + kPeople});
    revise(&before, after, kOlga);
    const auto text = flat(after);
    EXPECT_THAT(text, Not(HasSubstr("ACCEPTED")));
    EXPECT_THAT(text, HasSubstr("SEQUENCE:1\r\n"));
    EXPECT_THAT(text, HasSubstr("DTSTAMP:20261124T060000Z\r\n"));
    auto renamed = event_object({replace_all(kTimes, "Plan", "Plans") + kPeople});
    const auto kept = renamed;
    revise(&before, renamed, kOlga);
    EXPECT_EQ(renamed, kept);
}

TEST(ItipOrganizer, ACancellationIsNewerThanTheInvitation) {
    const auto meeting = event_object({kTimes + kPeople + "SEQUENCE:4\r\n"});
    const auto text = flat(organizer_messages(&meeting, nullptr, kOlga).at(0).calendar);
    EXPECT_THAT(text, HasSubstr("SEQUENCE:5\r\n"));
    EXPECT_THAT(text, HasSubstr("STATUS:CANCELLED\r\n"));
    EXPECT_THAT(text, HasSubstr("DTSTAMP:20261124T060000Z\r\n"));
}

TEST(ItipOrganizer, AnAttendeeMayAskAgain) {
    const auto meeting = event_object({kTimes + kPeople});
    const auto again = request_again(meeting, "anna@example.org", kOlga);
    ASSERT_TRUE(again.has_value());
    EXPECT_THAT(told({*again}), ElementsAre("REQUEST anna"));
    EXPECT_FALSE(request_again(meeting, "eve@example.org", kOlga).has_value());
    EXPECT_FALSE(request_again(meeting, "ben@example.org", kAnna).has_value());
}

// Attendees ------------------------------------------------------------------------------------

Component request(std::initializer_list<std::string> events) {
    auto out = event_object(events);
    out.properties.emplace_back("METHOD", "REQUEST");
    return out;
}
constexpr std::string_view kFrom = "olga@example.org";

TEST(ItipRequest, ANewMeetingIsHeldTentatively) {
    const auto got = apply_request(nullptr, request({kTimes + kPeople}), kFrom, kAnna);
    ASSERT_TRUE(got.has_value());
    EXPECT_FALSE(got->has("METHOD"));
    const auto text = flat(*got);
    EXPECT_THAT(text, HasSubstr("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\r\n"));
    EXPECT_THAT(text, HasSubstr("X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\r\n"));
    EXPECT_THAT(text, HasSubstr("PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:anna"));
    EXPECT_FALSE(apply_request(&*got, request({kTimes + kPeople}), kFrom, kAnna)) << "the same";
}

TEST(ItipRequest, OnlyTheOrganizerInvitesAndOnlyAttendees) {
    const auto meeting = request({kTimes + kPeople});
    EXPECT_FALSE(apply_request(nullptr, meeting, "eve@example.org", kAnna)) << "X7";
    EXPECT_FALSE(apply_request(nullptr, meeting, kFrom, person("eve"))) << "not invited";
    EXPECT_FALSE(apply_request(nullptr, meeting, kFrom, kOlga)) << "one's own";
    const auto own = event_object({kTimes});
    const auto foreign =
        event_object({replace_all(kTimes + kPeople, "olga@example", "mallory@example")});
    const auto update = request({kTimes + kPeople + "SEQUENCE:9\r\n"});
    EXPECT_FALSE(apply_request(&own, update, kFrom, kAnna)) << "an event of one's own";
    EXPECT_FALSE(apply_request(&foreign, update, kFrom, kAnna)) << "another organizer's";
    const auto two = request({kTimes + kPeople, replace_all(kOverride, "olga@", "eve@")});
    EXPECT_FALSE(apply_request(nullptr, two, kFrom, kAnna)) << "two organizers";
}

TEST(ItipRequest, AnUpdateKeepsWhatIsTheAttendeesOwn) {
    const auto stored = event_object(
        {replace_all(kTimes + kPeople, "NEEDS-ACTION", "ACCEPTED") +
         "CATEGORIES:Mine\r\nX-LOCKSTEP-REPLY-TIME:20261121T000000Z\r\n"
         "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n"
         "TRIGGER:-PT7M\r\nEND:VALARM\r\n"}
    );
    const auto renamed = apply_request(
        &stored,
        request({replace_all(kTimes + kPeople, "20261120T1", "20261122T1") + "DESCRIPTION:more\r\n"}
        ),
        kFrom, kAnna
    );
    ASSERT_TRUE(renamed.has_value());
    for (const auto* kept :
         {"CATEGORIES:Mine", "TRIGGER:-PT7M", "PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:anna",
          "X-LOCKSTEP-REPLY-TIME", "BUSYSTATUS:BUSY", "DESCRIPTION:more"})
        EXPECT_THAT(flat(*renamed), HasSubstr(kept));
    const auto moved = apply_request(
        &stored,
        request({replace_all(kTimes + kPeople, "20261207T1", "20261208T1") + "SEQUENCE:1\r\n"}),
        kFrom, kAnna
    );
    ASSERT_TRUE(moved.has_value());
    for (const auto* kept :
         {"CATEGORIES:Mine", "TRIGGER:-PT7M", "PARTSTAT=NEEDS-ACTION", "BUSYSTATUS:TENTATIVE"})
        EXPECT_THAT(flat(*moved), HasSubstr(kept));
    EXPECT_THAT(flat(*moved), Not(HasSubstr("REPLY-TIME")));
}

TEST(ItipRequest, OlderOnesAreIgnored) {
    const auto stored = event_object({kTimes + kPeople + "SEQUENCE:3\r\n"});
    EXPECT_FALSE(apply_request(
        &stored,
        request({replace_all(kTimes, "20261120T1", "20261123T1") + kPeople + "SEQUENCE:2\r\n"}),
        kFrom, kAnna
    ));
    EXPECT_FALSE(apply_request(
        &stored,
        request(
            {replace_all(kTimes, "20261120T1", "20261101T1") + kPeople +
             "SEQUENCE:3\r\nLOCATION:R\r\n"}
        ),
        kFrom, kAnna
    ));
}

TEST(ItipRequest, OneOccurrenceJoinsItsSeries) {
    const auto stored = event_object({kSeries + "EXDATE:20261214T090000Z\r\n"});
    const auto got = apply_request(&stored, request({kOverride}), kFrom, kAnna);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->children.size(), 2U);
    EXPECT_FALSE(main_event(*got)->has("EXDATE")) << "it takes place again";
    EXPECT_FALSE(apply_request(&*got, request({kOverride}), kFrom, kAnna));
    const auto wrong = replace_all(kOverride, "ID:20261214T0", "ID:20261215T0");
    EXPECT_FALSE(apply_request(&stored, request({wrong}), kFrom, kAnna)) << "no such occurrence";
    // An invitation to one occurrence only, and then to another one.
    const auto orphan = apply_request(nullptr, request({kOverride}), kFrom, kAnna);
    ASSERT_TRUE(orphan.has_value());
    const auto second = apply_request(
        &*orphan, request({replace_all(kOverride, "20261214T", "20261221T")}), kFrom, kAnna
    );
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->children.size(), 2U);
    const auto whole = apply_request(&*second, request({kSeries}), kFrom, kAnna);
    ASSERT_TRUE(whole.has_value());
    EXPECT_FALSE(main_event(*whole)->has("RECURRENCE-ID"));
    EXPECT_EQ(whole->children.size(), 3U);
}

TEST(ItipRequest, AMovedSeriesLosesItsChangedOccurrences) {
    const auto stored = event_object({kSeries, kOverride});
    const auto same = apply_request(
        &stored, request({replace_all(kSeries, "Plan", "Plans") + "SEQUENCE:1\r\n"}), kFrom, kAnna
    );
    ASSERT_TRUE(same.has_value());
    EXPECT_EQ(same->children.size(), 2U);
    const auto moved = apply_request(
        &stored, request({replace_all(kSeries, "COUNT=5", "COUNT=9") + "SEQUENCE:1\r\n"}), kFrom,
        kAnna
    );
    ASSERT_TRUE(moved.has_value());
    EXPECT_EQ(moved->children.size(), 1U);
}

TEST(ItipCancel, OnlyTheStoredOrganizerCancels) {
    const auto stored = event_object({kTimes + kPeople});
    const auto cancel = event_object({kTimes + kPeople + "SEQUENCE:1\r\nSTATUS:CANCELLED\r\n"});
    const auto got = apply_cancel(stored, cancel, kFrom, kAnna);
    ASSERT_TRUE(got.has_value());
    EXPECT_TRUE(is_cancelled(*main_event(*got)));
    EXPECT_EQ(busy_of(*main_event(*got)), Busy::free);
    EXPECT_FALSE(apply_cancel(*got, cancel, kFrom, kAnna)) << "twice";
    EXPECT_FALSE(apply_cancel(stored, cancel, "ben@example.org", kAnna)) << "X7";
    const auto forged = event_object(
        {replace_all(kTimes + kPeople, "olga@", "eve@") + "SEQUENCE:1\r\nSTATUS:CANCELLED\r\n"}
    );
    EXPECT_FALSE(apply_cancel(stored, forged, "eve@example.org", kAnna)) << "X7";
    const auto later = event_object({kTimes + kPeople + "SEQUENCE:2\r\n"});
    EXPECT_FALSE(apply_cancel(later, cancel, kFrom, kAnna)) << "outdated";
}

TEST(ItipCancel, OneOccurrence) {
    const auto stored = event_object({kSeries});
    const auto cancel = event_object({kOverride + "SEQUENCE:1\r\nSTATUS:CANCELLED\r\n"});
    const auto got = apply_cancel(stored, cancel, kFrom, kAnna);
    ASSERT_TRUE(got.has_value());
    ASSERT_EQ(got->children.size(), 2U);
    EXPECT_FALSE(is_cancelled(got->children[0]));
    EXPECT_TRUE(is_cancelled(got->children[1]));
    EXPECT_FALSE(apply_cancel(*got, cancel, kFrom, kAnna));
    const auto nowhere = replace_all(kOverride, "ID:20261214", "ID:20261215");
    EXPECT_FALSE(
        apply_cancel(stored, event_object({nowhere + "SEQUENCE:1\r\n"}), kFrom, kAnna).has_value()
    );
}

TEST(ItipAdd, OneMoreOccurrence) {
    const auto stored = event_object({kSeries});
    const auto add =
        event_object({replace_all(kTimes, "20261207T", "20261209T") + kPeople + "SEQUENCE:1\r\n"});
    const auto got = apply_add(stored, add, kFrom, kAnna);
    ASSERT_TRUE(got.has_value());
    EXPECT_THAT(flat(*got), HasSubstr("RDATE:20261209T090000Z\r\n"));
    EXPECT_FALSE(apply_add(*got, add, kFrom, kAnna));
    EXPECT_FALSE(apply_add(stored, add, "ben@example.org", kAnna));
}

// Answers --------------------------------------------------------------------------------------

Component
answer(const Component& stored, const std::string& participation, std::string_view who = "anna") {
    return answer_message(*main_event(stored), {participation, "", {}}, person(std::string(who)))
        .calendar;
}

TEST(ItipReply, SetsThatAttendeesAnswer) {
    const auto stored = event_object({kTimes + kPeople});
    const auto reply = answer(stored, "ACCEPTED");
    EXPECT_THAT(flat(reply), HasSubstr("METHOD:REPLY\r\n"));
    EXPECT_THAT(flat(reply), Not(HasSubstr("ben@")));
    const auto got = apply_reply(stored, reply, Method::reply, "anna@example.org", kOlga);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(
        find_attendee(*main_event(*got), "anna@example.org")->parameter("PARTSTAT"), "ACCEPTED"
    );
    EXPECT_FALSE(apply_reply(*got, reply, Method::reply, "anna@example.org", kOlga)) << "twice";
    EXPECT_FALSE(apply_reply(stored, reply, Method::reply, "ben@example.org", kOlga))
        << "X7: for somebody else";
    EXPECT_FALSE(apply_reply(
        stored, answer(stored, "ACCEPTED", "eve"), Method::reply, "eve@example.org", kOlga
    )) << "not invited";
    EXPECT_FALSE(apply_reply(stored, reply, Method::reply, "anna@example.org", kAnna))
        << "not the organizer's copy";
}

TEST(ItipReply, AnOlderAnswerNeverWins) {
    const auto stored = event_object({kTimes + kPeople});
    const auto early = answer(stored, "ACCEPTED");
    auto later_anna = kAnna;
    later_anna.now += 60;
    const auto late =
        answer_message(*main_event(stored), {"DECLINED", "", {}}, later_anna).calendar;
    const auto got = apply_reply(stored, late, Method::reply, "anna@example.org", kOlga);
    ASSERT_TRUE(got.has_value());
    EXPECT_FALSE(apply_reply(*got, early, Method::reply, "anna@example.org", kOlga));
    const auto moved = event_object({kTimes + kPeople + "SEQUENCE:1\r\n"});
    EXPECT_FALSE(apply_reply(moved, late, Method::reply, "anna@example.org", kOlga))
        << "to a meeting at another time";
}

TEST(ItipReply, ToOneOccurrenceMakesIt) {
    const auto stored = event_object({kSeries});
    const auto series = Series::read(stored, "VEVENT", utc_zone());
    const auto civil = find_occurrence(*series, 1'797'843'600 - 600);
    ASSERT_TRUE(civil.has_value());
    const auto reply =
        answer_message(occurrence_component(*series, *civil), {"DECLINED", "no", {}}, kAnna);
    EXPECT_THAT(flat(reply.calendar), HasSubstr("RECURRENCE-ID:2026122"));
    const auto got = apply_reply(stored, reply.calendar, Method::reply, "anna@example.org", kOlga);
    ASSERT_TRUE(got.has_value());
    ASSERT_EQ(got->children.size(), 2U);
    EXPECT_EQ(
        find_attendee(got->children[1], "anna@example.org")->parameter("PARTSTAT"), "DECLINED"
    );
    EXPECT_EQ(
        find_attendee(got->children[0], "anna@example.org")->parameter("PARTSTAT"), "NEEDS-ACTION"
    );
}

TEST(ItipCounter, ProposesWithoutMoving) {
    const auto stored = event_object({kTimes + kPeople});
    const auto counter = answer_message(
        *main_event(stored), {"TENTATIVE", "", std::pair(1'797'250'000, 1'797'253'600)}, kAnna
    );
    EXPECT_EQ(counter.method, Method::counter);
    EXPECT_THAT(flat(counter.calendar), HasSubstr("X-MS-OLK-ORIGINALSTART:20261207T090000Z\r\n"));
    const auto got =
        apply_reply(stored, counter.calendar, Method::counter, "anna@example.org", kOlga);
    ASSERT_TRUE(got.has_value());
    EXPECT_THAT(flat(*got), HasSubstr("DTSTART:20261207T090000Z\r\n"));
    EXPECT_THAT(flat(*got), HasSubstr("PARTSTAT=TENTATIVE"));
    const auto declined = decline_counter(counter.calendar, "anna@example.org", kOlga);
    ASSERT_TRUE(declined.has_value());
    EXPECT_EQ(declined->method, Method::decline_counter);
    EXPECT_FALSE(decline_counter(counter.calendar, "eve@example.org", kOlga).has_value());
}

TEST(ItipAnswer, SettlesTheTime) {
    auto event = *main_event(event_object({kTimes + "X-MICROSOFT-CDO-INTENDEDSTATUS:OOF\r\n"}));
    settle_busy(event, "ACCEPTED");
    EXPECT_EQ(busy_of(event), Busy::away);
    settle_busy(event, "TENTATIVE");
    EXPECT_EQ(busy_of(event), Busy::tentative);
}

TEST(Itip, KnowsItsMethods) {
    for (const auto* word :
         {"PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"})
        EXPECT_EQ(name_of(method_of(lower(word)).value()), word);
    EXPECT_FALSE(method_of("X-THING").has_value());
}

} // namespace
} // namespace lockstep::ical
