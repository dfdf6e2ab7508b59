// Sections of a message: what BODY[1.2.HEADER.FIELDS (From)]<0.100> names, and its bytes.
// Spec: RFC 9051 6.4.5 and 6.4.5.1, RFC 3516 (BINARY). Errors: bad_syntax; unsupported = a part
// whose transfer encoding cannot be decoded. Invariants: a part that is not there has no bytes,
// which is no error.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/imap/scanner.hpp"
#include "codec/mime/message.hpp"

namespace lockstep::imap {

struct Section {
    enum class What : std::uint8_t { all, header, fields, fields_not, mime, text };
    std::vector<std::uint32_t> path;
    What what = What::all;
    std::vector<std::string> fields; ///< as written
    friend bool operator==(const Section&, const Section&) = default;
};

/// "[...]" at the scanner. `path_only`: of BINARY.
[[nodiscard]] Result<Section> parse_section(Scanner& in, bool path_only);
/// Appends "1.2.HEADER.FIELDS (From)", without brackets.
void put_section(std::string& out, const Section& section);

/// The bytes of a section; nothing when the message has no such part.
[[nodiscard]] std::optional<std::string>
section_bytes(const mime::Message& message, const Section& section);
/// The decoded bytes of a part.
[[nodiscard]] Result<std::optional<std::string>>
binary_bytes(const mime::Message& message, const Section& section);

} // namespace lockstep::imap
