// Meetings in the office: invitations reach calendars, answers come back, strangers stay outside,
// nothing is said twice and nothing is lost.
#include "office/scheduling.hpp"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "codec/mime/digest.hpp"
#include "office/delivery.hpp"
#include "office/delivery_test_support.hpp"
#include "office/objects.hpp"
#include "office/scheduling_incoming.hpp"
#include "office/scheduling_queue.hpp"
#include "office/submission.hpp"

namespace lockstep::office {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kWhen = "DTSTAMP:20261124T000000Z\r\nDTSTART:20261207T090000Z\r\n"
                          "DTEND:20261207T100000Z\r\nSUMMARY:Plan\r\n";

std::string meeting_object(const std::string& properties, std::string_view method = "") {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n" +
           (method.empty() ? std::string() : fmt::format("METHOD:{}\r\n", method)) +
           "BEGIN:VEVENT\r\nUID:m1\r\n" + properties + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}
std::string people(const std::string& organizer, const std::string& attendees) {
    std::string out = "ORGANIZER:mailto:" + organizer + "\r\n";
    for (const auto part : split(attendees, ','))
        out += fmt::format("ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{}\r\n", part);
    return out;
}
std::string imip(
    const std::string& from, const std::string& to, const std::string& object,
    std::string_view method
) {
    return fmt::format(
        "From: {}\r\nTo: {}\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/calendar; method={}; charset=utf-8\r\n\r\n{}",
        from, to, method, object
    );
}

class MeetingTest : public testing::OfficeTest {
protected:
    /// What the organizer's door does with an event: plan, store, queue, commit, send.
    void change(const directory::Account& who, const std::string& after) {
        std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
            const Actor actor{who, {}};
            const auto stored = find_meeting(txn, office(), who.id, "m1");
            const auto before = stored ? *object_bytes(txn, office(), stored->item) : std::string();
            TRY(const auto planned, plan_meeting(office(), actor, before, after));
            auto calendar = store::find_by_role(txn, who.id, model::Role::calendar);
            const Folder folder{.collection = *calendar, .right = model::Right::own};
            if (after.empty()) {
                CHECK_OK(remove_object(txn, actor, folder, stored->item));
            } else if (stored) {
                CHECK_OK(replace_object(txn, office(), actor, folder, stored->item, planned.bytes));
            } else {
                TRY(const auto added,
                    add_object(txn, office(), actor, folder, planned.bytes, true));
                (void)added;
            }
            CHECK_OK(queue_meeting(txn, office(), actor, who.id, planned));
            return true;
        };
        const auto done = block_on(house->db->write<bool>(who.id, std::move(work)));
        ASSERT_TRUE(done.has_value()) << done.error().text;
    }
    void send(const directory::Account& who) { run_to_end(send_queued_letters(office(), who.id)); }
    std::string stored(const directory::Account& who) {
        std::function<Result<std::string>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                                    ) -> Result<std::string> {
            const auto found = find_meeting(snapshot, office(), who.id, "m1");
            if (!found)
                return std::string();
            TRY(const auto bytes, object_bytes(snapshot, office(), found->item));
            return replace_all(bytes, "\r\n ", "");
        };
        return *block_on(house->db->read<std::string>(who.id, std::move(work)));
    }
    std::vector<std::string> classes(const directory::Account& who) {
        std::vector<std::string> all;
        for (const auto& mail : house->inbox(who.id))
            all.push_back(mime::make_digest(mail).message_class.substr(13));
        return all;
    }
    model::Item newest(const directory::Account& who, model::Role role) {
        std::function<Result<model::Item>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                                    ) -> Result<model::Item> {
            const auto folder = store::find_by_role(snapshot, who.id, role);
            auto items = store::changed_items(
                snapshot, who.id, folder->id, {}, model::Uid{store::kLastUid}, 1
            );
            if (items.empty())
                return fail(Code::not_found, "nothing there");
            return items.front();
        };
        return *block_on(house->db->read<model::Item>(who.id, std::move(work)));
    }
    Result<AnsweredMeeting> answer_mail(
        const directory::Account& who, AttendeeReply reply, std::string name = "",
        std::optional<std::pair<std::int64_t, std::int64_t>> proposal = {}
    ) {
        const auto mail = newest(who, model::Role::inbox);
        MeetingAnswer answer;
        answer.folder = mail.collection;
        answer.uid = mail.uid;
        answer.reply = reply;
        answer.name = std::move(name);
        answer.proposal = proposal;
        return block_on(answer_meeting(office(), {who, {}}, std::move(answer)));
    }
    Result<> from_outside(
        const std::string& from, const directory::Account& to, const std::string& object,
        std::string_view method
    ) {
        Envelope envelope;
        envelope.reverse_path = from;
        envelope.recipients = {to.id};
        return block_on(
            deliver(office(), std::move(envelope), imip(from, to.address, object, method))
        );
    }
    Result<> from_phone(
        const directory::Account& who, const std::string& to, const std::string& object,
        std::string_view method
    ) {
        Submission submission;
        submission.mime = imip(who.address, to, object, method);
        return block_on(submit(office(), {who, {}}, std::move(submission)));
    }
    std::string plan = kWhen + people("anna@example.org", "bert@example.org,carl@example.org");
};

