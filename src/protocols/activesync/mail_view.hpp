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
/// The header of MS-ASCON 2.2.2.4: five bytes of the time, without the replies' deltas.
[[nodiscard]] std::string conversation_index(const mime::Digest& digest, std::int64_t received_us);

} // namespace lockstep::activesync
