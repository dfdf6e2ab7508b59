// SQL of mail lists.
#include "store/mail_rows.hpp"

#include "store/item_rows.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::CollectionId;

constexpr Sql kFolderUids{"SELECT uid FROM item WHERE account_id = $1 AND coll_id = $2 ORDER BY uid"
};
constexpr Sql kFirstUnseen{"SELECT min(uid) FROM item WHERE account_id = $1 AND coll_id = $2 AND "
                           "flags & 1 = 0"};
constexpr Sql kSums{"SELECT coalesce(sum(size), 0), coalesce(sum((flags & 32) / 32), 0) FROM item "
                    "WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kRun{"SELECT " ITEM_COLUMNS
                   " FROM item WHERE account_id = $1 AND coll_id = $2 AND uid >= $3 AND uid <= $4 "
                   "ORDER BY uid LIMIT $5"};
constexpr Sql kDescription{"SELECT envelope, body, structure FROM mail_text WHERE account_id = $1 "
                           "AND item_id = $2 AND content = $3"};
constexpr Sql kPutDescription{
    "INSERT INTO mail_text (account_id, item_id, content, envelope, body, structure) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, item_id) DO UPDATE SET "
    "content = excluded.content, envelope = excluded.envelope, body = excluded.body, "
    "structure = excluded.structure"
};
constexpr Sql kBury{"INSERT INTO buried (account_id, gone_us, item_id, coll_id, blob_hash, digest, "
                    "message_id, props, size, flags, received_us) VALUES ($1, $2, $3, $4, $5, $6, "
                    "$7, $8, $9, $10, $11)"};
#define BURIED_COLUMNS                                                                             \
    "item_id, coll_id, blob_hash, digest, message_id, props, size, flags, received_us, gone_us"
constexpr Sql kBuried{"SELECT " BURIED_COLUMNS
                      " FROM buried WHERE account_id = $1 ORDER BY gone_us, item_id LIMIT $2"};
constexpr Sql kExpired{"SELECT " BURIED_COLUMNS
                       " FROM buried WHERE account_id = $1 AND gone_us < $2 ORDER BY gone_us LIMIT "
                       "$3"};
constexpr Sql kDropBuried{
    "DELETE FROM buried WHERE account_id = $1 AND gone_us = $2 AND item_id = $3"
};
std::vector<Buried> read_buried(Rows rows) {
    std::vector<Buried> all;
    while (rows.next()) {
        Buried one;
        one.id = rows.id<model::ItemId>(0);
        one.collection = rows.id<CollectionId>(1);
        one.blob = rows.str(2);
        one.digest = rows.str(3);
        one.message_id = rows.str(4);
        one.props = rows.str(5);
        one.size = rows.i64(6);
        one.flags = rows.i64(7);
        one.received_us = rows.i64(8);
        one.gone_us = rows.i64(9);
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace

std::vector<std::uint32_t>
list_uids(Snapshot& snapshot, AccountId account, CollectionId collection) {
    std::vector<std::uint32_t> uids;
    for (auto rows = snapshot.query(kFolderUids, account, collection); rows.next();)
        uids.push_back(static_cast<std::uint32_t>(rows.i64(0)));
    return uids;
}

std::uint32_t first_unseen(Snapshot& snapshot, AccountId account, CollectionId collection) {
    return static_cast<std::uint32_t>(snapshot.scalar(kFirstUnseen, account, collection).value_or(0)
    );
}

Sums sums_of(Snapshot& snapshot, AccountId account, CollectionId collection) {
    auto rows = snapshot.query(kSums, account, collection);
    if (!rows.next())
        return {};
    return {rows.i64(0), rows.i64(1)};
}

void put_description(Txn& txn, const model::Item& item, const Description& description) {
    txn.exec(
        kPutDescription, item.owner, item.id, item.content, description.envelope, description.body,
        description.structure
    );
}

std::vector<DescribedItem> items_in(
    Snapshot& snapshot, AccountId account, CollectionId collection, std::uint32_t from,
    std::uint32_t to, bool described, std::size_t limit
) {
    std::vector<DescribedItem> all;
    for (auto rows = snapshot.query(kRun, account, collection, from, to, limit); rows.next();)
        all.push_back({read_item(rows), std::nullopt});
    if (!described)
        return all;
    for (auto& each : all) {
        auto rows = snapshot.query(kDescription, account, each.item.id, each.item.content);
        if (rows.next())
            each.description = Description{rows.str(0), rows.str(1), rows.str(2)};
    }
    return all;
}

Result<> bury_item(Txn& txn, const model::Item& item, std::int64_t now_us) {
    CHECK_OK(relink_blob(txn, item.owner, item.blob));
    txn.exec(
        kBury, item.owner, now_us, item.id, item.collection, Bytes{item.blob},
        Bytes{find_digest(txn, item.owner, item.id)}, item.uid_text, item.props, item.size,
        item.flags, item.received_us
    );
    return {};
}

std::vector<Buried> list_buried(Snapshot& snapshot, AccountId account, std::size_t limit) {
    return read_buried(snapshot.query(kBuried, account, limit));
}

void drop_buried(Txn& txn, AccountId account, const Buried& buried) {
    txn.exec(kDropBuried, account, buried.gone_us, buried.id);
    unlink_blob(txn, account, buried.blob);
}

bool has_expired_buried(Snapshot& snapshot, AccountId account, std::int64_t before_us) {
    return snapshot.query(kExpired, account, before_us, 1).next();
}

std::uint64_t expire_buried(Txn& txn, AccountId account, std::int64_t before_us, std::size_t most) {
    const auto expired = read_buried(txn.query(kExpired, account, before_us, most));
    for (const auto& each : expired)
        drop_buried(txn, account, each);
    return expired.size();
}

} // namespace lockstep::store