TEST_F(MeetingTest, InvitedPeopleHaveItInInboxAndCalendarAtOnce) {
    change(anna, meeting_object(plan));
    EXPECT_THAT(house->inbox(bert.id), IsEmpty());
    send(anna);
    for (const auto* who : {&bert, &carl}) {
        EXPECT_THAT(classes(*who), ElementsAre("Meeting.Request"));
        EXPECT_THAT(stored(*who), HasSubstr("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"));
    }
    send(anna);
    EXPECT_THAT(house->inbox(bert.id), ::testing::SizeIs(1)) << "nothing is sent twice";
    EXPECT_THAT(house->mails(anna.id, model::Role::sent), ::testing::SizeIs(1));
}

TEST_F(MeetingTest, ACrashBetweenCommitAndSendingLosesNothing) {
    change(anna, meeting_object(plan));
    crash();
    EXPECT_EQ(block_on(resume_meetings(office())).value_or(0), 1U);
    EXPECT_THAT(classes(bert), ElementsAre("Meeting.Request"));
    EXPECT_EQ(block_on(resume_meetings(office())).value_or(9), 0U);
}

TEST_F(MeetingTest, AFileThatCannotBeWrittenDelaysOnlyItsOwnPeople) {
    change(anna, meeting_object(plan));
    house->break_file(bert.id);
    send(anna);
    house->mend();
    EXPECT_EQ(block_on(resume_fan_out(office())).value_or(9), 0U);
    EXPECT_THAT(classes(bert), ElementsAre("Meeting.Request"));
    EXPECT_THAT(classes(carl), ElementsAre("Meeting.Request"));
    EXPECT_THAT(stored(bert), HasSubstr("UID:m1"));
}

TEST_F(MeetingTest, AnswersComeBackIntoTheOrganizersEvent) {
    change(anna, meeting_object(plan));
    send(anna);
    const auto accepted = answer_mail(bert, AttendeeReply::accepted);
    ASSERT_TRUE(accepted.has_value()) << accepted.error().text;
    EXPECT_TRUE(accepted->uid);
    EXPECT_THAT(house->inbox(bert.id), IsEmpty()) << "the request went to the Trash";
    EXPECT_THAT(house->mails(bert.id, model::Role::trash), ::testing::SizeIs(1));
    EXPECT_THAT(stored(bert), HasSubstr("X-MICROSOFT-CDO-BUSYSTATUS:BUSY"));
    EXPECT_THAT(classes(anna), ElementsAre("Meeting.Resp.Pos"));
    EXPECT_THAT(
        stored(anna), HasSubstr("PARTSTAT=ACCEPTED;X-LOCKSTEP-REPLIED=1795500000:mailto:bert")
    );
    const auto declined = answer_mail(carl, AttendeeReply::declined);
    ASSERT_TRUE(declined.has_value());
    EXPECT_FALSE(declined->uid);
    EXPECT_THAT(stored(carl), IsEmpty());
    EXPECT_THAT(stored(anna), HasSubstr("PARTSTAT=DECLINED"));
}

