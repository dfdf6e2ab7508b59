// Dates of IMAP: INTERNALDATE, and the days of SEARCH.
// Spec: RFC 9051 9 (date-time, date). Errors: bad_syntax, bad_value.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::imap {

/// "17-Jul-1996 02:44:25 -0700" (the text within the quotes; the day may begin with a blank) to
/// seconds since 1970.
[[nodiscard]] Result<std::int64_t> parse_date_time(std::string_view text);
/// Seconds since 1970 to the same form in UTC, without quotes.
[[nodiscard]] std::string format_date_time(std::int64_t seconds);
/// "1-Feb-1994" to days since 1970.
[[nodiscard]] Result<std::int64_t> parse_day(std::string_view text);

} // namespace lockstep::imap
