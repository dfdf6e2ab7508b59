// SQL of conversations.
#include "store/conversations.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::ItemId;

constexpr Sql kConversationOf{
    "SELECT conversation_id FROM conversation_mail WHERE account_id = $1 AND item_id = $2"
};
constexpr Sql kConversationMails{"SELECT item_id FROM conversation_mail WHERE account_id = $1 AND "
                                 "conversation_id = $2 ORDER BY item_id LIMIT $3"};
constexpr Sql kConversationByKey{
    "SELECT conversation_id FROM conversation_key WHERE account_id = $1 AND hash = $2"
};
constexpr Sql kAddConversationMail{"INSERT INTO conversation_mail (account_id, item_id, "
                                   "conversation_id) VALUES ($1, $2, $3)"};
constexpr Sql kAddConversationKey{
    "INSERT INTO conversation_key (account_id, hash, conversation_id) VALUES ($1, $2, $3) "
    "ON CONFLICT (account_id, hash) DO NOTHING"
};
constexpr Sql kDropConversationMail{
    "DELETE FROM conversation_mail WHERE account_id = $1 AND item_id = $2"
};
constexpr Sql kDropConversationKeys{
    "DELETE FROM conversation_key WHERE account_id = $1 AND conversation_id = $2"
};

constexpr Sql kCountConversations{
    "SELECT count(*), coalesce(sum(unread), 0) FROM (SELECT c.conversation_id, "
    "max(CASE WHEN o.flags & $3 = 0 THEN 1 ELSE 0 END) AS unread "
    "FROM (SELECT DISTINCT m.conversation_id FROM item i JOIN conversation_mail m ON m.account_id "
    "= "
    "i.account_id AND m.item_id = i.item_id WHERE i.account_id = $1 AND i.coll_id = $2) c "
    "JOIN conversation_mail n ON n.account_id = $1 AND n.conversation_id = c.conversation_id "
    "JOIN item o ON o.account_id = n.account_id AND o.item_id = n.item_id GROUP BY "
    "c.conversation_id) t"
};

} // namespace

ConversationId
join_conversation(Txn& txn, AccountId account, ItemId item, std::span<const std::int64_t> keys) {
    auto joined = conversation_of(txn, account, item);
    const bool known = static_cast<bool>(joined);
    std::vector<std::int64_t> unknown;
    for (const auto key : keys) {
        const auto found = txn.scalar(kConversationByKey, account, key);
        if (!found)
            unknown.push_back(key);
        else if (!known && (!joined || *found < joined.value))
            joined = {*found};
    }
    if (!joined)
        joined = {item.value};
    if (!known)
        txn.exec(kAddConversationMail, account, item, joined);
    for (const auto key : unknown)
        txn.exec(kAddConversationKey, account, key, joined);
    return joined;
}

void leave_conversation(Txn& txn, AccountId account, ItemId item) {
    const auto conversation = conversation_of(txn, account, item);
    if (!conversation)
        return;
    txn.exec(kDropConversationMail, account, item);
    if (mails_of_conversation(txn, account, conversation, 1).empty())
        txn.exec(kDropConversationKeys, account, conversation);
}

ConversationId conversation_of(Snapshot& snapshot, AccountId account, ItemId item) {
    return {snapshot.scalar(kConversationOf, account, item).value_or(0)};
}

std::vector<ItemId> mails_of_conversation(
    Snapshot& snapshot, AccountId account, ConversationId conversation, std::size_t limit
) {
    std::vector<ItemId> mails;
    for (auto rows = snapshot.query(kConversationMails, account, conversation, limit); rows.next();)
        mails.push_back(rows.id<ItemId>(0));
    return mails;
}

ConversationCounts
count_conversations(Snapshot& snapshot, model::AccountId account, model::CollectionId collection) {
    // A draft counts as read.
    auto rows = snapshot.query(
        kCountConversations, account, collection, model::flag::seen | model::flag::draft
    );
    return rows.next() ? ConversationCounts{rows.i64(0), rows.i64(1)} : ConversationCounts{};
}

} // namespace lockstep::store