TEST_F(MeetingTest, ARepeatedAnswerIsAnsweredTheSameAndSentOnce) {
    change(anna, meeting_object(plan));
    send(anna);
    const auto mail = newest(bert, model::Role::inbox);
    MeetingAnswer answer;
    answer.folder = mail.collection;
    answer.uid = mail.uid;
    answer.name = "r1";
    const auto first = block_on(answer_meeting(office(), {bert, {}}, answer));
    const auto second = block_on(answer_meeting(office(), {bert, {}}, answer));
    ASSERT_TRUE(first.has_value() && second.has_value());
    EXPECT_EQ(first->uid, second->uid);
    EXPECT_THAT(house->inbox(anna.id), ::testing::SizeIs(1));
}

TEST_F(MeetingTest, AProposalMovesNothingUntilTheOrganizerDoes) {
    change(anna, meeting_object(plan));
    send(anna);
    const auto proposed =
        answer_mail(bert, AttendeeReply::tentative, "", std::pair(1'796'720'400, 1'796'724'000));
    ASSERT_TRUE(proposed.has_value());
    EXPECT_THAT(stored(anna), HasSubstr("DTSTART:20261207T090000Z"));
    EXPECT_THAT(stored(anna), HasSubstr("PARTSTAT=TENTATIVE"));
    EXPECT_THAT(house->inbox(anna.id).back(), HasSubstr("method=COUNTER"));
    const auto mail = newest(anna, model::Role::inbox);
    const auto declined =
        block_on(decline_proposal(office(), {anna, {}}, mail.collection, mail.uid));
    ASSERT_TRUE(declined.has_value()) << declined.error().text;
    EXPECT_THAT(house->inbox(bert.id).back(), HasSubstr("method=DECLINECOUNTER"));
}

TEST_F(MeetingTest, ChangesAndCancellationsFollow) {
    change(anna, meeting_object(plan));
    send(anna);
    (void)answer_mail(bert, AttendeeReply::accepted);
    change(anna, replace_all(stored(anna), "20261207T", "20261208T"));
    send(anna);
    EXPECT_THAT(stored(anna), Not(HasSubstr("ACCEPTED"))) << "answers to another time";
    EXPECT_THAT(stored(bert), HasSubstr("DTSTART:20261208T090000Z"));
    EXPECT_THAT(stored(bert), HasSubstr("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"));
    change(anna, "");
    send(anna);
    EXPECT_THAT(stored(bert), HasSubstr("STATUS:CANCELLED"));
    EXPECT_THAT(classes(bert), ElementsAre("Meeting.Request", "Meeting.Canceled"));
}

TEST_F(MeetingTest, AnEchoTellsNobody) {
    change(anna, meeting_object(plan));
    send(anna);
    change(anna, stored(anna));
    change(anna, replace_all(stored(anna), "SUMMARY", "CATEGORIES:Mine\r\nSUMMARY"));
    send(anna);
    EXPECT_THAT(house->inbox(bert.id), ::testing::SizeIs(1));
}

TEST_F(MeetingTest, X6StrangersStayInTheMail) {
    const auto request =
        meeting_object(kWhen + people("spam@example.net", "bert@example.org"), "REQUEST");
    ASSERT_TRUE(from_outside("spam@example.net", bert, request, "REQUEST").has_value());
    EXPECT_THAT(classes(bert), ElementsAre("Meeting.Request"));
    EXPECT_THAT(stored(bert), IsEmpty());
    EXPECT_EQ(house->spooled(), 0) << "and hear nothing";
    const auto accepted = answer_mail(bert, AttendeeReply::declined);
    EXPECT_TRUE(accepted.has_value()) << "a person may answer";
}

