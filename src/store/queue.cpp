// SQL of the queue.
#include "store/queue.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kAddQueued{
    "INSERT INTO queue (account_id, queue_id, sender, envid, ret, utf8, held, created_us, "
    "blob_hash, size) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9)"
};
constexpr Sql kAddQueuedRcpt{
    "INSERT INTO queue_rcpt (account_id, queue_id, number, address, notify, orcpt, attempts, "
    "next_us, delayed, reply) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
};
constexpr Sql kDueQueued{"SELECT account_id, queue_id, number, address FROM queue_rcpt WHERE "
                         "next_us <= $1 ORDER BY next_us LIMIT $2"};
constexpr Sql kNextDue{"SELECT min(next_us) FROM queue_rcpt"};
constexpr Sql kFindQueued{
    "SELECT account_id, queue_id, sender, envid, ret, utf8, held, created_us, blob_hash, size FROM "
    "queue WHERE account_id = $1 AND queue_id = $2"
};
constexpr Sql kListQueued{
    "SELECT account_id, queue_id FROM queue WHERE account_id > $1 OR (account_id = $1 AND queue_id "
    "> $2) ORDER BY account_id, queue_id LIMIT $3"
};
constexpr Sql kQueuedRcpts{
    "SELECT number, address, notify, orcpt, attempts, next_us, delayed, reply FROM queue_rcpt "
    "WHERE account_id = $1 AND queue_id = $2 ORDER BY number"
};
constexpr Sql kPutOff{"UPDATE queue_rcpt SET attempts = $4, next_us = $5, delayed = $6, reply = $7 "
                      "WHERE account_id = $1 AND queue_id = $2 AND number = $3"};
constexpr Sql kEndRcpt{
    "DELETE FROM queue_rcpt WHERE account_id = $1 AND queue_id = $2 AND number = $3"
};
constexpr Sql kLeftRcpts{"SELECT count(*) FROM queue_rcpt WHERE account_id = $1 AND queue_id = $2"};
constexpr Sql kDropQueued{"DELETE FROM queue WHERE account_id = $1 AND queue_id = $2"};
constexpr Sql kHoldQueued{"UPDATE queue SET held = $3 WHERE account_id = $1 AND queue_id = $2"};
constexpr Sql kMoveQueued{
    "UPDATE queue_rcpt SET next_us = $3 WHERE account_id = $1 AND queue_id = $2"
};

QueuedMessage read_message(const Rows& row) {
    QueuedMessage message;
    message.account = row.id<model::AccountId>(0);
    message.id = row.i64(1);
    message.sender = row.str(2);
    message.envid = row.str(3);
    message.ret = row.i64(4);
    message.utf8 = row.i64(5) != 0;
    message.held = row.i64(6) != 0;
    message.created_us = row.i64(7);
    message.blob = row.str(8);
    message.size = row.i64(9);
    return message;
}

QueuedRecipient read_recipient(const Rows& row) {
    QueuedRecipient recipient;
    recipient.number = row.i64(0);
    recipient.address = row.str(1);
    recipient.notify = row.i64(2);
    recipient.orcpt = row.str(3);
    recipient.attempts = row.i64(4);
    recipient.next_us = row.i64(5);
    recipient.delayed = row.i64(6) != 0;
    recipient.reply = row.str(7);
    return recipient;
}

} // namespace

void add_queued(
    Txn& txn, const QueuedMessage& message, const std::vector<QueuedRecipient>& recipients,
    const Blob& blob
) {
    txn.require_growth();
    link_blob(txn, message.account, blob);
    txn.exec(
        kAddQueued, message.account, message.id, message.sender, message.envid, message.ret,
        message.utf8, message.created_us, Bytes{blob.hash.raw()}, blob.size
    );
    std::int64_t number = 0;
    for (const auto& each : recipients)
        txn.exec(
            kAddQueuedRcpt, message.account, message.id, ++number, each.address, each.notify,
            each.orcpt, each.attempts, each.next_us, each.delayed, each.reply
        );
}

std::vector<DueRecipient> due_queued(Snapshot& snapshot, std::int64_t now_us, std::size_t limit) {
    std::vector<DueRecipient> all;
    for (auto row = snapshot.query(kDueQueued, now_us, limit); row.next();)
        all.push_back({row.id<model::AccountId>(0), row.i64(1), row.i64(2), row.str(3)});
    return all;
}

std::optional<std::int64_t> next_due(Snapshot& snapshot) { return snapshot.scalar(kNextDue); }

std::optional<QueueEntry>
find_queued(Snapshot& snapshot, model::AccountId account, std::int64_t id) {
    QueueEntry entry;
    {
        auto row = snapshot.query(kFindQueued, account, id);
        if (!row.next())
            return std::nullopt;
        entry.message = read_message(row);
    }
    for (auto row = snapshot.query(kQueuedRcpts, account, id); row.next();)
        entry.recipients.push_back(read_recipient(row));
    return entry;
}

std::vector<QueueEntry>
list_queued(Snapshot& snapshot, model::AccountId after, std::int64_t after_id, std::size_t limit) {
    std::vector<std::pair<model::AccountId, std::int64_t>> places;
    for (auto row = snapshot.query(kListQueued, after, after_id, limit); row.next();)
        places.emplace_back(row.id<model::AccountId>(0), row.i64(1));
    std::vector<QueueEntry> all;
    for (const auto& [account, id] : places)
        if (auto entry = find_queued(snapshot, account, id))
            all.push_back(std::move(*entry));
    return all;
}

bool put_off(Txn& txn, const QueuedMessage& message, const QueuedRecipient& recipient) {
    return txn.exec(
               kPutOff, message.account, message.id, recipient.number, recipient.attempts,
               recipient.next_us, recipient.delayed, recipient.reply
           ) == 1;
}

bool end_queued(Txn& txn, const QueuedMessage& message, std::int64_t number) {
    if (txn.exec(kEndRcpt, message.account, message.id, number) != 1)
        return false;
    if (txn.scalar(kLeftRcpts, message.account, message.id).value_or(0) == 0 &&
        txn.exec(kDropQueued, message.account, message.id) == 1)
        unlink_blob(txn, message.account, message.blob);
    return true;
}

bool hold_queued(
    Txn& txn, model::AccountId account, std::int64_t id, bool held, std::int64_t next_us
) {
    if (txn.exec(kHoldQueued, account, id, held) != 1)
        return false;
    txn.exec(kMoveQueued, account, id, next_us);
    return true;
}

} // namespace lockstep::store
