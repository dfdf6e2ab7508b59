// Pruning, the sweep of blob files, short logs, and new epochs.
#include "store/maintenance.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/crypto.hpp"
#include "store/blob_references.hpp"
#include "store/collections.hpp"
#include "store/mail_rows.hpp"
#include "store/uploads.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kNextState{
    "SELECT account_id FROM account_state WHERE account_id > $1 ORDER BY account_id LIMIT 1"
};
/// The ChangeSeq of the newest row that need not be kept any more.
constexpr Sql kOldTombstone{"SELECT modseq FROM tombstone WHERE account_id = $1 ORDER BY modseq "
                            "DESC LIMIT 1 OFFSET $2"};
constexpr Sql kOldMove{"SELECT modseq FROM window_move WHERE account_id = $1 ORDER BY modseq DESC "
                       "LIMIT 1 OFFSET $2"};
constexpr Sql kOldFolder{"SELECT modseq FROM collection_tombstone WHERE account_id = $1 ORDER BY "
                         "modseq DESC LIMIT 1 OFFSET $2"};
constexpr Sql kRaiseFloor{"UPDATE account_state SET floor = $2 WHERE account_id = $1 AND floor < $2"
};
constexpr Sql kPruneTombstones{
    "DELETE FROM tombstone WHERE account_id = $1 AND (coll_id, modseq, uid) IN (SELECT coll_id, "
    "modseq, uid FROM tombstone WHERE account_id = $1 AND modseq <= $2 LIMIT $3)"
};
constexpr Sql kPruneMoves{
    "DELETE FROM window_move WHERE account_id = $1 AND (coll_id, uid, modseq) IN (SELECT coll_id, "
    "uid, modseq FROM window_move WHERE account_id = $1 AND modseq <= $2 LIMIT $3)"
};
constexpr Sql kPruneFolders{
    "DELETE FROM collection_tombstone WHERE account_id = $1 AND (modseq, coll_id) IN (SELECT "
    "modseq, coll_id FROM collection_tombstone WHERE account_id = $1 AND modseq <= $2 LIMIT $3)"
};
constexpr Sql kPruneOps{
    "DELETE FROM client_op WHERE account_id = $1 AND (author, coll_id, client_id) IN (SELECT "
    "author, coll_id, client_id FROM client_op WHERE account_id = $1 AND expires_us < $2 LIMIT $3)"
};
constexpr Sql kPruneDelivered{
    "DELETE FROM delivered WHERE account_id = $1 AND (source_id, job_id) IN (SELECT source_id, "
    "job_id FROM delivered WHERE account_id = $1 AND expires_us < $2 LIMIT $3)"
};
constexpr Sql kExpiredOp{"SELECT 1 FROM client_op WHERE account_id = $1 AND expires_us < $2 LIMIT 1"
};
constexpr Sql kExpiredMark{
    "SELECT 1 FROM delivered WHERE account_id = $1 AND expires_us < $2 LIMIT 1"
};
constexpr Sql kSetEpoch{"UPDATE account_state SET epoch = $2 WHERE account_id = $1"};
constexpr Sql kFolderIds{"SELECT coll_id FROM collection WHERE account_id = $1"};
constexpr Sql kSetUidvalidity{
    "UPDATE collection SET uidvalidity = $3 WHERE account_id = $1 AND coll_id = $2"
};

Result<> keep_going(const MaintainOptions& options) {
    if (options.stopping && options.stopping())
        return fail(Code::closed, "stopping");
    return {};
}

using NextAccount = std::optional<model::AccountId>;

Task<Result<NextAccount>> next_account(Database& db, Plane plane, model::AccountId after) {
    std::function<Result<NextAccount>(Snapshot&)> work = [after](Snapshot& snapshot
                                                         ) -> Result<NextAccount> {
        const auto next = snapshot.scalar(kNextState, after);
        return next ? NextAccount(model::AccountId{*next}) : std::nullopt;
    };
    auto found = co_await db.read<NextAccount>(plane, std::move(work));
    co_return found;
}

