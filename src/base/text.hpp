// Text and byte helpers: ASCII case, splitting, numbers, UTF-8 checks, base64, hex.
// Invariants: views returned here point into the argument and live as long as it does.
#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

[[nodiscard]] constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
[[nodiscard]] constexpr char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string upper(std::string_view text);
/// ASCII case-insensitive equality.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);
[[nodiscard]] bool istarts_with(std::string_view text, std::string_view prefix);
/// Position of needle in text, ASCII case-insensitive; npos when absent.
[[nodiscard]] std::size_t
ifind(std::string_view text, std::string_view needle, std::size_t from = 0);

[[nodiscard]] std::string_view trim(std::string_view text);
/// Splits at each separator; n separators give n + 1 parts, empty ones included.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string
replace_all(std::string_view text, std::string_view from, std::string_view to);

/// Decimal integer without sign, blanks or leading plus; nothing else may follow.
template <class Int = std::int64_t>
[[nodiscard]] std::optional<Int> parse_int(std::string_view text) {
    Int value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

[[nodiscard]] bool is_ascii(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);
/// Every ill-formed sequence becomes U+FFFD, NUL and C0 controls other than TAB, LF and CR are
/// dropped.
[[nodiscard]] std::string clean_utf8(std::string_view text);
/// Appends one code point as UTF-8 (U+FFFD for surrogates and out of range).
void append_utf8(std::string& out, char32_t code_point);
/// The longest prefix of at most `bytes` bytes that does not cut a UTF-8 sequence.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

/// RFC 4648 4 with padding, without line breaks.
[[nodiscard]] std::string base64(std::string_view bytes);
/// Strict: canonical alphabet, padding present, no blanks. Error: bad_syntax.
[[nodiscard]] Result<std::string> unbase64(std::string_view text);
/// RFC 4648 5, no padding.
[[nodiscard]] std::string base64url(std::string_view bytes);
[[nodiscard]] Result<std::string> unbase64url(std::string_view text);
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] Result<std::string> unhex(std::string_view text);
/// %XX decoding of a URL component; '+' becomes a blank only when `plus_is_space`.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

[[nodiscard]] inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace lockstep
