// Meetings that arrive: what a delivered message changes in its recipients' calendars, in the same
// commit as its copy.
// Spec: RFC 5546 3.2, RFC 6047 2.2. Hardening X6 (strangers), X7 (forgery), X10.
// Invariants: the message itself is delivered whatever becomes of this; repeated delivery changes
// nothing twice; a stranger gets neither an entry in a calendar nor an automatic answer. Internal
// to office/.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "office/office.hpp"
#include "office/scheduling_mail.hpp"
#include "office/scheduling_policy.hpp"

namespace lockstep::office {

/// A recipient of a message about a meeting, as its calendar must know it.
struct MeetingGuest {
    directory::Account account;
    ical::Participant self;
    bool knows_sender = false; ///< no stranger's invitation
    /// Of answers: groups and others in whose calendars this person may have the meeting.
    std::vector<model::AccountId> shared;
};
/// Empty when the message is about no meeting, or when nobody can tell that it is from whom it
/// says.
using MeetingGuests = std::map<model::AccountId, MeetingGuest>;
[[nodiscard]] Task<Result<MeetingGuests>> find_guests(
    Office& office, std::shared_ptr<const MeetingMail> mail,
    std::vector<model::AccountId> recipients
);

/// Inside a job of the recipient's file, after its copy was put in. Nothing happens for an account
/// that is no guest. Answers that it makes due are queued (scheduling_queue.hpp).
void receive_meeting(
    store::Txn& txn, Office& office, const MeetingGuests& guests, model::AccountId recipient,
    const MeetingMail& mail
);
/// After the commit: takes answers into meetings that lie in shared calendars, which are in other
/// files, and sends what was queued.
[[nodiscard]] Task<void> answer_meetings(
    Office& office, const MeetingGuests& guests, std::shared_ptr<const MeetingMail> mail
);

/// A stored meeting.
struct StoredMeeting {
    model::Collection calendar;
    model::Item item;
    ical::Component object;
};
/// The event with that UID in the account's own calendars, the main one first.
[[nodiscard]] std::optional<StoredMeeting> find_meeting(
    store::Snapshot& snapshot, Office& office, model::AccountId account, const std::string& uid
);
/// Adds the object to the main calendar, or puts it in the place of `stored`; in the office's name,
/// so that every device is told.
[[nodiscard]] Result<model::Item> put_meeting(
    store::Txn& txn, Office& office, const directory::Account& account,
    const std::optional<StoredMeeting>& stored, const ical::Component& object
);
[[nodiscard]] Result<>
drop_meeting(store::Txn& txn, const directory::Account& account, const StoredMeeting& stored);

/// A room's or other resource's own answer to a request: it accepts what finds it free, and refuses
/// the rest.
[[nodiscard]] Result<> book_resource(
    store::Txn& txn, Office& office, const MeetingGuest& resource, const MeetingMail& mail
);

} // namespace lockstep::office
