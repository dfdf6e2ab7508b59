// Conversations that a person wants in one folder: what came and what is to come.
// Spec: MS-ASCMD 2.2.3.117.1 Move, 2.2.3.118 MoveAlways; MS-ASCON 2.2.2.3 ConversationId.
// Invariants: kept as settings of the account, a thousand at most; one whose folder
// is gone counts as never made. Errors: not_found, forbidden, over_quota.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "codec/mime/digest.hpp"
#include "office/office.hpp"

namespace lockstep::office {

/// 16 bytes that all messages of a thread share: a hash of the id that the thread began with.
[[nodiscard]] std::string conversation_key(const mime::Digest& digest);

/// Moves the conversation's mails of the actor's own folders to `target`, and those to come with
/// them. What lies in Drafts, Outbox, Sent Messages, Trash or Junk stays there. Returns how many
/// mails of the conversation there are in those folders and the target. The device itself is told.
[[nodiscard]] Task<Result<std::size_t>>
move_conversation(Office& office, const Actor& actor, std::string key, Folder target);

/// Where mail of the conversation goes; none: the Inbox.
[[nodiscard]] std::optional<model::Collection>
conversation_home(store::Snapshot& snapshot, model::AccountId account, const mime::Digest& digest);

} // namespace lockstep::office
