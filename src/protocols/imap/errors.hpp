// Code -> what a client hears behind its tag.
// Spec: RFC 9051 7.1, RFC 5530.
#pragma once
#include <string_view>

#include "base/result.hpp"

namespace lockstep::imap {

struct StatusReply {
    std::string_view status; ///< "NO" or "BAD"
    std::string_view code;   ///< without brackets; may be empty
    std::string_view text;
};
[[nodiscard]] StatusReply reply_to(Code code);

} // namespace lockstep::imap
