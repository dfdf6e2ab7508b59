// Bytes of any charset to UTF-8, and charset names to Windows code pages.
// Spec: RFC 2978 names; WHATWG Encoding aliases where mail follows browsers (iso-8859-1 means
// windows-1252); MS-ASEMAIL InternetCPID. Errors: none; what cannot be decoded becomes U+FFFD
// (hardening M4). ICU is used in this one translation unit.
#pragma once
#include <string>
#include <string_view>

namespace lockstep::mime {

/// Clean UTF-8 (no NUL, no C0 controls but TAB, LF, CR). Unknown or empty charset: UTF-8 if it is
/// that, else windows-1252.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string_view charset);
/// The charset is UTF-8 or a subset of it, so that decoded bytes are the text and sizes are equal.
[[nodiscard]] bool is_utf8_charset(std::string_view charset);
/// Whether there is a decoder for it; an empty name means US-ASCII, which there is.
[[nodiscard]] bool is_known_charset(std::string_view charset);
/// Upper bound of source bytes that may be needed for one byte of UTF-8 (1 for 8-bit charsets, 4
/// for UTF-32 ...).
[[nodiscard]] std::size_t source_bytes_per_utf8_byte(std::string_view charset);
/// Windows code page number: 65001 for UTF-8, 20127 for US-ASCII and unknown names.
[[nodiscard]] int codepage(std::string_view charset);

} // namespace lockstep::mime
