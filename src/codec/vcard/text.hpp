// Escaping of vCard values: backslash escapes, components and lists.
// Spec: RFC 6350 3.4, 4; RFC 2426 4 (text-value, structured values); RFC 6868 (parameter values).
// Invariants: unescape(escape(x)) == x for text without carriage returns; all linear.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::vcard {

/// Backslash, comma, semicolon and line ends (CRLF, LF, CR become \n).
[[nodiscard]] std::string escape(std::string_view text);
/// Also accepts \N and \: ; a backslash before anything else stands for itself.
[[nodiscard]] std::string unescape(std::string_view value);
/// Cuts at each separator that no backslash precedes, into at most kCardComponents parts; they stay
/// escaped and point into value.
[[nodiscard]] std::vector<std::string_view> split_escaped(std::string_view value, char separator);
/// Component `index` of a structured value as text, empty when the value has fewer.
[[nodiscard]] std::string component(std::string_view value, std::size_t index);
/// The value with component `index` replaced by the text and the others as they were; trailing
/// components are added up to `count` in all.
[[nodiscard]] std::string
with_component(std::string_view value, std::size_t index, std::string_view text, std::size_t count);
/// Whether every component is empty.
[[nodiscard]] bool all_components_empty(std::string_view value);

/// ^n, ^^ and ^' of RFC 6868.
[[nodiscard]] std::string decode_caret(std::string_view value);
[[nodiscard]] std::string encode_caret(std::string_view value);

} // namespace lockstep::vcard
