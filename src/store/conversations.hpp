// Conversations: which mails of an account belong together.
// Spec: RFC 8621 3. Invariants: a mail's conversation never changes, as clients are told its id for
// the life of the mail: conversations are not merged, and a mail that links several joins the
// oldest. An id is that of the first item, so that it is never given out twice. Work is linear in
// the keys.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::store {

using ConversationId = Id<struct ConversationTag>;

/// Puts the mail into the oldest conversation that knows one of the keys, or into one of its own,
/// and teaches the conversation the other keys. A mail that has a conversation keeps it.
ConversationId join_conversation(
    Txn& txn, model::AccountId account, model::ItemId item, std::span<const std::int64_t> keys
);
/// The mail is gone; its conversation too, when it was the last one.
void leave_conversation(Txn& txn, model::AccountId account, model::ItemId item);

/// None: the item is no mail, or was not looked at yet after an upgrade.
[[nodiscard]] ConversationId
conversation_of(Snapshot& snapshot, model::AccountId account, model::ItemId item);
/// Its mails in order of their ids, at most `limit`.
[[nodiscard]] std::vector<model::ItemId> mails_of_conversation(
    Snapshot& snapshot, model::AccountId account, ConversationId conversation, std::size_t limit
);

/// Conversations with a mail in the collection, and those of them with an unread mail anywhere but
/// drafts. Cost: that of the collection.
struct ConversationCounts {
    std::int64_t total = 0;
    std::int64_t unread = 0;
};
[[nodiscard]] ConversationCounts
count_conversations(Snapshot& snapshot, model::AccountId account, model::CollectionId collection);

} // namespace lockstep::store
