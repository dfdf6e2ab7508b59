// CrashStore: opening a store on a simulated disk, and plain blocking calls to it.
// Errors: of the store.
#include "store/testing/crash_store.hpp"

#include <utility>

#include "base/task.hpp"
#include "base/workers.hpp"
#include "store/verify.hpp"

namespace lockstep::store::testing {

Result<std::unique_ptr<CrashStore>> CrashStore::open(SimFileSystem& disk) {
    CHECK_OK(disk.make_directories("/data"));
    std::unique_ptr<CrashStore> store(new CrashStore(disk));
    TRY(store->files_, BlobFiles::open(disk, "/data/blobs"));
    TRY(auto engine,
        open_sqlite({.directory = "/data", .shards = 2, .readers = 1, .vfs = store->vfs_.name()}));
    store->database_ = std::make_unique<Database>(std::move(engine));
    return store;
}

CrashStore::~CrashStore() = default;

std::future<Result<>> CrashStore::write(
    model::AccountId account, std::function<Result<>(Txn&)> work, std::function<void()> acknowledged
) {
    auto promise = std::make_shared<std::promise<Result<>>>();
    auto future = promise->get_future();
    database_->engine().write(
        database_->plane_of(account), std::move(work),
        [this, promise, account, acknowledged = std::move(acknowledged)](Result<> done) {
            auto& failed = failed_[static_cast<std::size_t>(account.value - 1)];
            if (done) {
                if (failed)
                    ++acknowledged_after_failure_;
                acknowledged();
            } else if (done.error().code == Code::unavailable ||
                       done.error().code == Code::corrupt) {
                failed = true;
            }
            promise->set_value(std::move(done));
        }
    );
    return future;
}

Result<> CrashStore::read(model::AccountId account, std::function<Result<>(Snapshot&)> work) {
    return block_on(database_->read<void>(account, std::move(work)));
}

Result<std::string> CrashStore::verify() {
    Workers workers(1);
    TRY(const auto report, block_on(store::verify(*database_, *files_, workers, {})));
    std::string findings;
    for (const auto& finding : report.findings) {
        if (finding.word != "account-left-over")
            findings += finding.word + " " + finding.where + ": " + finding.text + "\n";
    }
    return findings;
}

Result<SweepReport> CrashStore::sweep(SweepState& state) {
    return files_->sweep(state, [this](const Hash& hash) -> Result<bool> {
        bool found = false;
        for (const auto account : kAccounts) {
            CHECK_OK(read(account, [&](Snapshot& snapshot) -> Result<> {
                found = found || blob_file_is_referenced(snapshot, hash.raw());
                return {};
            }));
        }
        return found;
    });
}

} // namespace lockstep::store::testing
