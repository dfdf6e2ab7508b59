// The path grammar of SMTP, shared by the command parser and parse_mailbox.
// Spec: RFC 5321 4.1.2, 4.1.3, 4.5.3.1; RFC 6531 3.3.
// Errors: bad_syntax.
#pragma once
#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "codec/smtp/command.hpp"

namespace lockstep::smtp {

/// Reads a Mailbox (`local@domain`) at the front of `text` and removes it from there.
[[nodiscard]] Result<Path> take_mailbox(std::string_view& text);

/// Reads `<mailbox>`, and `<>` where `null_allowed`, at the front of `text` and removes it from
/// there.
[[nodiscard]] Result<Path> take_path(std::string_view& text, bool null_allowed);

} // namespace lockstep::smtp
