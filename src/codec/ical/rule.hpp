// A recurrence rule as values.
// Spec: RFC 5545 3.3.10; RFC 7529 only as far as RSCALE=GREGORIAN.
// Invariants: lists are sorted, without repetition and within their ranges; a rule has COUNT or
// UNTIL or neither. Errors: bad_value (not a rule), unsupported (another calendar system).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::ical {

enum class Frequency : std::uint8_t { secondly, minutely, hourly, daily, weekly, monthly, yearly };

/// BYDAY entry: 2TU is {2, 2}, -1FR is {-1, 5}, MO is {0, 1}. Weekday 0 is Sunday.
struct NthWeekday {
    int nth = 0;
    int weekday = 0;
    friend auto operator<=>(const NthWeekday&, const NthWeekday&) = default;
};

struct Rule {
    Frequency frequency = Frequency::daily;
    std::int64_t interval = 1;          ///< at least 1
    std::optional<std::uint32_t> count; ///< at least 1
    std::optional<Moment> until;
    std::vector<int> by_second, by_minute, by_hour, by_month_day, by_year_day, by_week, by_month,
        by_position;
    std::vector<NthWeekday> by_day;
    int week_start = 1; ///< 0 is Sunday
    friend bool operator==(const Rule&, const Rule&) = default;
};

/// Reads the value of RRULE. Parts of other names (X-...) are passed over; INTERVAL=0 counts as 1.
[[nodiscard]] Result<Rule> parse_rule(std::string_view value);
[[nodiscard]] std::string format_rule(const Rule& rule);

} // namespace lockstep::ical
