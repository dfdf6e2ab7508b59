// The indexer: brings the search index up to what changed, behind the changes.
// Invariants: a delivery pays one small row for it and never waits for it; texts are made on a
// reader's thread, never on the writer's; an item that changes meanwhile stays due; killed
// anywhere, it goes on where it was. Errors: unavailable, closed.
#pragma once
#include <atomic>

#include "office/office.hpp"

namespace lockstep::office {

struct IndexStep {
    std::size_t done = 0; ///< items that are no longer due
    bool more = false;    ///< there may be more
};
/// One commit's worth of a shard's due items: limits::kIndexBatch, limits::kIndexBatchBytes.
[[nodiscard]] Task<Result<IndexStep>> index_some(Office& office, int shard);
/// Everything that is due now. `stopping` is asked between commits (Code::closed).
[[nodiscard]] Task<Result<std::size_t>>
index_all(Office& office, const std::atomic<bool>* stopping = nullptr);
/// Makes every item of the account due; searches go on meanwhile. Returns how many are due.
[[nodiscard]] Task<Result<std::size_t>> reindex(Office& office, model::AccountId account);

} // namespace lockstep::office
