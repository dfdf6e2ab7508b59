// The ESMTP parameters of MAIL and RCPT.
// Spec: RFC 5321 4.1.2 Mail-parameters; RFC 1870, 3461, 4954 5, 6152, 6531, 8689; xtext of RFC
// 3461 4. Errors: bad_syntax -> 501; unsupported -> 555 (a parameter we did not offer).
#pragma once
#include <string_view>

#include "base/result.hpp"
#include "codec/smtp/command.hpp"

namespace lockstep::smtp {

/// `text` is what follows the path: empty, or a blank and parameters.
[[nodiscard]] Result<MailParameters> parse_mail_parameters(std::string_view text);
[[nodiscard]] Result<RcptParameters> parse_rcpt_parameters(std::string_view text);

/// RFC 3461 4 xtext. Encoding covers everything that is not printable ASCII, '+' and '='.
[[nodiscard]] Result<std::string> decode_xtext(std::string_view text);
[[nodiscard]] std::string encode_xtext(std::string_view text);

/// `2026-11-24T11:40:08Z`, as RFC 4865 writes a time.
[[nodiscard]] std::string format_utc(std::int64_t unix_seconds);

} // namespace lockstep::smtp
