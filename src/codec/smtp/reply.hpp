// SMTP replies: code, enhanced status code, one or more lines.
// Spec: RFC 5321 4.2; RFC 2034 and RFC 3463 enhanced codes.
// Invariants: text never contains CR, LF or other controls (they become blanks), so that nothing a
// peer said can add a line.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::smtp {

/// `250 2.1.0 text\r\n`, or with `\n`-separated text the multi-line form with the enhanced code on
/// each line. An empty `enhanced` leaves it out (greeting, EHLO, 334, 354).
[[nodiscard]] std::string format_reply(int code, std::string_view enhanced, std::string_view text);

/// The EHLO answer: the first line names us, then a keyword per line.
[[nodiscard]] std::string
format_ehlo(std::string_view greeting, const std::vector<std::string>& keywords);

} // namespace lockstep::smtp
