// Maintenance: what the store forgets, so that years of use do not make it larger than what it
// holds; and the new epoch of a store that came back from a backup.
// Spec: docs/store.md "Retention"; hardening R14, D6. Invariants: what is forgotten is decided by
// counts, never by a clock (client operations and marks of delivery excepted, whose promise is a
// time); the floor is raised in the same commit as, and before, the first row goes; each step is a
// short commit, so that no writer waits long. Errors: closed (told to stop), unavailable, corrupt.
#pragma once
#include <functional>

#include "base/limits.hpp"
#include "base/task.hpp"
#include "base/workers.hpp"
#include "store/blob_files.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct MaintainOptions {
    std::int64_t now_us = 0;                ///< for what was promised for a time
    std::size_t keep = limits::kTombstones; ///< tombstones, and window moves, kept of an account
    std::function<bool()> stopping;         ///< asked now and then; true ends with Code::closed
};

struct MaintainReport {
    std::uint64_t rows_removed = 0;
    std::uint64_t floors_raised = 0; ///< accounts whose oldest cursors start afresh from now on
    std::uint64_t files_removed = 0;
    std::uint64_t bytes_freed = 0; ///< of those files
};

/// What one run leaves for the next; made once, outlives every run.
struct Upkeep {
    std::mutex running; ///< held during a sweep
    SweepState sweep;
};

/// One run over all files. A second run beside it does nothing but wait its turn for the sweep.
[[nodiscard]] Task<Result<MaintainReport>>
maintain(Database& db, BlobFiles& files, Workers& workers, Upkeep& upkeep, MaintainOptions options);

/// After a backup was restored: every account gets another epoch, and its folders another
/// UIDVALIDITY, so that no client takes what it finds for the continuation of what it knew (D6).
/// Returns the number of accounts.
[[nodiscard]] Task<Result<std::uint64_t>> new_epoch(Database& db);

} // namespace lockstep::store
