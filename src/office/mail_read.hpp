// Reading stored mail by id, for doors that show it.
// Invariants: only mail that the actor may read is visited; the visits happen on a store thread,
// one mail at a time, so that memory holds one message. Errors: unavailable, corrupt.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "codec/mime/digest.hpp"
#include "office/conversations.hpp"
#include "office/folders.hpp"
#include "store/items.hpp"

namespace lockstep::office {

struct MailRecord {
    model::Item item;
    mime::Digest digest;
    ConversationId conversation;
    std::string bytes; ///< the whole message, when asked for
};
/// Calls `visit` for each of the mails that is there, in the order of `ids`. What it refers to must
/// live until the task ends.
[[nodiscard]] Task<Result<>> visit_mails(
    Office& office, const Actor& actor, const Owner& owner, std::vector<model::ItemId> ids,
    bool with_bytes, std::function<void(MailRecord)> visit
);

/// Ids of the mails that the actor may read, at most `most`, folder by folder.
[[nodiscard]] Task<Result<std::vector<model::ItemId>>>
all_mail(Office& office, const Actor& actor, const Owner& owner, std::size_t most);

} // namespace lockstep::office
