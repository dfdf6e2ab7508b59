// Content-Transfer-Encodings: tolerant decoders that can stop early, and the encoders.
// Spec: RFC 2045 6.7 and 6.8; uuencode as POSIX describes it.
// Errors: none when decoding: what is no data is skipped, a broken tail gives what was there
// (hardening M4). Invariants: one pass; output at most `max_out` bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "codec/mime/message.hpp"

namespace lockstep::mime {

inline constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

/// Decoded bytes, at most max_out of them; reading stops there.
[[nodiscard]] std::string
decode_transfer(Encoding encoding, std::string_view bytes, std::size_t max_out = kAll);
/// Number of bytes that decode_transfer without bound would give; nothing is stored.
[[nodiscard]] std::uint64_t decoded_size(Encoding encoding, std::string_view bytes);

/// Decoded body of a part of a parsed message.
[[nodiscard]] std::string
decode_body(const Message& message, const Part& part, std::size_t max_out = kAll);
/// The beginning of a text, or all of it.
struct TextPrefix {
    std::string text;
    bool whole = true; ///< nothing was left out
};
/// Decoded text of encoded bytes in UTF-8, at most max_bytes of it and never a cut character; reads
/// only as far as needed.
[[nodiscard]] TextPrefix decode_text_body(
    Encoding encoding, std::string_view charset, std::string_view bytes,
    std::size_t max_bytes = kAll
);

/// Lines of 76 characters ended by CRLF (RFC 2045 6.8).
[[nodiscard]] std::string encode_base64_lines(std::string_view bytes);
/// Text: CRLF, LF and CR are line breaks; lines at most 76 characters (RFC 2045 6.7).
[[nodiscard]] std::string encode_quoted_printable(std::string_view text);

/// "7bit", "quoted-printable" ... to the enum; unknown names give Encoding::unknown (treated as
/// identity).
[[nodiscard]] Encoding encoding_of(std::string_view name);

} // namespace lockstep::mime
