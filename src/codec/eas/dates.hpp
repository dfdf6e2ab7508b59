// Dates and times on the wire.
// Spec: MS-ASDTYPE 2.3 (dateTime), 2.7.5 (Compact DateTime). Clients mix the two: both are read
// everywhere. Invariants: UTC seconds since 1970; years 1 to 9999.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::eas {

/// "20261122T120000Z".
[[nodiscard]] std::string compact_date(std::int64_t utc);
/// "2026-11-22T12:00:00.000Z".
[[nodiscard]] std::string iso_date(std::int64_t utc);
/// Either form, also without Z, without fraction, or a bare date. Error: bad_value.
[[nodiscard]] Result<std::int64_t> parse_wire_date(std::string_view text);

} // namespace lockstep::eas
