// The away reply of a person: whether it is on, for how long, and what each audience is told.
// Spec: MS-ASCMD 2.2.3.122 Oof, 2.2.3.123 OofMessage, 2.2.3.124 OofState; RFC 3834.
// Invariants: one state for every door; it is kept as settings of the account ("away") and what
// is damaged there reads as switched off. Who counts as known is decided by who sends the reply.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database.hpp"

namespace lockstep::office {

enum class AwayState : std::uint8_t {
    off = 0,
    on = 1,   ///< until it is switched off
    timed = 2 ///< from `from_us` up to, and not at, `until_us`
};

/// What one audience is told.
struct AwayReply {
    bool enabled = false;
    bool html = false; ///< `text` is HTML
    std::string text;  ///< UTF-8, at most limits::kAwayText bytes
    friend bool operator==(const AwayReply&, const AwayReply&) = default;
};

struct Away {
    AwayState state = AwayState::off;
    std::int64_t from_us = 0, until_us = 0; ///< UTC; with `timed` only
    AwayReply internal;                     ///< senders of the own domain
    AwayReply known;                        ///< others who are among the person's contacts
    AwayReply unknown;                      ///< everybody else
    std::string subject;                    ///< of every reply; empty: made from the mail's own
    /// Raised whenever something changes: replies sent before count as not sent (RFC 3834 2 asks
    /// for one reply per sender and absence).
    std::int64_t generation = 0;
    friend bool operator==(const Away&, const Away&) = default;
};

[[nodiscard]] Away read_away(store::Snapshot& snapshot, model::AccountId account);
/// Keeps it; `generation` is set here. Errors: bad_value (a text that is too long, an absence that
/// ends before it begins).
[[nodiscard]] Result<> write_away(store::Txn& txn, model::AccountId account, Away away);
/// Whether replies are sent at that time.
[[nodiscard]] bool is_away(const Away& away, std::int64_t now_us);

/// The reply as plain text, and as HTML, whichever it was written in. Lines end with LF.
[[nodiscard]] std::string plain_text(const AwayReply& reply);
[[nodiscard]] std::string html_text(const AwayReply& reply);

} // namespace lockstep::office
