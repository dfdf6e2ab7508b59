// verify: examines a whole store, row by row and file by file, and mends what it may.
// Spec: docs/store.md "Verify". Invariants: it is the oracle of the crash tests: a sound store
// gives no finding, whatever was going on when it was read; without `recount` and `repair` nothing
// is written; an item is never removed, a body never invented. Memory does not grow with a mailbox.
// Errors: closed (told to stop), unavailable; damage is a finding, not an error.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/workers.hpp"
#include "model/model.hpp"
#include "store/blob_files.hpp"
#include "store/database.hpp"

namespace lockstep::store {

/// One packed sync state; views live until the call returns. Collection none: the hierarchy.
struct SyncStateRow {
    model::AccountId account;
    std::string_view device;
    model::AccountId owner;
    model::CollectionId collection;
    std::string_view state;
};
/// How far a sync state reaches into an owner's change log.
struct CursorPlace {
    model::AccountId owner;
    std::int64_t epoch = 0;
    model::ChangeSeq reach;
};
/// Reads a sync state for verify, as its contents belong to rooms above. Called on database
/// threads. An error means that the state is unreadable or contradicts itself.
using ReadSyncState = std::function<Result<std::vector<CursorPlace>>(const SyncStateRow&)>;

struct VerifyOptions {
    bool recount = false;           ///< write counters anew where they are wrong
    bool repair = false;            ///< also remove or mend rows that cannot be right
    ReadSyncState read_sync_state;  ///< none: sync states are only counted
    std::function<bool()> stopping; ///< asked now and then; true ends the run with Code::closed
};

/// One thing that is, or was, wrong.
struct Finding {
    std::string word;  ///< stable, for programs: "folder-total"; all of them: docs/store.md
    std::string where; ///< "account 5 folder 3 uid 7"
    std::string text;  ///< what is wrong, and what was done when it was mended
    bool mended = false;
};

struct VerifyReport {
    std::vector<Finding> findings; ///< at most limits::kVerifyFindings
    std::uint64_t dropped = 0;     ///< findings beyond that
    std::uint64_t accounts = 0;
    std::uint64_t folders = 0;
    std::uint64_t items = 0;
    std::uint64_t tombstones = 0;
    std::uint64_t sync_states = 0;
    std::uint64_t blobs = 0;   ///< rows
    std::uint64_t files = 0;   ///< read and compared with their names
    std::uint64_t orphans = 0; ///< files without a row: allowed, a later sweep takes them

    /// Whether nothing is wrong, or nothing any more.
    [[nodiscard]] bool sound() const;
    /// "checked 5 accounts, ...": one sentence.
    [[nodiscard]] std::string summary() const;
};

/// Examines everything. May run beside the server's work: each account is seen as of one commit.
/// `workers` read the blob files. Run it to its end: it must not be dropped half way (see
/// `stopping`).
[[nodiscard]] Task<Result<VerifyReport>>
verify(Database& db, BlobFiles& files, Workers& workers, VerifyOptions options);

} // namespace lockstep::store
