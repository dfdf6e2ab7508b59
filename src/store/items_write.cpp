// The writes of items, each with its counters, tombstone and window move.
#include "store/collections.hpp"
#include "store/conversations.hpp"
#include "store/item_rows.hpp"
#include "store/items.hpp"
#include "store/search.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::AuthorId;
using model::ChangeSeq;
using model::CollectionId;
using model::Item;
using model::Uid;

constexpr Sql kNextUid{"UPDATE collection SET uidnext = uidnext + 1, total = total + 1, unseen = "
                       "unseen + $3, highest = $4 "
                       "WHERE account_id = $1 AND coll_id = $2 RETURNING uidnext - 1"};
constexpr Sql kNextItem{"UPDATE account_state SET next_item = next_item + 1 WHERE account_id = $1 "
                        "RETURNING next_item - 1"};
constexpr Sql kUse{"UPDATE account_state SET used_bytes = used_bytes + $2 WHERE account_id = $1"};
constexpr Sql kInsertItem{"INSERT INTO item (" ITEM_COLUMNS
                          ") VALUES ($1, $2, $3, $4, $5, $6, $6, $6, 0, $7, $8, $9, $10, $11, $12, "
                          "$13, $14, $15, $16, $6, $6, "
                          "$6, $6)"};
constexpr Sql kInsertDigest{
    "INSERT INTO item_digest (account_id, item_id, digest) VALUES ($1, $2, $3) "
    "ON CONFLICT (account_id, item_id) DO UPDATE SET digest = excluded.digest"
};
constexpr Sql kDropDigest{"DELETE FROM item_digest WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kDropText{"DELETE FROM mail_text WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kSetFlags{"UPDATE item SET flags = $4, props = $5, modseq = $6, foreign_seq = CASE "
                        "WHEN author = $7 THEN foreign_seq ELSE modseq END, author = $7, "
                        "seen_seq = $8, follow_up_seq = $9, labels_seq = $10, verb_seq = $11 "
                        "WHERE account_id = $1 AND coll_id = $2 AND uid = $3"};
constexpr Sql kSetContent{
    "UPDATE item SET blob_hash = $4, size = $5, uid_text = $6, win_low = $7, win_high = $8, modseq "
    "= $9, content = $9, "
    "foreign_seq = CASE WHEN author = $10 THEN foreign_seq ELSE modseq END, author = $10 "
    "WHERE account_id = $1 AND coll_id = $2 AND uid = $3"
};
constexpr Sql kInsertMove{"INSERT INTO window_move (account_id, coll_id, uid, modseq, win_low, "
                          "win_high) VALUES ($1, $2, $3, $4, $5, $6) "
                          "ON CONFLICT (account_id, coll_id, uid, modseq) DO NOTHING"};
constexpr Sql kCount{"UPDATE collection SET total = total + $3, unseen = unseen + $4, highest = $5 "
                     "WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kDeleteItem{"DELETE FROM item WHERE account_id = $1 AND coll_id = $2 AND uid = $3"};
constexpr Sql kInsertItemTombstone{
    "INSERT INTO tombstone (account_id, coll_id, modseq, uid, item_id, "
    "placed, win_low, win_high, author, creator, moved) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
};

std::int64_t unseen_of(model::ItemClass item_class, std::int64_t flags) {
    return item_class == model::ItemClass::mail && (flags & model::flag::seen) == 0 ? 1 : 0;
}

/// Takes the row out of its collection and leaves the tombstone.
ChangeSeq bury(Txn& txn, const Item& item, AuthorId author, bool moved) {
    const auto seq = txn.modseq(item.owner);
    txn.exec(kDeleteItem, item.owner, item.collection, item.uid);
    txn.exec(
        kInsertItemTombstone, item.owner, item.collection, seq, item.uid, item.id, item.placed,
        item.window.low, item.window.high, author, item.creator, moved
    );
    txn.exec(kCount, item.owner, item.collection, -1, -unseen_of(item.item_class, item.flags), seq);
    txn.touched({item.owner, item.collection, seq, author});
    return seq;
}

Result<Uid>
next_uid(Txn& txn, AccountId account, CollectionId collection, std::int64_t unseen, ChangeSeq seq) {
    const auto uid = txn.scalar(kNextUid, account, collection, unseen, seq);
    if (!uid)
        return fail(Code::not_found, "no such folder");
    return Uid{*uid};
}

} // namespace

Result<Item> insert_item(Txn& txn, AccountId account, const NewItem& wanted) {
    txn.require_growth();
    const auto seq = txn.modseq(account);
    TRY(const auto uid,
        next_uid(txn, account, wanted.collection, unseen_of(wanted.item_class, wanted.flags), seq));
    const model::ItemId id{txn.scalar(kNextItem, account).value_or(0)};
    const auto creator = wanted.held_by_author ? wanted.author : AuthorId{};
    txn.exec(
        kInsertItem, account, wanted.collection, uid, id, wanted.item_class, seq, wanted.author,
        creator, wanted.window.low, wanted.window.high, wanted.flags, wanted.received_us,
        wanted.blob.size, Bytes{wanted.blob.hash.raw()}, wanted.uid_text, wanted.props
    );
    txn.exec(kUse, account, wanted.blob.size);
    link_blob(txn, account, wanted.blob);
    if (!wanted.digest.empty())
        txn.exec(kInsertDigest, account, id, Bytes{wanted.digest});
    if (wanted.item_class == model::ItemClass::mail)
        join_conversation(txn, account, id, wanted.conversation_keys);
    mark_for_search(txn, account, id);
    txn.touched({account, wanted.collection, seq, wanted.author});
    return *find_item(txn, account, wanted.collection, uid);
}

Result<> set_flags(
    Txn& txn, const Item& item, std::int64_t flags, const std::string& props, AuthorId author,
    FlagParts parts
) {
    if (flags == item.flags && props == item.props)
        return {};
    const auto seq = txn.modseq(item.owner);
    const bool seen = ((flags ^ item.flags) & model::flag::seen) != 0;
    if (txn.exec(
            kSetFlags, item.owner, item.collection, item.uid, flags, props, seq, author,
            seen ? seq : item.seen_seq, parts.follow_up ? seq : item.follow_up_seq,
            parts.labels ? seq : item.labels_seq, parts.verb ? seq : item.verb_seq
        ) != 1)
        return fail(Code::not_found, "no such item");
    txn.exec(
        kCount, item.owner, item.collection, 0,
        unseen_of(item.item_class, flags) - unseen_of(item.item_class, item.flags), seq
    );
    txn.touched({item.owner, item.collection, seq, author});
    return {};
}

Result<> set_content(Txn& txn, const Item& item, const NewContent& content) {
    const auto seq = txn.modseq(item.owner);
    if (txn.exec(
            kSetContent, item.owner, item.collection, item.uid, Bytes{content.blob.hash.raw()},
            content.blob.size, content.uid_text, content.window.low, content.window.high, seq,
            content.author
        ) != 1)
        return fail(Code::not_found, "no such item");
    if (content.window != item.window)
        txn.exec(
            kInsertMove, item.owner, item.collection, item.uid, seq, item.window.low,
            item.window.high
        );
    link_blob(txn, item.owner, content.blob);
    unlink_blob(txn, item.owner, item.blob);
    if (!content.digest.empty())
        txn.exec(kInsertDigest, item.owner, item.id, Bytes{content.digest});
    if (item.item_class == model::ItemClass::mail)
        join_conversation(txn, item.owner, item.id, content.conversation_keys);
    mark_for_search(txn, item.owner, item.id);
    txn.exec(kUse, item.owner, static_cast<std::int64_t>(content.blob.size) - item.size);
    txn.exec(kCount, item.owner, item.collection, 0, 0, seq);
    txn.touched({item.owner, item.collection, seq, content.author});
    return {};
}

Result<Item> move_item(Txn& txn, const Item& item, CollectionId target, AuthorId author) {
    const auto there = find_collection(txn, item.owner, target);
    if (!there)
        return fail(Code::not_found, "no such folder");
    if (there->item_class != item.item_class)
        return fail(Code::bad_value, "the folder holds items of another kind");
    const auto seq = bury(txn, item, author, true);
    TRY(const auto uid,
        next_uid(txn, item.owner, target, unseen_of(item.item_class, item.flags), seq));
    txn.exec(
        kInsertItem, item.owner, target, uid, item.id, item.item_class, seq, author, 0,
        item.window.low, item.window.high, item.flags, item.received_us, item.size,
        Bytes{item.blob}, item.uid_text, item.props
    );
    txn.touched({item.owner, target, seq, author});
    return *find_item(txn, item.owner, target, uid);
}

Result<>
delete_item(Txn& txn, AccountId account, CollectionId collection, Uid uid, AuthorId author) {
    const auto item = find_item(txn, account, collection, uid);
    if (!item)
        return fail(Code::not_found, "no such item");
    bury(txn, *item, author, false);
    unlink_blob(txn, account, item->blob);
    txn.exec(kDropDigest, account, item->id);
    txn.exec(kDropText, account, item->id);
    leave_conversation(txn, account, item->id);
    mark_for_search(txn, account, item->id);
    txn.exec(kUse, account, -item->size);
    return {};
}

} // namespace lockstep::store
