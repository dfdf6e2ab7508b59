// CrashStore: a whole store on a simulated disk, the workload that crash tests run on it, and the
// oracle that tells whether a recovered one is sound and keeps what was acknowledged. Invariants:
// one transaction of the workload belongs to one account; the keys of requests under way at the
// same time
//   differ, so that each key's versions are in order.
// Errors: of the store; the workload goes on after a refusal, with what was acknowledged as its
// view of the world.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "store/blob_files.hpp"
#include "store/collections.hpp"
#include "store/database.hpp"
#include "store/items.hpp"
#include "store/testing/crash_ledger.hpp"
#include "store/testing/sim_file_system.hpp"
#include "store/testing/sim_vfs.hpp"

namespace lockstep::store::testing {

inline constexpr model::AccountId kAccounts[] = {{1}, {2}}; ///< one on each of the two shards

class CrashStore {
public:
    /// Opens, or makes, the store of a disk, as the server does at its start.
    [[nodiscard]] static Result<std::unique_ptr<CrashStore>> open(SimFileSystem& disk);
    ~CrashStore();
    [[nodiscard]] Database& database() { return *database_; }
    [[nodiscard]] BlobFiles& files() { return *files_; }
    /// Starts a write; `acknowledged` is called before the future is ready, and only when the
    /// commit is durable.
    [[nodiscard]] std::future<Result<>> write(
        model::AccountId account, std::function<Result<>(Txn&)> work,
        std::function<void()> acknowledged = [] {}
    );
    /// Acknowledgements that came after a write to the same file had failed for want of the disk.
    /// With a disk that failed (D4) there must be none; with a full one (R5) there may be.
    [[nodiscard]] int acknowledged_after_failure() const {
        return acknowledged_after_failure_.load();
    }
    /// Runs a read and waits for it.
    [[nodiscard]] Result<> read(model::AccountId account, std::function<Result<>(Snapshot&)> work);
    /// The findings of the store's own examination, "" when there is none. That the workload's
    /// accounts stand in no directory is not counted.
    [[nodiscard]] Result<std::string> verify();
    /// One generation of the blob sweep against both shards.
    [[nodiscard]] Result<SweepReport> sweep(SweepState& state);

private:
    explicit CrashStore(SimFileSystem& disk) : vfs_(disk, disk.operations() + 1) {}
    SimVfs vfs_;
    std::unique_ptr<BlobFiles> files_;
    std::array<std::atomic<bool>, std::size(kAccounts)> failed_{};
    std::atomic<int> acknowledged_after_failure_{0};
    std::unique_ptr<Database> database_; ///< last: its threads use all of the above
};

/// The state of an item as the ledger writes it.
struct MailState {
    std::string folder; ///< none: absent
    std::int64_t flags = 0;
    std::string body;
    std::size_t version = 0;
    [[nodiscard]] std::string text() const;
};

/// Delivers, flags, rewrites, moves and deletes mails, alone and in pairs, and writes sync states,
/// for two accounts.
class CrashWorkload {
public:
    CrashWorkload(Ledger& ledger, std::uint64_t seed) : ledger_(ledger), random_(seed) {}
    /// Makes accounts and folders; errors are final.
    [[nodiscard]] Result<> prepare(CrashStore& store);
    /// Some rounds of up to four requests at once. Answers how many were refused.
    std::size_t run(CrashStore& store, int rounds);

private:
    struct Change {
        std::string key;
        MailState from;
        MailState to;
        Blob blob;
    };
    using Started = std::future<Result<>>;
    [[nodiscard]] Result<Started> start(CrashStore& store);
    [[nodiscard]] Result<Started>
    start_changes(CrashStore& store, model::AccountId account, bool pair);
    [[nodiscard]] Started start_state(CrashStore& store, model::AccountId account);
    /// The next state of a mail; `gently` never removes it.
    [[nodiscard]] Result<Change>
    draw_change(CrashStore& store, const std::string& key, bool gently);
    [[nodiscard]] std::string draw_body();
    /// A key of the account that no request of this round has, "" when there is none.
    [[nodiscard]] std::string
    draw_key(model::AccountId account, std::string_view kind, unsigned count);
    static Result<> apply(Txn& txn, model::AccountId account, const Change& change);

    Ledger& ledger_;
    std::mt19937_64 random_;
    std::set<std::string> busy_; ///< keys of the round under way
    std::mutex mutex_;           ///< of mails_, which acknowledgements change on writer threads
    std::map<std::string, MailState> mails_; ///< as acknowledged
};

/// Holds the store of a recovered disk against the ledger and against itself: integrity of the
/// files, counters, sequences, tombstones, blobs and their references; then writes once more. Empty
/// when all is well.
[[nodiscard]] std::string
examine(SimFileSystem& disk, const LedgerPage& before, const LedgerPage& after);

} // namespace lockstep::store::testing
