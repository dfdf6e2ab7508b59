// Blocking questions to the store's files, for worker threads: who still needs a blob's file.
// Invariants: never called on a database thread (it would wait for itself) nor on a connection's
// thread.
#pragma once
#include <future>

#include "store/blob_files.hpp"
#include "store/database.hpp"

namespace lockstep::store {

/// Runs `work` on a database thread and waits for it.
template <class T>
[[nodiscard]] Result<T>
wait_for_read(Database& db, Plane plane, const std::function<Result<T>(Snapshot&)>& work) {
    Result<T> out = fail(Code::internal, "read without result");
    std::promise<Result<>> promise;
    auto future = promise.get_future();
    db.engine().read(
        plane, [&](Snapshot& snapshot) { out = work(snapshot); },
        [&promise](Result<> done) { promise.set_value(std::move(done)); }
    );
    CHECK_OK(future.get());
    return out;
}

/// Whether any row of any account refers to the blob's file.
[[nodiscard]] Result<bool> blob_is_referenced(Database& db, const Hash& hash);

} // namespace lockstep::store