/// Up to which ChangeSeq rows may go; whole commits are kept or forgotten, so the one that holds
/// the last row to keep stays.
std::int64_t
bound_of(Snapshot& snapshot, const Sql& sql, model::AccountId account, std::size_t keep) {
    if (keep == 0 || !snapshot.scalar(sql, account, keep))
        return 0;
    return snapshot.scalar(sql, account, keep - 1).value_or(1) - 1;
}

/// What is to be done for one account.
struct Due {
    std::int64_t floor = 0;
    /// Removed folders have a bound of their own: they are few, and a device that did not ask for
    /// the hierarchy for years need not start afresh because much mail was deleted.
    std::int64_t folders = 0;
    bool expired = false;
};

/// Removes rows step by step; `bound` is a ChangeSeq or a time.
Task<Result<std::uint64_t>> prune(
    Database& db, model::AccountId account, const Sql& sql, std::int64_t bound,
    const MaintainOptions& options
) {
    std::uint64_t removed = 0;
    for (;;) {
        CO_CHECK_OK(keep_going(options));
        std::function<Result<std::int64_t>(Txn&)> work = [account, &sql,
                                                          bound](Txn& txn) -> Result<std::int64_t> {
            return txn.exec(sql, account, bound, limits::kPruneStep);
        };
        CO_TRY(const auto step, co_await db.write<std::int64_t>(account, std::move(work)));
        removed += static_cast<std::uint64_t>(step);
        if (step < static_cast<std::int64_t>(limits::kPruneStep))
            co_return removed;
    }
}

/// Asked first, as a write costs an fsync.
Task<Result<Due>> look_at(Database& db, model::AccountId account, const MaintainOptions& options) {
    std::function<Result<Due>(Snapshot&)> work =
        [account, keep = options.keep, now = options.now_us](Snapshot& snapshot) -> Result<Due> {
        Due due;
        due.folders = bound_of(snapshot, kOldFolder, account, keep);
        due.floor = std::max(
            {bound_of(snapshot, kOldTombstone, account, keep),
             bound_of(snapshot, kOldMove, account, keep), due.folders}
        );
        due.expired = snapshot.scalar(kExpiredOp, account, now).has_value() ||
                      snapshot.scalar(kExpiredMark, account, now).has_value();
        return due;
    };
    auto due = co_await db.read<Due>(account, std::move(work));
    co_return due;
}

/// How long a mail that is gone may be brought back.
constexpr std::int64_t kBuriedLife = std::int64_t{14} * 86'400 * 1'000'000;

/// Uploads that nobody made use of, and mail that nobody brought back.
Task<Result<std::uint64_t>>
expire(Database& db, model::AccountId account, const MaintainOptions& options) {
    std::function<Result<bool>(Snapshot&)> look = [account, now = options.now_us](Snapshot& snapshot
                                                  ) -> Result<bool> {
        return has_expired_uploads(snapshot, account, now) ||
               has_expired_buried(snapshot, account, now - kBuriedLife);
    };
    CO_TRY(const bool due, co_await db.read<bool>(account, std::move(look)));
    if (!due)
        co_return 0;
    std::function<Result<std::uint64_t>(Txn&)> work = [account, now = options.now_us](Txn& txn
                                                      ) -> Result<std::uint64_t> {
        return expire_uploads(txn, account, now, limits::kPruneStep) +
               expire_buried(txn, account, now - kBuriedLife, limits::kPruneStep);
    };
    co_return co_await db.write<std::uint64_t>(account, std::move(work));
}

