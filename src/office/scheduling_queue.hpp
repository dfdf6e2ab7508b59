// Messages about meetings between the commit that makes them due and their submission; and what was
// last told to whom.
// Spec: RFC 5546 2.1; quirk 22 of phones (the same invitation again and again). Hardening D2, D7.
// Invariants: a message is queued in the commit that makes it due, so that none is lost; its
// submission is named by its row, so that none is sent twice; the row goes when everybody has it or
// cannot have it. Internal to office/. Errors: too_large (limits::kMeetingQueue), unavailable.
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"
#include "office/scheduling.hpp"
#include "office/scheduling_mail.hpp"

namespace lockstep::office {

/// Inside a job of the owner's file: the message goes out in the name of `sender`.
[[nodiscard]] Result<> queue_letter(
    store::Txn& txn, model::AccountId owner, model::AccountId sender, const MeetingLetter& letter,
    std::int64_t now_us
);
[[nodiscard]] Result<> queue_letters(
    store::Txn& txn, model::AccountId owner, model::AccountId sender,
    const std::vector<ical::ItipMessage>& messages, std::int64_t now_us
);

/// Remembers what a message tells to its recipients (local@domain each). True: everybody was told
/// exactly this last, not long ago; nothing is written then.
[[nodiscard]] bool repeats_itself(
    store::Txn& txn, model::AccountId sender, const MeetingMail& mail,
    const std::vector<std::string>& recipients, std::int64_t now_us
);
/// Whether something named was not done in this account within `life`; notes that it is done now.
[[nodiscard]] bool first_within(
    store::Txn& txn, model::AccountId account, const std::string& name, std::int64_t life_us,
    std::int64_t now_us
);

} // namespace lockstep::office
