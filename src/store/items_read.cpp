// The reads of items: by name, by change, by window edge.
#include "store/item_rows.hpp"
#include "store/items.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::CollectionId;
using model::Item;
using model::Uid;

#define TOMBSTONE_COLUMNS "modseq, uid, item_id, placed, win_low, win_high, author, creator, moved"

constexpr Sql kByUid{"SELECT " ITEM_COLUMNS
                     " FROM item WHERE account_id = $1 AND coll_id = $2 AND uid = $3"};
constexpr Sql kById{"SELECT " ITEM_COLUMNS " FROM item WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kByUidText{
    "SELECT " ITEM_COLUMNS
    " FROM item WHERE account_id = $1 AND coll_id = $2 AND uid_text = $3 ORDER BY uid LIMIT 1"
};
constexpr Sql kDigest{"SELECT digest FROM item_digest WHERE account_id = $1 AND item_id = $2"};
// The plus signs keep the planner on the covering index of changes: the cost is that of the
// changes, not of the mailbox.
constexpr Sql kChangedItems{
    "SELECT uid FROM item WHERE account_id = $1 AND coll_id = $2 AND modseq > $3 AND +uid < $4 "
    "ORDER BY +uid DESC LIMIT $5"
};
constexpr Sql kRemovedItems{
    "SELECT " TOMBSTONE_COLUMNS
    " FROM tombstone WHERE account_id = $1 AND coll_id = $2 AND (modseq, uid) > "
    "($3, $4) ORDER BY modseq, uid LIMIT $5"
};
constexpr Sql kTombstoneOf{"SELECT " TOMBSTONE_COLUMNS
                           " FROM tombstone WHERE account_id = $1 AND coll_id = $2 AND uid = $3"};
constexpr Sql kWindowAt{"SELECT win_low, win_high FROM window_move WHERE account_id = $1 AND "
                        "coll_id = $2 AND uid = $3 AND modseq > $4 ORDER BY modseq LIMIT 1"};
constexpr Sql kHighDown{
    "SELECT " ITEM_COLUMNS
    " FROM item WHERE account_id = $1 AND coll_id = $2 AND (win_high, uid) >= ($3, $4) AND "
    "(win_high, uid) < ($5, $6) ORDER BY win_high DESC, uid DESC LIMIT $7"
};
constexpr Sql kHighUp{"SELECT " ITEM_COLUMNS
                      " FROM item WHERE account_id = $1 AND coll_id = $2 AND (win_high, uid) >= "
                      "($3, $4) AND (win_high, uid) < ($5, $6) ORDER BY win_high, uid LIMIT $7"};
constexpr Sql kLowDown{
    "SELECT " ITEM_COLUMNS
    " FROM item WHERE account_id = $1 AND coll_id = $2 AND class = 2 AND (win_low, uid) >= ($3, "
    "$4) AND (win_low, uid) < ($5, $6) ORDER BY win_low DESC, uid DESC LIMIT $7"
};
constexpr Sql kLowUp{
    "SELECT " ITEM_COLUMNS
    " FROM item WHERE account_id = $1 AND coll_id = $2 AND class = 2 AND (win_low, uid) >= ($3, "
    "$4) AND (win_low, uid) < ($5, $6) ORDER BY win_low, uid LIMIT $7"
};

Tombstone read_tombstone(const Rows& row) {
    Tombstone t;
    t.modseq = row.id<model::ChangeSeq>(0);
    t.uid = row.id<Uid>(1);
    t.id = row.id<model::ItemId>(2);
    t.placed = row.id<model::ChangeSeq>(3);
    t.window = {row.i64(4), row.i64(5)};
    t.author = row.id<model::AuthorId>(6);
    t.creator = row.id<model::AuthorId>(7);
    t.moved = row.i64(8) != 0;
    return t;
}

std::optional<Item> first_item(Rows rows) {
    if (!rows.next())
        return std::nullopt;
    return read_item(rows);
}

std::vector<Item> all_items(Rows rows) {
    std::vector<Item> items;
    while (rows.next())
        items.push_back(read_item(rows));
    return items;
}

} // namespace

