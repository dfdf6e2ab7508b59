// What old and careless writers do: quoted-printable, character sets, values of vCard 2.1.
// Spec: vCard 2.1 (versit 1996) 2.1.3, 2.1.5; RFC 2045 6.7.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "codec/vcard/card.hpp"

namespace lockstep::vcard {

/// Tolerant: a stray '=' stands for itself, soft line ends vanish.
[[nodiscard]] std::string decode_quoted_printable(std::string_view text);

/// To UTF-8 from utf-8, us-ascii, iso-8859-1, iso-8859-15 and windows-1252; text in another charset
/// is taken as UTF-8 when it is well-formed, else as windows-1252.
[[nodiscard]] std::string decode_charset(std::string_view bytes, std::string_view charset);

/// Decodes the value as ENCODING and CHARSET say and drops these parameters (base64 becomes
/// ENCODING=b without blanks); for a 2.1 card also escapes the value as 3.0 does.
void normalize(
    std::string_view name, std::vector<Parameter>& parameters, std::string& value, bool is_2_1
);

} // namespace lockstep::vcard
