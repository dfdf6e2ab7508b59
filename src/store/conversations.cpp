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

} // namespace lockstep::store
