// Conversations with their mails, as a viewer sees them, and which of them changed.
// Spec: RFC 8621 3. Errors: as in changes.hpp. Invariants: a mail that is gone tells its
// conversation only when it was the first of it; of others the mail's own removal tells.
#pragma once
#include <map>
#include <vector>

#include "office/changes.hpp"
#include "office/conversations.hpp"

namespace lockstep::office {

/// The readable mails of each conversation that has some, oldest first.
[[nodiscard]] Task<Result<std::map<ConversationId, std::vector<model::ItemId>>>> read_threads(
    Office& office, const Actor& actor, const Owner& owner, std::vector<ConversationId> wanted
);
/// Conversations with changed mails. A state that is cut short cannot be told here: with more than
/// `most` the answer is stale.
[[nodiscard]] Task<Result<IdChanges>> thread_changes(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    TypeState since, std::size_t most
);

/// Conversations of each mailbox, in the order given. Cost: that of the mailboxes.
[[nodiscard]] Task<Result<std::vector<store::ConversationCounts>>> conversation_counts(
    Office& office, const Owner& owner, std::vector<model::CollectionId> collections
);

} // namespace lockstep::office
