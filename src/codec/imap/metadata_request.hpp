// What GETMETADATA and SETMETADATA ask for.
// Spec: RFC 5464 4.2, 4.3, 5. Errors: bad_syntax, too_large (limits::kAnnotationNames).
// Invariants: names are lower case, begin with "/private" or "/shared", and hold no wildcard.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/imap/scanner.hpp"

namespace lockstep::imap {

struct GetMetadata {
    enum class Depth : std::uint8_t { itself, children, everything };
    std::string mailbox; ///< empty: the server
    std::vector<std::string> names;
    Depth depth = Depth::itself;
    std::optional<std::int64_t> max_size; ///< bytes of a value
};
[[nodiscard]] Result<GetMetadata> parse_get_metadata(Scanner& in);

struct SetMetadata {
    std::string mailbox;
    std::vector<std::pair<std::string, std::optional<std::string>>> changes; ///< nothing: remove
};
[[nodiscard]] Result<SetMetadata> parse_set_metadata(Scanner& in);

} // namespace lockstep::imap
