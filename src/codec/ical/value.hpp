// Values of calendar properties: dates, times and durations.
// Spec: RFC 5545 3.3.4 (DATE), 3.3.5 (DATE-TIME), 3.3.6 (DURATION), 3.3.9 (PERIOD).
// Invariants: a civil time is the seconds from 1970-01-01T00:00:00 to what the wall clock shows, as
// if there were no zones. Errors: bad_value (not of the grammar, or no such day).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/ical/content_line.hpp"

namespace lockstep::ical {

inline constexpr std::int64_t kDay = 86'400;
/// Civil times outside of the years 1 to 9999 are refused: nothing on a calendar needs them.
inline constexpr std::int64_t kFirstCivil = -62'135'596'800;
inline constexpr std::int64_t kLastCivil = 253'402'300'799;

enum class TimeKind : std::uint8_t { date, floating, utc, zoned };

/// A DATE or DATE-TIME as it stands in a property.
struct Moment {
    TimeKind kind = TimeKind::date;
    std::int64_t civil = 0; ///< seconds; midnight for a date
    std::string tzid;       ///< of kind zoned only
    friend bool operator==(const Moment&, const Moment&) = default;
};

/// Days are nominal (a day of 23 or 25 hours counts as one), seconds exact.
struct Span {
    std::int64_t days = 0;
    std::int64_t seconds = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// A civil time taken apart.
struct Civil {
    int year = 1970;
    unsigned month = 1, day = 1;
    unsigned hour = 0, minute = 0, second = 0;
    unsigned weekday = 4; ///< 0 is Sunday
};
[[nodiscard]] Civil civil_of(std::int64_t civil);
/// Out-of-range days and months are not checked here; see is_day.
[[nodiscard]] std::int64_t
civil_from(int year, unsigned month, unsigned day, std::int64_t second_of_day = 0);
[[nodiscard]] bool is_day(int year, unsigned month, unsigned day);
[[nodiscard]] unsigned days_in_month(int year, unsigned month);
/// Floor division, for day numbers before 1970.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}
[[nodiscard]] constexpr std::int64_t midnight_of(std::int64_t civil) {
    return floor_div(civil, kDay) * kDay;
}

/// "20261122", "20261122T120000", "20261122T120000Z"; a tzid makes the middle form zoned. A leap
/// second becomes second 59.
[[nodiscard]] Result<Moment> parse_moment(std::string_view value, std::string_view tzid = {});
/// The value of DTSTART and its like, with its TZID.
[[nodiscard]] Result<Moment> read_moment(const Property& property);
/// All values of EXDATE or RDATE (periods give their starts): at most limits::kIcalDates.
[[nodiscard]] Result<std::vector<Moment>> read_moments(const Property& property);
[[nodiscard]] std::string format_moment(const Moment& moment);
/// A property with VALUE=DATE or TZID as the moment needs.
[[nodiscard]] Property moment_property(std::string name, const Moment& moment);

/// "P1DT2H", "-PT15M", "P2W".
[[nodiscard]] Result<Span> parse_span(std::string_view value);
[[nodiscard]] std::string format_span(const Span& span);

} // namespace lockstep::ical
