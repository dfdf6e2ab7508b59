// The strict output encoder: every string that leaves goes through here.
// Spec: RFC 9051 9 (string, nstring, astring, mailbox). Quirk 13: nothing unescaped, no raw 8-bit
// bytes in quoted strings unless the client asked for UTF-8, no NUL anywhere.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::imap {

/// Appends a string: quoted where it may be, else a literal.
void put_string(std::string& out, std::string_view text, bool utf8 = false);
/// NIL when there is no text.
void put_nstring(std::string& out, const std::optional<std::string>& text, bool utf8 = false);
/// A literal with these bytes; "~{...}" when they hold NUL.
void put_literal(std::string& out, std::string_view bytes);
/// A mailbox name (UTF-8), always quoted: some clients stumble over atoms with dots and slashes.
void put_mailbox(std::string& out, std::string_view name, bool utf8);
/// A text for people behind a tag: one line, printable.
[[nodiscard]] std::string human_text(std::string_view text);

} // namespace lockstep::imap
