// Queue: rows of mail on its way to other servers, with what is left of its recipients.
// Spec: docs/store.md. Invariants: a queued message lies in the file of the account that answers
// for it (the sender, or who forwards) and holds one reference to its blob; a recipient's row goes
// when it was delivered to or given up, the message's row with the last of them. Times are UTC
// microseconds.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "store/blobs.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct QueuedMessage {
    model::AccountId account;
    std::int64_t id = 0;  ///< random
    std::string sender;   ///< reverse-path as for the wire; empty for <>
    std::string envid;    ///< RFC 3461 4.4; decoded
    std::int64_t ret = 0; ///< smtp::DsnReturn
    bool utf8 = false;    ///< needs SMTPUTF8
    bool held = false;    ///< an administrator stopped it
    std::int64_t created_us = 0;
    std::string blob; ///< 32-byte hash
    std::int64_t size = 0;
};

struct QueuedRecipient {
    std::int64_t number = 0;
    std::string address;     ///< as for the wire
    std::int64_t notify = 0; ///< bits of notify::
    std::string orcpt;       ///< "rfc822;address", decoded; empty: none
    std::int64_t attempts = 0;
    std::int64_t next_us = 0;
    bool delayed = false; ///< the sender was told of the delay
    std::string reply;    ///< what was heard last
};

/// Bits of QueuedRecipient::notify. None: failures and delays are told, as by default.
namespace notify {
inline constexpr std::int64_t never = 1;
inline constexpr std::int64_t success = 2;
inline constexpr std::int64_t failure = 4;
inline constexpr std::int64_t delay = 8;
} // namespace notify

/// A message with all recipients that are left.
struct QueueEntry {
    QueuedMessage message;
    std::vector<QueuedRecipient> recipients;
};

/// A recipient whose time has come.
struct DueRecipient {
    model::AccountId account;
    std::int64_t id = 0;
    std::int64_t number = 0;
    std::string address;
};

void add_queued(
    Txn& txn, const QueuedMessage& message, const std::vector<QueuedRecipient>& recipients,
    const Blob& blob
);
/// Those due at `now_us`, who waited longest first, at most `limit`.
[[nodiscard]] std::vector<DueRecipient>
due_queued(Snapshot& snapshot, std::int64_t now_us, std::size_t limit);
/// When the next recipient of this file is due.
[[nodiscard]] std::optional<std::int64_t> next_due(Snapshot& snapshot);
[[nodiscard]] std::optional<QueueEntry>
find_queued(Snapshot& snapshot, model::AccountId account, std::int64_t id);
/// Messages of the file after (account, id), whole, at most `limit`.
[[nodiscard]] std::vector<QueueEntry>
list_queued(Snapshot& snapshot, model::AccountId after, std::int64_t after_id, std::size_t limit);
/// Of one recipient: another attempt later. False when its row is gone.
bool put_off(Txn& txn, const QueuedMessage& message, const QueuedRecipient& recipient);
/// Of one recipient: done with. The message goes with its last one. False when it was done already.
bool end_queued(Txn& txn, const QueuedMessage& message, std::int64_t number);
/// Stops (`next_us` is model::kForever then), or lets go on at `next_us`. False: no such message.
bool hold_queued(
    Txn& txn, model::AccountId account, std::int64_t id, bool held, std::int64_t next_us
);

} // namespace lockstep::store
