// SQL of changes as ids.
#include "store/change_rows.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kChangedRows{
    "SELECT item_id, placed, modseq FROM item WHERE account_id = $1 AND coll_id = $2 AND modseq > "
    "$3 ORDER BY modseq, uid LIMIT $4"
};
constexpr Sql kRemovedRows{
    "SELECT item_id, placed, modseq FROM tombstone WHERE account_id = $1 AND coll_id = $2 AND "
    "modseq > $3 ORDER BY modseq, uid LIMIT $4"
};

std::vector<ChangeRow> all_rows(Rows rows) {
    std::vector<ChangeRow> out;
    while (rows.next())
        out.push_back(
            {rows.id<model::ItemId>(0), rows.id<model::ChangeSeq>(1), rows.id<model::ChangeSeq>(2)}
        );
    return out;
}

} // namespace

std::vector<ChangeRow> changed_rows(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    model::ChangeSeq since, std::size_t limit
) {
    return all_rows(snapshot.query(kChangedRows, account, collection, since, limit));
}

std::vector<ChangeRow> removed_rows(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    model::ChangeSeq since, std::size_t limit
) {
    return all_rows(snapshot.query(kRemovedRows, account, collection, since, limit));
}

} // namespace lockstep::store