TEST_F(MeetingTest, X6KnownPeopleAreNoStrangers) {
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        auto contacts = store::find_by_role(txn, bert.id, model::Role::contacts);
        const Folder folder{.collection = *contacts, .right = model::Right::own};
        const auto added = add_object(
            txn, office(), {bert, {}}, folder,
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Olga\r\nEMAIL:Olga@example.net\r\n"
            "END:VCARD\r\n",
            false
        );
        EXPECT_TRUE(added.has_value());
        return true;
    };
    EXPECT_TRUE(block_on(house->db->write<bool>(bert.id, std::move(work))).has_value());
    const auto request =
        meeting_object(kWhen + people("olga@example.net", "bert@example.org"), "REQUEST");
    ASSERT_TRUE(from_outside("olga@example.net", bert, request, "REQUEST").has_value());
    EXPECT_THAT(stored(bert), HasSubstr("UID:m1"));
}

TEST_F(MeetingTest, X6TheAccountDecides) {
    const auto request =
        meeting_object(kWhen + people("spam@example.net", "bert@example.org"), "REQUEST");
    std::function<Result<bool>(store::Txn&)> open = [&](store::Txn& txn) -> Result<bool> {
        set_invitation_policy(txn, bert.id, InvitationPolicy::everybody);
        return true;
    };
    EXPECT_TRUE(block_on(house->db->write<bool>(bert.id, std::move(open))).has_value());
    ASSERT_TRUE(from_outside("spam@example.net", bert, request, "REQUEST").has_value());
    EXPECT_THAT(stored(bert), HasSubstr("UID:m1"));
    std::function<Result<bool>(store::Txn&)> close = [&](store::Txn& txn) -> Result<bool> {
        set_invitation_policy(txn, carl.id, InvitationPolicy::nobody);
        return true;
    };
    EXPECT_TRUE(block_on(house->db->write<bool>(carl.id, std::move(close))).has_value());
    change(anna, meeting_object(replace_all(plan, "bert", "dora")));
    send(anna);
    EXPECT_THAT(stored(carl), IsEmpty());
    EXPECT_THAT(classes(carl), ElementsAre("Meeting.Request"));
}

TEST_F(MeetingTest, X7ForgedMessagesAreJustMail) {
    change(anna, meeting_object(plan));
    send(anna);
    const auto held = stored(bert);
    const auto own = stored(anna);
    const auto cancel = meeting_object(plan + "SEQUENCE:9\r\nSTATUS:CANCELLED\r\n", "CANCEL");
    // From outside in the organizer's name, from another person inside, from an attendee.
    ASSERT_TRUE(from_outside("anna@example.org", bert, cancel, "CANCEL").has_value());
    ASSERT_TRUE(from_phone(dora, "bert@example.org", cancel, "CANCEL").has_value());
    ASSERT_TRUE(from_phone(carl, "bert@example.org", cancel, "CANCEL").has_value());
    EXPECT_EQ(stored(bert), held);
    const auto reply = meeting_object(
        kWhen + "ORGANIZER:mailto:anna@example.org\r\n"
                "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bert@example.org\r\n",
        "REPLY"
    );
    ASSERT_TRUE(from_phone(carl, "anna@example.org", reply, "REPLY").has_value());
    ASSERT_TRUE(from_outside("bert@example.org", anna, reply, "REPLY").has_value());
    EXPECT_EQ(stored(anna), own);
    // Two methods are two opinions.
    ASSERT_TRUE(from_phone(
                    bert, "anna@example.org", replace_all(reply, "METHOD:REPLY", "METHOD:REQUEST"),
                    "REPLY"
    )
                    .has_value());
    EXPECT_EQ(stored(anna), own);
    ASSERT_TRUE(from_phone(bert, "anna@example.org", reply, "REPLY").has_value());
    EXPECT_NE(stored(anna), own) << "the true one";
}

