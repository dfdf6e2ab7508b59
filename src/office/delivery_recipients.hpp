// The commit that delivery and submission share: copies for recipients in the same file at once, a
// spool row for the others.
// Invariants: quotas are looked at inside the commit, and for recipients in other files right
// before it; nobody passes a quota by more than one message a file (R13). Internal to office/.
// Errors: over_quota, not_found (an account that is gone).
#pragma once
#include <vector>

#include "office/delivery_spool.hpp"

namespace lockstep::office {

struct Recipient {
    model::AccountId id;
    std::int64_t quota = 0; ///< bytes; 0: none
};

/// Who gets a message, seen from the file that holds the account `home`.
struct Recipients {
    std::vector<Recipient> here;             ///< in that file
    std::vector<model::AccountId> elsewhere; ///< in others; they have room
};
/// Repeated ids count once.
[[nodiscard]] Task<Result<Recipients>>
split_recipients(Office& office, model::AccountId home, std::vector<model::AccountId> ids);

/// Whether the mailbox may still grow.
[[nodiscard]] Result<> check_room(store::Snapshot& snapshot, const Recipient& recipient);
[[nodiscard]] Task<Result<>> check_room_of(Office& office, Recipient recipient);

/// Everything that has to be in the one commit of `job.account`'s file.
[[nodiscard]] Result<> put_copies(
    store::Txn& txn, Office& office, const MeetingGuests& guests, const SpoolJob& job,
    const Addressees& addressees, const std::vector<Recipient>& here, const Letter& letter
);
/// After that commit: the rest of the work. A failure is logged and left to resume_fan_out().
[[nodiscard]] Task<void> spread(Office& office, SpoolJob job, SharedLetter letter);

} // namespace lockstep::office
