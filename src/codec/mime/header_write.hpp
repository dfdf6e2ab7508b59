// Writing header fields: folding, encoded-words, address lists, parameters.
// Spec: RFC 5322 2.1.1, 2.2.3, 3.2-3.4; RFC 2047 2, 4, 5; RFC 2231 3, 4.
// Invariants: output is ASCII except for addresses that need SMTPUTF8; lines are at most 78
// characters where blanks allow it and
//   998 in any case; CR, LF and other controls of a value become blanks, so that no value can add a
//   field.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "codec/mime/address.hpp"

namespace lockstep::mime {

/// `Name: text` with its CRLF; text is UTF-8.
[[nodiscard]] std::string write_text_field(std::string_view name, std::string_view text);
/// `Name: a, b` with its CRLF; empty when there is no address.
[[nodiscard]] std::string
write_address_field(std::string_view name, const std::vector<Address>& addresses);
/// `Name: <id> <id>` with its CRLF; empty when there is none.
[[nodiscard]] std::string
write_ids_field(std::string_view name, const std::vector<std::string>& ids);
/// `; name=value` on a line of its own, in the RFC 2231 form when the value is not ASCII or long.
[[nodiscard]] std::string write_parameter(std::string_view name, std::string_view value);

} // namespace lockstep::mime
