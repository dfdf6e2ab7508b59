// Conversations as doors see them: what makes mails belong together, and the ids told to clients.
// Spec: RFC 8621 3 (a shared Message-ID, In-Reply-To or Reference and the same base subject);
// MS-ASCON 2.2.2.3 ConversationId (16 bytes); RFC 8474 5.2 (THREADID). Invariants: as in
// store/conversations.hpp: for life, never merged.
#pragma once
#include <string>
#include <vector>

#include "codec/mime/digest.hpp"
#include "office/office.hpp"
#include "store/conversations.hpp"

namespace lockstep::office {

using store::conversation_of;
using store::ConversationId;
using store::mails_of_conversation;

/// One key for each message id that the mail names, with its base subject; at most
/// limits::kConversationKeys of them, the nearest ones first.
[[nodiscard]] std::vector<std::int64_t> conversation_keys(const mime::Digest& digest);

/// 16 bytes that stand for the conversation in every door that wants bytes.
[[nodiscard]] std::string conversation_bytes(model::AccountId owner, ConversationId conversation);

/// Puts a mail that came before there were conversations into its one. Nothing happens to others.
void catch_up_conversation(
    store::Txn& txn, model::AccountId owner, model::ItemId item, const mime::Digest& digest
);

} // namespace lockstep::office