Task<Result<>> maintain_account(
    Database& db, model::AccountId account, const MaintainOptions& options, MaintainReport& report
) {
    CO_TRY(const auto due, co_await look_at(db, account, options));
    if (due.floor > 0) {
        std::function<Result<bool>(Txn&)> raise = [account,
                                                   floor = due.floor](Txn& txn) -> Result<bool> {
            return txn.exec(kRaiseFloor, account, floor) == 1;
        };
        CO_TRY(const bool raised, co_await db.write<bool>(account, std::move(raise)));
        report.floors_raised += raised ? 1 : 0;
    }
    const std::pair<const Sql*, std::int64_t> steps[] = {
        {&kPruneTombstones, due.floor},
        {&kPruneMoves, due.floor},
        {&kPruneFolders, due.folders},
        {&kPruneOps, due.expired ? options.now_us : 0},
        {&kPruneDelivered, due.expired ? options.now_us : 0}
    };
    for (const auto& [sql, bound] : steps) {
        if (bound <= 0)
            continue;
        CO_TRY(const auto removed, co_await prune(db, account, *sql, bound, options));
        report.rows_removed += removed;
    }
    CO_TRY(const auto uploads, co_await expire(db, account, options));
    report.rows_removed += uploads;
    co_return Result<>();
}

Task<Result<>> tidy(Database& db, Plane plane) {
    std::function<void(Promise<Result<>>)> start = [&db, plane](Promise<Result<>> promise) {
        db.engine().tidy(plane, [promise](Result<> done) { promise.set(std::move(done)); });
    };
    auto done = co_await await_value<Result<>>(std::move(start));
    co_return done;
}

std::int64_t fresh_epoch() {
    std::int64_t value = 0;
    const auto bytes = random_bytes(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return (value & 0x3FFFFFFFFFFFFFFF) + 1;
}

/// The UIDVALIDITY follows from the epoch as in create_collection(), but never stays as it was.
void begin_epoch(Txn& txn, model::AccountId account) {
    const auto before = account_state(txn, account);
    auto epoch = fresh_epoch();
    while (epoch % 0x7FFFFFFF == before->epoch % 0x7FFFFFFF)
        epoch = fresh_epoch();
    txn.exec(kSetEpoch, account, epoch);
    std::vector<std::int64_t> folders;
    for (auto row = txn.query(kFolderIds, account); row.next();)
        folders.push_back(row.i64(0));
    for (const auto id : folders)
        txn.exec(kSetUidvalidity, account, id, (epoch + id) % 0x7FFFFFFF + 1);
}

} // namespace

Task<Result<MaintainReport>> maintain(
    Database& db, BlobFiles& files, Workers& workers, Upkeep& upkeep, MaintainOptions options
) {
    MaintainReport report;
    for (int shard = 0; shard < db.engine().shards(); ++shard) {
        model::AccountId after;
        for (;;) {
            CO_CHECK_OK(keep_going(options));
            CO_TRY(const auto next, co_await next_account(db, Plane{shard}, after));
            if (!next)
                break;
            after = *next;
            CO_CHECK_OK(co_await maintain_account(db, after, options, report));
        }
        CO_CHECK_OK(co_await tidy(db, Plane{shard}));
    }
    CO_CHECK_OK(co_await tidy(db, Plane{}));
    // Owns what it needs: the caller may be gone before the sweep is.
    std::function<Result<SweepReport>()> sweep = [&db, &files, &upkeep,
                                                  options]() -> Result<SweepReport> {
        const std::lock_guard one_at_a_time(upkeep.running);
        return files.sweep(upkeep.sweep, [&](const Hash& hash) -> Result<bool> {
            CHECK_OK(keep_going(options));
            return blob_is_referenced(db, hash);
        });
    };
    CO_TRY(const auto swept, co_await workers.run<SweepReport>(std::move(sweep)));
    report.files_removed = swept.removed;
    report.bytes_freed = swept.bytes;
    co_return report;
}

Task<Result<std::uint64_t>> new_epoch(Database& db) {
    std::uint64_t accounts = 0;
    for (int shard = 0; shard < db.engine().shards(); ++shard) {
        model::AccountId after;
        for (;;) {
            CO_TRY(const auto next, co_await next_account(db, Plane{shard}, after));
            if (!next)
                break;
            after = *next;
            std::function<Result<bool>(Txn&)> work = [account = after](Txn& txn) -> Result<bool> {
                begin_epoch(txn, account);
                return true;
            };
            CO_TRY(const bool begun, co_await db.write<bool>(Plane{shard}, std::move(work)));
            accounts += begun ? 1 : 0;
        }
    }
    co_return accounts;
}

} // namespace lockstep::store