TEST_F(MeetingTest, Quirk22TheSameInvitationIsNotSentTwice) {
    const auto object = meeting_object(plan, "REQUEST");
    ASSERT_TRUE(from_phone(anna, "bert@example.org", object, "REQUEST").has_value());
    const auto again = replace_all(object, "20261124T000000Z", "20261125T000000Z");
    ASSERT_TRUE(from_phone(anna, "bert@example.org", again, "REQUEST").has_value());
    EXPECT_THAT(house->inbox(bert.id), ::testing::SizeIs(1));
    EXPECT_THAT(house->mails(anna.id, model::Role::sent), ::testing::SizeIs(1));
    const auto moved = replace_all(object, "T090000Z", "T080000Z");
    ASSERT_TRUE(from_phone(anna, "bert@example.org", moved, "REQUEST").has_value());
    ASSERT_TRUE(from_phone(anna, "bert@example.org", object, "REQUEST").has_value());
    EXPECT_THAT(house->inbox(bert.id), ::testing::SizeIs(3)) << "and back: that is news";
    ASSERT_TRUE(from_phone(anna, "dora@example.org", object, "REQUEST").has_value());
    EXPECT_THAT(house->inbox(dora.id), ::testing::SizeIs(1)) << "somebody else";
}

TEST_F(MeetingTest, ARefreshIsAnsweredOnceInAWhile) {
    change(anna, meeting_object(plan));
    send(anna);
    const auto refresh = meeting_object(
        "DTSTAMP:20261124T000000Z\r\nORGANIZER:mailto:anna@example.org\r\n"
        "ATTENDEE:mailto:bert@example.org\r\n",
        "REFRESH"
    );
    ASSERT_TRUE(from_phone(bert, "anna@example.org", refresh, "REFRESH").has_value());
    ASSERT_TRUE(from_phone(dora, "anna@example.org", refresh, "REFRESH").has_value());
    EXPECT_THAT(house->inbox(bert.id), ::testing::SizeIs(2));
    EXPECT_THAT(house->inbox(dora.id), IsEmpty());
    ASSERT_TRUE(from_phone(bert, "anna@example.org", refresh, "REFRESH").has_value());
    EXPECT_THAT(house->inbox(bert.id), ::testing::SizeIs(2));
}

TEST_F(MeetingTest, ARoomAcceptsWhatFindsItFreeAndRefusesTheRest) {
    const auto room = block_on(house->people->add_account(
        {.address = "room@example.org", .kind = model::AccountKind::resource, .name = "Room 1"}
    ));
    ASSERT_TRUE(room.has_value());
    change(anna, meeting_object(kWhen + people("anna@example.org", "room@example.org")));
    send(anna);
    EXPECT_THAT(classes(anna), ElementsAre("Meeting.Resp.Pos"));
    EXPECT_THAT(stored(anna), HasSubstr("PARTSTAT=ACCEPTED"));
    EXPECT_THAT(stored(*room), HasSubstr("X-MICROSOFT-CDO-BUSYSTATUS:BUSY"));
    const auto other = replace_all(
        meeting_object(
            replace_all(kWhen, "T090000Z", "T093000Z") +
            people("bert@example.org", "room@example.org")
        ),
        "UID:m1", "UID:m2"
    );
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        TRY(const auto second, plan_meeting(office(), {bert, {}}, "", other));
        return queue_meeting(txn, office(), {bert, {}}, bert.id, second).has_value();
    };
    EXPECT_TRUE(block_on(house->db->write<bool>(bert.id, std::move(work))).value_or(false));
    send(bert);
    EXPECT_THAT(classes(bert), ElementsAre("Meeting.Resp.Neg"));
    change(anna, "");
    send(anna);
    EXPECT_THAT(stored(*room), IsEmpty());
    // Nobody from outside books, and nobody outside is answered.
    ASSERT_TRUE(
        from_outside(
            "spam@example.net", *room,
            meeting_object(kWhen + people("spam@example.net", "room@example.org"), "REQUEST"),
            "REQUEST"
        )
            .has_value()
    );
    EXPECT_THAT(stored(*room), IsEmpty());
}

