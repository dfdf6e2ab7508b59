// SQL of the account's state and its collections.
#include "store/collections.hpp"

#include "base/ensure.hpp"
#include "store/items.hpp"
#include "store/search.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::AuthorId;
using model::Collection;
using model::CollectionId;

#define COLLECTION_COLUMNS                                                                         \
    "account_id, coll_id, parent_id, class, role, name, uidvalidity, uidnext, created, modseq, "   \
    "highest, total, unseen, author"

constexpr Sql kInsertState{"INSERT INTO account_state (account_id, modseq, next_collection, "
                           "next_item, floor, epoch, used_bytes) "
                           "VALUES ($1, 1, 1, 1, 0, $2, 0)"};
constexpr Sql kState{
    "SELECT modseq, floor, epoch, used_bytes FROM account_state WHERE account_id = $1"
};
constexpr Sql kNextCollection{"UPDATE account_state SET next_collection = next_collection + 1 "
                              "WHERE account_id = $1 RETURNING next_collection - 1"};
constexpr Sql kNameTaken{"SELECT coll_id FROM collection WHERE account_id = $1 AND parent_id = $2 "
                         "AND class = $3 AND name = $4"};
constexpr Sql kInsert{"INSERT INTO collection (" COLLECTION_COLUMNS
                      ") VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $8, 0, 0, $9)"};
constexpr Sql kFind{"SELECT " COLLECTION_COLUMNS
                    " FROM collection WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kFindRole{
    "SELECT " COLLECTION_COLUMNS
    " FROM collection WHERE account_id = $1 AND role = $2 ORDER BY coll_id LIMIT 1"
};
constexpr Sql kList{"SELECT " COLLECTION_COLUMNS
                    " FROM collection WHERE account_id = $1 ORDER BY coll_id"};
