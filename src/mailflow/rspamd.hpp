// Rspamd: a second opinion about a message, if there is such a service.
// Spec: rspamd's /checkv2: one POST, an answer in JSON. Invariants: only its action is believed,
// never a text of its; messages over limits::kRspamdMessage are not sent. Errors: unavailable,
// timeout, closed, bad_syntax: the message is delivered as if nobody had been asked.
#pragma once
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/task.hpp"

namespace lockstep::mailflow {

struct RspamdQuestion {
    std::string server; ///< "127.0.0.1:11333"
    std::string from, helo, address, id;
    std::shared_ptr<const std::string> message;
};
/// Its action: "no action", "add header", "reject" ...; empty: it was not asked.
[[nodiscard]] Task<Result<std::string>> ask_rspamd(RspamdQuestion question);
/// Whether an action says that the message is spam.
[[nodiscard]] bool is_spam_action(std::string_view action);

/// The action in the body of an answer. Error: bad_syntax.
[[nodiscard]] Result<std::string> read_rspamd_answer(std::string_view body);

} // namespace lockstep::mailflow
