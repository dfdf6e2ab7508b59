// Between the office's mail and the Email class: flags, follow-ups, conversations.
// Spec: MS-ASEMAIL 2.2.2.34 Flag; MS-ASCON 2.2.2.3 ConversationId, 2.2.2.4 ConversationIndex.
#pragma once
#include "codec/eas/email.hpp"
#include "office/mail.hpp"
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

[[nodiscard]] eas::MailFlags mail_flags(const model::Item& item);
/// What the client's change makes of the flags and properties.
struct FlagChange {
    std::int64_t flags = 0;
    office::MailProps props;
};
[[nodiscard]] FlagChange apply_flags(const model::Item& item, const eas::EmailChange& change);

/// 16 bytes that all messages of a thread share: a hash of the id that the thread began with.
[[nodiscard]] std::string conversation_id(const mime::Digest& digest);
/// MS-ASCON 2.2.2.4: five bytes of the time at which the conversation began, five for each reply.
[[nodiscard]] std::string conversation_index(const mime::Digest& digest, std::int64_t received_us);
/// The Thread-Index (MS-OXOMSG 2.2.1.3, not yet base64) of an answer to that mail, sent at `now`
/// (unix seconds).
[[nodiscard]] std::string reply_index(const mime::Digest& original, std::int64_t now);

} // namespace lockstep::activesync
