// Outgoing mail: what waits in the queue for other servers, and what becomes of it.
// Spec: RFC 5321 4.5.4.1 (retrying), 6.1 (responsibility); RFC 3461, 3464 (reports). Hardening D7,
// S9, S14.
// Invariants: what a try brought is committed at once, together with the report to the sender; a
// crash before that repeats the try (the mail may go twice, never zero times). A report goes to the
// account that answers for the message, and never for mail from <>. Errors: not_found (no such
// message), unavailable.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "office/delivery_spool.hpp"
#include "office/office.hpp"
#include "store/queue.hpp"

namespace lockstep::office {

/// Puts a message into the queue, in the file of message.account; Outbound::queued() is to be
/// called after the commit. Fills in id, blob and size.
void add_outgoing(
    store::Txn& txn, store::QueuedMessage message,
    const std::vector<store::QueuedRecipient>& recipients, const Letter& letter
);

/// What a try brought for one recipient.
struct Outcome {
    enum class Kind {
        delivered, ///< the next server took it, and the duty to report with it
        relayed,   ///< the next server took it, but reports nothing
        local,     ///< it is in a mailbox here
        put_off,   ///< to be tried again
        failed     ///< for good
    };
    std::int64_t number = 0;
    Kind kind = Kind::put_off;
    std::string status; ///< "4.4.1"
    std::string remote; ///< host that answered; empty: none did
    std::string reply;  ///< its words, or ours
};

[[nodiscard]] Task<Result<std::vector<store::DueRecipient>>>
due_outgoing(Office& office, int shard, std::size_t limit);
/// When something of this file is due next; none: nothing waits.
[[nodiscard]] Task<Result<std::optional<std::int64_t>>> next_outgoing(Office& office, int shard);
[[nodiscard]] Task<Result<store::QueueEntry>>
find_outgoing(Office& office, model::AccountId account, std::int64_t id);
/// The message with its bytes, as they are sent.
struct OutgoingMail {
    store::QueueEntry entry;
    std::string bytes;
};
[[nodiscard]] Task<Result<OutgoingMail>>
read_outgoing(Office& office, model::AccountId account, std::int64_t id);
/// Commits what a try brought. Later tries, giving up and reports are decided here.
[[nodiscard]] Task<Result<>>
settle_outgoing(Office& office, const OutgoingMail& mail, std::vector<Outcome> outcomes);

/// For administration: everything that waits, up to `limit` messages.
[[nodiscard]] Task<Result<std::vector<store::QueueEntry>>>
list_outgoing(Office& office, std::size_t limit);
[[nodiscard]] Task<Result<>>
hold_outgoing(Office& office, model::AccountId account, std::int64_t id, bool held);
/// Tries again now. A held message stays so.
[[nodiscard]] Task<Result<>>
retry_outgoing(Office& office, model::AccountId account, std::int64_t id);
/// Gives a message up, with a report to the sender unless `silent`.
[[nodiscard]] Task<Result<>>
drop_outgoing(Office& office, model::AccountId account, std::int64_t id, bool silent);

/// When a recipient is tried again after so many attempts: 2 minutes first, 4 hours at last, spread
/// by a quarter.
[[nodiscard]] std::int64_t retry_after_us(std::int64_t attempts, std::int64_t seed);

} // namespace lockstep::office
