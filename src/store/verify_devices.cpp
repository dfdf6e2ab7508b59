// verify: devices, their sync states, client operations, and mail under way.
#include <fmt/format.h>

#include "store/devices.hpp"
#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kExamDevices{"SELECT device_id, author FROM device WHERE account_id = $1"};
constexpr Sql kExamStates{
    "SELECT s.device_id, s.owner_id, s.coll_id, s.state, d.author FROM sync_state s "
    "LEFT JOIN device d ON d.account_id = s.account_id AND d.device_id = s.device_id "
    "WHERE s.account_id = $1"
};
constexpr Sql kExamOps{"SELECT author, coll_id, client_id, uid FROM client_op WHERE account_id = $1"
};
constexpr Sql kExamOutbox{
    "SELECT job_id, kind, recipients, length(blob_hash) FROM outbox WHERE account_id = $1"
};
constexpr Sql kExamMeetings{"SELECT job_id, sender_id, length(letter) FROM meeting_out "
                            "WHERE account_id = $1"};
constexpr Sql kMendDropMeeting{"DELETE FROM meeting_out WHERE account_id = $1 AND job_id = $2"};
constexpr Sql kExamQueue{
    "SELECT q.queue_id, length(q.blob_hash), (SELECT count(*) FROM queue_rcpt r WHERE r.account_id "
    "= q.account_id AND r.queue_id = q.queue_id) FROM queue q WHERE q.account_id = $1"
};
constexpr Sql kExamQueueRcpt{
    "SELECT r.queue_id, r.number FROM queue_rcpt r WHERE r.account_id = $1 AND NOT EXISTS (SELECT "
    "1 FROM queue q WHERE q.account_id = r.account_id AND q.queue_id = r.queue_id)"
};
constexpr Sql kMendDropQueueRcpt{
    "DELETE FROM queue_rcpt WHERE account_id = $1 AND queue_id = $2 AND number = $3"
};
constexpr Sql kExamDelivered{"SELECT source_id, job_id FROM delivered WHERE account_id = $1 AND "
                             "(source_id < 1 OR job_id < 1 OR expires_us < 1)"};
constexpr Sql kMendDropState{"DELETE FROM sync_state WHERE account_id = $1 AND device_id = $2 AND "
                             "owner_id = $3 AND coll_id = $4"};
constexpr Sql kMendDropOp{"DELETE FROM client_op WHERE account_id = $1 AND author = $2 AND coll_id "
                          "= $3 AND client_id = $4"};
constexpr Sql kMendDropDelivered{
    "DELETE FROM delivered WHERE account_id = $1 AND source_id = $2 AND job_id = $3"
};

} // namespace

void AccountExam::check_devices() {
    for (auto row = snapshot_.query(kExamDevices, account_); row.next();) {
        if (row.id<model::AuthorId>(1) != author_of(account_, row.view(0)))
            out_.add(
                "device-author", here("device " + row.str(0)), "is not the author of its changes"
            );
    }
}

/// A state that is removed makes its device start afresh, which is always right.
void AccountExam::check_sync_states() {
    for (auto row = snapshot_.query(kExamStates, account_); row.next();) {
        ++out_.tally.sync_states;
        const auto device = row.str(0);
        const auto owner = row.id<model::AccountId>(1);
        const auto collection = row.id<model::CollectionId>(2);
        const auto where =
            here(fmt::format("device {} owner {} folder {}", device, owner.value, collection.value)
            );
        const auto drop = [account = account_, device, owner, collection](Txn& txn) {
            txn.exec(kMendDropState, account, device, owner, collection);
        };
        if (row.null(4)) {
            out_.add(
                "sync-state-without-device", where, "the device is not there", Remedy::repair, drop
            );
            continue;
        }
        if (!options_.read_sync_state)
            continue;
        const auto places =
            options_.read_sync_state({account_, device, owner, collection, row.view(3)});
        if (!places) {
            out_.add("sync-state", where, places.error().text, Remedy::repair, drop);
            continue;
        }
        for (const auto& place : *places)
            claims_.push_back({device, owner, collection, place});
    }
}

void AccountExam::check_client_ops() {
    for (auto row = snapshot_.query(kExamOps, account_); row.next();) {
        const auto collection = row.i64(1);
        const auto uid = row.i64(3);
        const auto* in = folder(collection);
        const bool good = collection == 0 ? uid == 0
                          : in != nullptr
                              ? uid >= 1 && uid < std::max(in->row.uidnext.value, in->last_uid + 1)
                              : collection < next_collection_;
        if (good)
            continue;
        out_.add(
            "client-op", here(fmt::format("folder {} uid {}", collection, uid)),
            "leads to an item that never was", Remedy::repair,
            [account = account_, author = row.i64(0), collection, id = row.str(2)](Txn& txn) {
                txn.exec(kMendDropOp, account, author, collection, id);
            }
        );
    }
}

void AccountExam::check_jobs() {
    for (auto row = snapshot_.query(kExamOutbox, account_); row.next();) {
        if (row.i64(0) < 1 || row.i64(1) < 1 || row.view(2).empty() ||
            row.i64(3) != static_cast<std::int64_t>(Hash::kBytes))
            out_.add("outbox", here(fmt::format("job {}", row.i64(0))), "is no whole job");
    }
    for (auto row = snapshot_.query(kExamMeetings, account_); row.next();) {
        if (row.i64(0) > 0 && row.i64(1) > 0 && row.i64(2) > 0)
            continue;
        out_.add(
            "meeting-out", here(fmt::format("job {}", row.i64(0))), "is no whole message",
            Remedy::repair,
            [account = account_, job = row.i64(0)](Txn& txn) {
                txn.exec(kMendDropMeeting, account, job);
            }
        );
    }
    for (auto row = snapshot_.query(kExamQueue, account_); row.next();) {
        if (row.i64(2) == 0)
            out_.add("queue", here(fmt::format("message {}", row.i64(0))), "has no recipient left");
        if (row.i64(1) != static_cast<std::int64_t>(Hash::kBytes))
            out_.add("queue", here(fmt::format("message {}", row.i64(0))), "has no body");
    }
    for (auto row = snapshot_.query(kExamQueueRcpt, account_); row.next();) {
        out_.add(
            "queue", here(fmt::format("message {}", row.i64(0))), "has recipients only",
            Remedy::repair,
            [account = account_, id = row.i64(0), number = row.i64(1)](Txn& txn) {
                txn.exec(kMendDropQueueRcpt, account, id, number);
            }
        );
    }
    for (auto row = snapshot_.query(kExamDelivered, account_); row.next();) {
        out_.add(
            "delivered", here(fmt::format("job {}", row.i64(1))), "marks no job", Remedy::repair,
            [account = account_, source = row.i64(0), job = row.i64(1)](Txn& txn) {
                txn.exec(kMendDropDelivered, account, source, job);
            }
        );
    }
}

} // namespace lockstep::store