Item read_item(const Rows& row) {
    Item item;
    item.owner = row.id<AccountId>(0);
    item.collection = row.id<CollectionId>(1);
    item.uid = row.id<Uid>(2);
    item.id = row.id<model::ItemId>(3);
    item.item_class = static_cast<model::ItemClass>(row.i64(4));
    item.modseq = row.id<model::ChangeSeq>(5);
    item.placed = row.id<model::ChangeSeq>(6);
    item.content = row.id<model::ChangeSeq>(7);
    item.foreign = row.id<model::ChangeSeq>(8);
    item.author = row.id<model::AuthorId>(9);
    item.creator = row.id<model::AuthorId>(10);
    item.window = {row.i64(11), row.i64(12)};
    item.flags = row.i64(13);
    item.received_us = row.i64(14);
    item.size = row.i64(15);
    item.blob = row.str(16);
    item.uid_text = row.str(17);
    item.props = row.str(18);
    item.seen_seq = row.id<model::ChangeSeq>(19);
    item.follow_up_seq = row.id<model::ChangeSeq>(20);
    item.labels_seq = row.id<model::ChangeSeq>(21);
    item.verb_seq = row.id<model::ChangeSeq>(22);
    return item;
}

std::optional<Item>
find_item(Snapshot& snapshot, AccountId account, CollectionId collection, Uid uid) {
    return first_item(snapshot.query(kByUid, account, collection, uid));
}
std::optional<Item> find_item(Snapshot& snapshot, AccountId account, model::ItemId id) {
    return first_item(snapshot.query(kById, account, id));
}
std::optional<Item> find_by_uid_text(
    Snapshot& snapshot, AccountId account, CollectionId collection, const std::string& uid_text
) {
    return first_item(snapshot.query(kByUidText, account, collection, uid_text));
}

std::string find_digest(Snapshot& snapshot, AccountId account, model::ItemId id) {
    auto rows = snapshot.query(kDigest, account, id);
    return rows.next() ? rows.str(0) : std::string();
}

std::vector<Item> changed_items(
    Snapshot& snapshot, AccountId account, CollectionId collection, model::ChangeSeq since,
    Uid below, std::size_t limit
) {
    std::vector<Uid> uids;
    for (auto rows = snapshot.query(kChangedItems, account, collection, since, below, limit);
         rows.next();)
        uids.push_back(rows.id<Uid>(0));
    std::vector<Item> items;
    items.reserve(uids.size());
    for (const auto uid : uids)
        if (auto item = find_item(snapshot, account, collection, uid))
            items.push_back(std::move(*item));
    return items;
}

std::vector<Tombstone> removed_items(
    Snapshot& snapshot, AccountId account, CollectionId collection, Cursor after, std::size_t limit
) {
    std::vector<Tombstone> gone;
    for (auto rows =
             snapshot.query(kRemovedItems, account, collection, after.seq, after.uid, limit);
         rows.next();)
        gone.push_back(read_tombstone(rows));
    return gone;
}

std::optional<Tombstone>
find_tombstone(Snapshot& snapshot, AccountId account, CollectionId collection, Uid uid) {
    auto rows = snapshot.query(kTombstoneOf, account, collection, uid);
    if (!rows.next())
        return std::nullopt;
    return read_tombstone(rows);
}

model::Window window_at(
    Snapshot& snapshot, AccountId account, CollectionId collection, Uid uid, model::ChangeSeq at,
    model::Window now
) {
    auto rows = snapshot.query(kWindowAt, account, collection, uid, at);
    if (!rows.next())
        return now;
    return {rows.i64(0), rows.i64(1)};
}

std::int64_t count_inside(
    Snapshot& snapshot, AccountId account, CollectionId collection, std::int64_t low,
    std::int64_t high
) {
    static constexpr Sql kCount{
        "SELECT count(*) FROM item WHERE account_id = $1 AND coll_id = $2 AND win_high >= $3 AND "
        "win_low < $4"
    };
    return snapshot.scalar(kCount, account, collection, low, high).value_or(0);
}

std::vector<Item> items_between(
    Snapshot& snapshot, AccountId account, CollectionId collection, Edge edge, EdgePlace from,
    EdgePlace to, bool ascending, std::size_t limit
) {
    const auto& sql =
        edge == Edge::high ? (ascending ? kHighUp : kHighDown) : (ascending ? kLowUp : kLowDown);
    return all_items(
        snapshot.query(sql, account, collection, from.at, from.uid, to.at, to.uid, limit)
    );
}

} // namespace lockstep::store
