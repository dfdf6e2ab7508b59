// Meetings, for all doors: an organizer's change of an event and what the attendees are told of it;
// an attendee's answer.
// Spec: RFC 5546, RFC 6047; MS-ASCMD 2.2.1.11 (MeetingResponse), MS-ASCAL 2.2.2.29 (MeetingStatus).
// Invariants: what is to be sent is committed with the change that causes it and sent afterwards,
// so that neither is without the other; people of this office and people outside get the same
// message, those of this office have it in their calendars with its delivery. Hardening X6, X7, D2,
// D7.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/ical/itip.hpp"
#include "office/office.hpp"

namespace lockstep::office {

/// An event as it is to be stored, and what is to be told.
struct MeetingChange {
    std::string bytes; ///< empty: the event is removed
    std::vector<ical::ItipMessage> messages;
};
/// For doors at which the server invites. Either text may be empty: a new event, a removed one.
/// Nothing is told when the actor is not the organizer. Errors: bad_syntax (`after` is no object).
[[nodiscard]] Result<MeetingChange>
plan_meeting(Office& office, const Actor& actor, std::string_view before, std::string after);
/// In the job that stores the event in a folder of `owner`. Call send_queued_letters() after its
/// commit. Error: too_large (too much waits to be sent).
[[nodiscard]] Result<> queue_meeting(
    store::Txn& txn, Office& office, const Actor& actor, model::AccountId owner,
    const MeetingChange& change
);

/// Submits what waits in an account. Safe at any time, also twice at once. A failure that may pass
/// leaves the rest to resume_meetings().
[[nodiscard]] Task<void> send_queued_letters(Office& office, model::AccountId owner);
/// Submits what a crash or a full disk left behind, in all accounts. The number of accounts that
/// had something.
[[nodiscard]] Task<Result<std::size_t>> resume_meetings(Office& office);

/// The stored form of the event with that UID in the account's own calendars.
[[nodiscard]] std::optional<std::string> meeting_bytes(
    store::Snapshot& snapshot, Office& office, model::AccountId account, const std::string& uid
);

/// How an attendee answers a meeting.
enum class AttendeeReply : std::uint8_t { accepted, tentative, declined };
struct MeetingAnswer {
    /// In the actor's own account: a mail that carries a request, or the event.
    model::CollectionId folder;
    model::Uid uid;
    AttendeeReply reply = AttendeeReply::accepted;
    std::string instance; ///< of an event: one occurrence's original start, UTC; empty: all of them
    bool send = true;     ///< tell the organizer
    std::string comment;  ///< to the organizer
    bool comment_is_html = false;
    std::optional<std::pair<std::int64_t, std::int64_t>> proposal; ///< UTC seconds
    /// The device's name of this answer: one that comes again is answered as before and does
    /// nothing; empty: none.
    std::string name;
};
/// Where the meeting is in the calendar now.
struct AnsweredMeeting {
    model::CollectionId calendar;
    model::Uid uid; ///< none: it was declined and is gone
};
/// Notes the answer in the calendar (a declined meeting leaves it), moves the mail to the Trash,
/// and tells the organizer. Errors: not_found (no such item), bad_value (no meeting, or one's own;
/// no such occurrence), bad_syntax (the instance is no date), unsupported (an occurrence of what
/// does not recur), forbidden (a proposal that the organizer does not take), over_quota.
[[nodiscard]] Task<Result<AnsweredMeeting>>
answer_meeting(Office& office, const Actor& actor, MeetingAnswer answer);

/// Tells an attendee that the time proposed in this mail is not taken (DECLINECOUNTER). Errors:
/// not_found, bad_value (no proposal for a meeting of the actor's).
[[nodiscard]] Task<Result<>>
decline_proposal(Office& office, const Actor& actor, model::CollectionId folder, model::Uid mail);

} // namespace lockstep::office