TEST_F(MeetingTest, AnswersReachAMeetingInAGroupsCalendar) {
    const auto group = block_on(house->people->add_account(
        {.address = "team@example.org", .kind = model::AccountKind::group, .name = "Team"}
    ));
    ASSERT_TRUE(group.has_value());
    ASSERT_TRUE(block_on(house->people->add_member(group->id, anna.id, model::Right::edit)));
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        const Actor actor{anna, {}};
        TRY(const auto planned, plan_meeting(office(), actor, "", meeting_object(plan)));
        auto calendar = store::find_by_role(txn, group->id, model::Role::calendar);
        const Folder folder{.collection = *calendar, .right = model::Right::edit, .own = false};
        TRY(const auto added, add_object(txn, office(), actor, folder, planned.bytes, true));
        (void)added;
        CHECK_OK(queue_meeting(txn, office(), actor, group->id, planned));
        return true;
    };
    ASSERT_TRUE(block_on(house->db->write<bool>(group->id, std::move(work))).has_value());
    send(*group);
    ASSERT_TRUE(answer_mail(bert, AttendeeReply::accepted).has_value());
    EXPECT_THAT(stored(*group), HasSubstr("PARTSTAT=ACCEPTED"));
    EXPECT_THAT(stored(anna), IsEmpty());
}

TEST_F(MeetingTest, OnesOwnMeetingIsNotAnswered) {
    change(anna, meeting_object(plan));
    const auto item = newest(anna, model::Role::calendar);
    MeetingAnswer answer;
    answer.folder = item.collection;
    answer.uid = item.uid;
    EXPECT_EQ(block_on(answer_meeting(office(), {anna, {}}, answer)).error().code, Code::bad_value);
    answer.uid = model::Uid{99};
    EXPECT_EQ(block_on(answer_meeting(office(), {anna, {}}, answer)).error().code, Code::not_found);
}

TEST_F(MeetingTest, OneOccurrenceIsAnsweredByItself) {
    change(anna, meeting_object(plan + "RRULE:FREQ=WEEKLY;COUNT=4\r\n"));
    send(anna);
    const auto item = newest(bert, model::Role::calendar);
    MeetingAnswer answer;
    answer.folder = item.collection;
    answer.uid = item.uid;
    answer.instance = "2026-12-14T09:00:00.000Z";
    answer.reply = AttendeeReply::tentative;
    ASSERT_TRUE(block_on(answer_meeting(office(), {bert, {}}, answer)).has_value());
    EXPECT_THAT(stored(anna), HasSubstr("RECURRENCE-ID:20261214T090000Z"));
    answer.instance = "2026-12-21T09:00:00.000Z";
    answer.reply = AttendeeReply::declined;
    ASSERT_TRUE(block_on(answer_meeting(office(), {bert, {}}, answer)).has_value());
    EXPECT_THAT(stored(bert), HasSubstr("EXDATE:20261221T090000Z"));
    EXPECT_THAT(stored(anna), HasSubstr("PARTSTAT=DECLINED"));
    answer.instance = "2026-12-22T09:00:00.000Z";
    EXPECT_EQ(block_on(answer_meeting(office(), {bert, {}}, answer)).error().code, Code::bad_value);
    answer.instance = "soon";
    EXPECT_EQ(
        block_on(answer_meeting(office(), {bert, {}}, answer)).error().code, Code::bad_syntax
    );
}

} // namespace
} // namespace lockstep::office
