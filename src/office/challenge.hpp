// The challenge: a stranger whose mail waits in [Detained] is told so, if the person wants that.
// Spec: RFC 3834 (an automatic answer). Hardening S9: only when DMARC proves the sender, once for
// each sender, never to lists, automatic mail or <>. Internal to office/, but for the setting.
#pragma once
#include "office/auto_reply.hpp"

namespace lockstep::office {

[[nodiscard]] Task<Result<bool>> challenges(Office& office, model::AccountId account);
[[nodiscard]] Task<Result<>> set_challenges(Office& office, model::AccountId account, bool on);

/// Inside the commit that puts the letter into [Detained].
void challenge_sender(
    store::Txn& txn, Office& office, const Addressee& addressee, const Letter& letter
);
/// Whether our own check found that the author's domain stands for the letter.
[[nodiscard]] bool passes_dmarc(const Letter& letter, std::string_view hostname);

} // namespace lockstep::office
