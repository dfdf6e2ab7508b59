// SQL of search rows.
#include "store/search_rows.hpp"

namespace lockstep::store {
namespace {

#define SEARCH_ROW_COLUMNS                                                                         \
    "coll_id, uid, item_id, class, modseq, win_low, win_high, flags, received_us, size, props"

constexpr Sql kRowsOfFolder{"SELECT " SEARCH_ROW_COLUMNS
                            " FROM item WHERE account_id = $1 AND coll_id = $2 ORDER BY uid"};
constexpr Sql kRowOfItem{"SELECT " SEARCH_ROW_COLUMNS
                         " FROM item WHERE account_id = $1 AND item_id = $2"};

void read_row(const Rows& rows, SearchRow& row) {
    row.collection = rows.id<model::CollectionId>(0);
    row.uid = rows.id<model::Uid>(1);
    row.id = rows.id<model::ItemId>(2);
    row.item_class = static_cast<model::ItemClass>(rows.i64(3));
    row.modseq = rows.id<model::ChangeSeq>(4);
    row.window = {rows.i64(5), rows.i64(6)};
    row.flags = rows.i64(7);
    row.received_us = rows.i64(8);
    row.size = rows.i64(9);
    row.props.assign(rows.view(10));
}

} // namespace

void each_search_row(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    const std::function<void(const SearchRow&)>& look
) {
    SearchRow row;
    for (auto rows = snapshot.query(kRowsOfFolder, account, collection); rows.next();) {
        read_row(rows, row);
        look(row);
    }
}

std::optional<SearchRow>
find_search_row(Snapshot& snapshot, model::AccountId account, model::ItemId item) {
    auto rows = snapshot.query(kRowOfItem, account, item);
    if (!rows.next())
        return std::nullopt;
    SearchRow row;
    read_row(rows, row);
    return row;
}

} // namespace lockstep::store
