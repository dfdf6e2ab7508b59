// What changed in a collection, as ids only: for doors that tell clients ids and let them ask.
// Spec: RFC 8620 5.2. Invariants: cost is that of the changes, not of the collection.
#pragma once
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct ChangeRow {
    model::ItemId id;
    model::ChangeSeq placed; ///< when it came into the collection
    model::ChangeSeq at;     ///< its last change, or its end here
};
/// Live items changed after `since`, at most `limit`, in order of the changes.
[[nodiscard]] std::vector<ChangeRow> changed_rows(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    model::ChangeSeq since, std::size_t limit
);
/// Items that left the collection after `since` (moved away or deleted), likewise.
[[nodiscard]] std::vector<ChangeRow> removed_rows(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    model::ChangeSeq since, std::size_t limit
);

} // namespace lockstep::store
