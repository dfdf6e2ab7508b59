// Reads and writes dates.
#include "codec/imap/date.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/core.h>

#include "base/text.hpp"

namespace lockstep::imap {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// "HH:MM:SS" to seconds.
Result<std::int64_t> parse_clock(std::string_view text) {
    if (text.size() != 8 || text[2] != ':' || text[5] != ':')
        return fail(Code::bad_syntax, "a time of day");
    const auto hour = parse_int<unsigned>(text.substr(0, 2));
    const auto minute = parse_int<unsigned>(text.substr(3, 2));
    const auto second = parse_int<unsigned>(text.substr(6, 2));
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return fail(Code::bad_value, "no time of day");
    return std::int64_t{*hour} * 3'600 + std::int64_t{*minute} * 60 + *second;
}

/// "+HHMM" to seconds east.
Result<std::int64_t> parse_zone(std::string_view text) {
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-'))
        return fail(Code::bad_syntax, "a time zone");
    const auto hour = parse_int<unsigned>(text.substr(1, 2));
    const auto minute = parse_int<unsigned>(text.substr(3, 2));
    if (!hour || !minute || *hour > 23 || *minute > 59)
        return fail(Code::bad_value, "no time zone");
    const auto seconds = std::int64_t{*hour} * 3'600 + std::int64_t{*minute} * 60;
    return text[0] == '-' ? -seconds : seconds;
}

} // namespace

Result<std::int64_t> parse_day(std::string_view text) {
    const auto parts = split(text, '-');
    if (parts.size() != 3 || parts[0].empty() || parts[0].size() > 2 || parts[2].size() != 4)
        return fail(Code::bad_syntax, "a date");
    const auto day = parse_int<unsigned>(parts[0]);
    const auto year = parse_int<int>(parts[2]);
    const auto* const month = std::ranges::find_if(kMonths, [&](std::string_view name) {
        return iequals(name, parts[1]);
    });
    if (!day || !year || month == kMonths.end())
        return fail(Code::bad_syntax, "a date");
    const std::chrono::year_month_day date{
        std::chrono::year(*year),
        std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
        std::chrono::day(*day)
    };
    if (!date.ok())
        return fail(Code::bad_value, "no such day");
    return std::chrono::sys_days(date).time_since_epoch().count();
}

Result<std::int64_t> parse_date_time(std::string_view text) {
    if (text.starts_with(' '))
        text.remove_prefix(1);
    const auto parts = split(text, ' ');
    if (parts.size() != 3)
        return fail(Code::bad_syntax, "a date with time and zone");
    TRY(const auto day, parse_day(parts[0]));
    TRY(const auto clock, parse_clock(parts[1]));
    TRY(const auto zone, parse_zone(parts[2]));
    return day * 86'400 + clock - zone;
}

std::string format_date_time(std::int64_t seconds) {
    const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format(
        "{:02}-{}-{:04} {:02}:{:02}:{:02} +0000", static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        clock.hours().count(), clock.minutes().count(), clock.seconds().count()
    );
}

} // namespace lockstep::imap