constexpr Sql kChanged{
    "SELECT " COLLECTION_COLUMNS
    " FROM collection WHERE account_id = $1 AND modseq > $2 ORDER BY modseq, coll_id"
};
constexpr Sql kRename{"UPDATE collection SET parent_id = $3, name = $4, modseq = $5, author = $6 "
                      "WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kChildren{"SELECT 1 FROM collection WHERE account_id = $1 AND parent_id = $2 LIMIT 1"
};
constexpr Sql kUids{"SELECT uid FROM item WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kDelete{"DELETE FROM collection WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kDropTombstones{"DELETE FROM tombstone WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kDropMoves{"DELETE FROM window_move WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kInsertTombstone{"INSERT INTO collection_tombstone (account_id, modseq, coll_id, "
                               "created, class, author) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Sql kRemoved{
    "SELECT coll_id, modseq, created, class, author FROM collection_tombstone WHERE "
    "account_id = $1 AND modseq > $2 ORDER BY modseq, coll_id"
};

constexpr Sql kForgotten{
    "SELECT s.next_collection - 1 - "
    "(SELECT count(*) FROM collection c WHERE c.account_id = s.account_id) - "
    "(SELECT count(*) FROM collection_tombstone t WHERE t.account_id = s.account_id) "
    "FROM account_state s WHERE s.account_id = $1"
};

constexpr Sql kErase[] = {
    {"DELETE FROM account_state WHERE account_id = $1"},
    {"DELETE FROM collection WHERE account_id = $1"},
    {"DELETE FROM collection_tombstone WHERE account_id = $1"},
    {"DELETE FROM item WHERE account_id = $1"},
    {"DELETE FROM item_digest WHERE account_id = $1"},
    {"DELETE FROM tombstone WHERE account_id = $1"},
    {"DELETE FROM window_move WHERE account_id = $1"},
    {"DELETE FROM blob WHERE account_id = $1"},
    {"DELETE FROM device WHERE account_id = $1"},
    {"DELETE FROM device_event WHERE account_id = $1"},
    {"DELETE FROM sync_state WHERE account_id = $1"},
    {"DELETE FROM client_op WHERE account_id = $1"},
    {"DELETE FROM outbox WHERE account_id = $1"},
    {"DELETE FROM delivered WHERE account_id = $1"},
    {"DELETE FROM setting WHERE account_id = $1"},
    {"DELETE FROM meeting_out WHERE account_id = $1"},
    {"DELETE FROM meeting_told WHERE account_id = $1"},
    {"DELETE FROM upload WHERE account_id = $1"},
    {"DELETE FROM mail_text WHERE account_id = $1"},
    {"DELETE FROM buried WHERE account_id = $1"},
    {"DELETE FROM conversation_mail WHERE account_id = $1"},
    {"DELETE FROM conversation_key WHERE account_id = $1"},
    {"DELETE FROM search_due WHERE account_id = $1"},
    {"DELETE FROM search_text WHERE account_id = $1"},
    {"DELETE FROM search_signature WHERE account_id = $1"},
    {"DELETE FROM sender WHERE account_id = $1"},
    {"DELETE FROM queue WHERE account_id = $1"},
    {"DELETE FROM queue_rcpt WHERE account_id = $1"},
};

Collection read_collection(const Rows& row) {
    Collection c;
    c.owner = row.id<AccountId>(0);
    c.id = row.id<CollectionId>(1);
    c.parent = row.id<CollectionId>(2);
    c.item_class = static_cast<model::ItemClass>(row.i64(3));
    c.role = static_cast<model::Role>(row.i64(4));
    c.name = row.str(5);
    c.uidvalidity = row.i64(6);
    c.uidnext = row.id<model::Uid>(7);
    c.created = row.id<model::ChangeSeq>(8);
    c.modseq = row.id<model::ChangeSeq>(9);
    c.highest = row.id<model::ChangeSeq>(10);
    c.total = row.i64(11);
    c.unseen = row.i64(12);
    c.author = row.id<AuthorId>(13);
    return c;
}

Result<> name_is_free(
    Txn& txn, AccountId account, CollectionId parent, model::ItemClass item_class,
    const std::string& name, CollectionId self
) {
    if (name.empty() || name.size() > 255)
        return fail(Code::bad_value, "a folder's name has 1 to 255 bytes");
    const auto taken = txn.scalar(kNameTaken, account, parent, item_class, name);
    if (taken && *taken != self.value)
        return fail(Code::exists, "a folder of this name is there already");
    return {};
}

} // namespace

void create_account_state(Txn& txn, AccountId account, std::int64_t epoch) {
    txn.exec(kInsertState, account, epoch);
}

void erase_account(Txn& txn, AccountId account) {
    drop_search_texts(txn, account);
    for (const auto& statement : kErase)
        txn.exec(statement, account);
}

std::optional<AccountState> account_state(Snapshot& snapshot, AccountId account) {
    auto rows = snapshot.query(kState, account);
    if (!rows.next())
        return std::nullopt;
    return AccountState{
        rows.id<model::ChangeSeq>(0), rows.id<model::ChangeSeq>(1), rows.i64(2), rows.i64(3)
    };
}

Result<Collection> create_collection(Txn& txn, AccountId account, const NewCollection& wanted) {
    if (wanted.parent && !find_collection(txn, account, wanted.parent))
        return fail(Code::not_found, "no such parent folder");
    CHECK_OK(name_is_free(txn, account, wanted.parent, wanted.item_class, wanted.name, {}));
    const auto seq = txn.modseq(account);
    const CollectionId id{txn.scalar(kNextCollection, account).value_or(0)};
    // The epoch makes a UIDVALIDITY that no earlier life of this folder id had (it must fit 32
    // bits; RFC 9051 2.3.1.1).
    const auto state = account_state(txn, account);
    const auto uidvalidity = (state->epoch + id.value) % 0x7FFFFFFF + 1;
    txn.exec(
        kInsert, account, id, wanted.parent, wanted.item_class, wanted.role, wanted.name,
        uidvalidity, seq, wanted.author
    );
    txn.touched({account, {}, seq, wanted.author});
    return *find_collection(txn, account, id);
}

Result<> rename_collection(
    Txn& txn, AccountId account, CollectionId id, CollectionId parent, const std::string& name,
    AuthorId author
) {
    const auto found = find_collection(txn, account, id);
    if (!found)
        return fail(Code::not_found, "no such folder");
    for (auto above = parent; above;) {
        if (above == id)
            return fail(Code::bad_value, "a folder cannot lie inside itself");
        const auto next = find_collection(txn, account, above);
        if (!next)
            return fail(Code::not_found, "no such parent folder");
        above = next->parent;
    }
    CHECK_OK(name_is_free(txn, account, parent, found->item_class, name, id));
    const auto seq = txn.modseq(account);
    txn.exec(kRename, account, id, parent, name, seq, author);
    txn.touched({account, {}, seq, author});
    return {};
}

Result<> remove_collection(Txn& txn, AccountId account, CollectionId id, AuthorId author) {
    const auto found = find_collection(txn, account, id);
    if (!found)
        return fail(Code::not_found, "no such folder");
    if (txn.scalar(kChildren, account, id))
        return fail(Code::conflict, "the folder still holds folders");
    std::vector<model::Uid> uids;
    for (auto rows = txn.query(kUids, account, id); rows.next();)
        uids.push_back(rows.id<model::Uid>(0));
    for (const auto uid : uids)
        CHECK_OK(delete_item(txn, account, id, uid, author));
    const auto seq = txn.modseq(account);
    txn.exec(kDropTombstones, account, id);
    txn.exec(kDropMoves, account, id);
    txn.exec(kDelete, account, id);
    txn.exec(kInsertTombstone, account, seq, id, found->created, found->item_class, author);
    txn.touched({account, {}, seq, author});
    return {};
}

std::optional<Collection> find_collection(Snapshot& snapshot, AccountId account, CollectionId id) {
    auto rows = snapshot.query(kFind, account, id);
    if (!rows.next())
        return std::nullopt;
    return read_collection(rows);
}

std::optional<Collection> find_by_role(Snapshot& snapshot, AccountId account, model::Role role) {
    auto rows = snapshot.query(kFindRole, account, role);
    if (!rows.next())
        return std::nullopt;
    return read_collection(rows);
}

std::vector<Collection> list_collections(Snapshot& snapshot, AccountId account) {
    std::vector<Collection> all;
    for (auto rows = snapshot.query(kList, account); rows.next();)
        all.push_back(read_collection(rows));
    return all;
}

std::vector<Collection>
changed_collections(Snapshot& snapshot, AccountId account, model::ChangeSeq since) {
    std::vector<Collection> changed;
    for (auto rows = snapshot.query(kChanged, account, since); rows.next();)
        changed.push_back(read_collection(rows));
    return changed;
}

std::vector<CollectionTombstone>
removed_collections(Snapshot& snapshot, AccountId account, model::ChangeSeq since) {
    std::vector<CollectionTombstone> gone;
    for (auto rows = snapshot.query(kRemoved, account, since); rows.next();)
        gone.push_back(
            {rows.id<CollectionId>(0), rows.id<model::ChangeSeq>(1), rows.id<model::ChangeSeq>(2),
             static_cast<model::ItemClass>(rows.i64(3)), rows.id<AuthorId>(4)}
        );
    return gone;
}

bool knows_all_removed_collections(Snapshot& snapshot, AccountId account) {
    // Ids are given out one by one: whatever is neither there nor remembered was forgotten.
    return snapshot.scalar(kForgotten, account).value_or(0) <= 0;
}

} // namespace lockstep::store
