// What a failure is called on the wire.
// Spec: RFC 5321 4.2, RFC 3463 and its registry of enhanced codes.
#pragma once
#include <string_view>

#include "base/result.hpp"

namespace lockstep::smtp {

/// What was being done when it failed: one code means different things there.
enum class Moment {
    command,   ///< reading any command but these two
    sender,    ///< MAIL
    recipient, ///< RCPT
    content,   ///< DATA, BDAT
};

struct ReplyText {
    int code;
    std::string_view enhanced;
    std::string_view text; ///< a constant: nothing of ours that is for logs only
};

[[nodiscard]] ReplyText reply_to(Code code, Moment moment);
/// To the content of a submission, once it arrived whole.
[[nodiscard]] ReplyText submission_reply(Code code);

} // namespace lockstep::smtp
