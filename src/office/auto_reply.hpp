// Automatic replies: to whom they go, and what they say.
// Spec: RFC 3834; RFC 5230 4. Hardening S10. Invariants: one reply to a sender and period; the
// reply's reverse-path is <>, so that nothing comes back. Internal to office/.
#pragma once
#include <string>

#include "office/arrival.hpp"

namespace lockstep::office {

struct AutoReply {
    std::string text;
    bool html = false;
    bool mime = false;   ///< `text` is a MIME entity with its header
    std::string subject; ///< empty: made from the mail's own
    std::string cause;   ///< replies of another cause count for themselves
    std::int64_t days = 7;
    bool named = false; ///< the mail names the person
};
/// Where mail of such a letter comes from; empty: it must not be answered.
[[nodiscard]] std::string answerable_sender(const Letter& letter);
/// Queues the reply unless RFC 3834 forbids it, or it went out before.
void reply_automatically(
    store::Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const AutoReply& reply
);
/// What the person's away state says to the sender; disabled: nothing.
[[nodiscard]] std::optional<AutoReply> away_reply_for(
    store::Snapshot& snapshot, Office& office, const Addressee& addressee, const std::string& sender
);

} // namespace lockstep::office
