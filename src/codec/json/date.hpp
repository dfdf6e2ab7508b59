// UTCDate and Date of JMAP.
// Spec: RFC 8620 1.4 (upper-case T and Z, no fraction when it is zero); RFC 3339.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::json {

/// "2026-11-24T09:30:00Z"; a fraction of a second is written only when there is one.
[[nodiscard]] std::string utc_date(std::int64_t unix_us);
/// Microseconds since 1970 of a UTCDate ("...Z") or Date with an offset; nothing when it is neither
/// or names no day there is.
[[nodiscard]] std::optional<std::int64_t> parse_utc_date(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text);

} // namespace lockstep::json
