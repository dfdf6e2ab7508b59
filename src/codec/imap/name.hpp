// Mailbox names on the wire: modified UTF-7 of IMAP4rev1, UTF-8 of IMAP4rev2.
// Spec: RFC 3501 5.1.3, RFC 9051 5.1. Hardening I4: only canonical forms are read.
// Errors: bad_value = not the canonical form of any name.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::imap {

/// UTF-8 to modified UTF-7.
[[nodiscard]] std::string encode_utf7(std::string_view name);
/// Modified UTF-7 to UTF-8. What encode_utf7() would write otherwise is refused.
[[nodiscard]] Result<std::string> decode_utf7(std::string_view text);

} // namespace lockstep::imap
