// Dates, times and durations of RFC 5545, read strictly enough to be sure and written in one form.
// Spec: RFC 5545 3.3.4-3.3.6, 3.3.9.
#include "codec/ical/value.hpp"

#include <chrono>
#include <utility>

#include <fmt/core.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ical {
namespace {

std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size())
        return std::nullopt;
    return parse_int<unsigned>(text.substr(at, count));
}

std::unexpected<Error> no_moment(std::string_view value) {
    return fail(Code::bad_value, "not a date or time: " + std::string(value.substr(0, 40)));
}

} // namespace

Civil civil_of(std::int64_t civil) {
    const auto day = floor_div(civil, kDay);
    const std::chrono::sys_days days{std::chrono::days(day)};
    const std::chrono::year_month_day date(days);
    const auto second = static_cast<unsigned>(civil - day * kDay);
    return {
        int(date.year()),
        unsigned(date.month()),
        unsigned(date.day()),
        second / 3600,
        second / 60 % 60,
        second % 60,
        std::chrono::weekday(days).c_encoding()
    };
}

std::int64_t civil_from(int year, unsigned month, unsigned day, std::int64_t second_of_day) {
    const std::chrono::sys_days days =
        std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(1);
    return (days.time_since_epoch().count() + static_cast<std::int64_t>(day) - 1) * kDay +
           second_of_day;
}

unsigned days_in_month(int year, unsigned month) {
    const auto last = std::chrono::year(year) / std::chrono::month(month) / std::chrono::last;
    return unsigned(last.day());
}

bool is_day(int year, unsigned month, unsigned day) {
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

Result<Moment> parse_moment(std::string_view value, std::string_view tzid) {
    value = trim(value);
    const auto year = digits(value, 0, 4), month = digits(value, 4, 2), day = digits(value, 6, 2);
    if (!year || !month || !day || !is_day(static_cast<int>(*year), *month, *day))
        return no_moment(value);
    Moment moment{TimeKind::date, civil_from(static_cast<int>(*year), *month, *day), {}};
    if (value.size() == 8)
        return moment;
    const auto hour = digits(value, 9, 2), minute = digits(value, 11, 2);
    auto second = digits(value, 13, 2);
    std::size_t end = 15;
    if (!second &&
        (value.size() == 13 || value.size() == 14)) { // some producers leave the seconds out
        second = 0;
        end = 13;
    }
    if (value[8] != 'T' || !hour || !minute || !second)
        return no_moment(value);
    if (*hour > 23 || *minute > 59 || *second > 60)
        return no_moment(value);
    moment.civil += *hour * 3600 + *minute * 60 + std::min(*second, 59U);
    if (value.size() == end + 1 && value[end] == 'Z') {
        moment.kind = TimeKind::utc;
    } else if (value.size() != end) {
        return no_moment(value);
    } else if (tzid.empty()) {
        moment.kind = TimeKind::floating;
    } else {
        moment.kind = TimeKind::zoned;
        moment.tzid = tzid;
    }
    return moment;
}

Result<Moment> read_moment(const Property& property) {
    return parse_moment(property.value(), property.parameter("TZID"));
}

Result<std::vector<Moment>> read_moments(const Property& property) {
    std::vector<Moment> moments;
    for (const auto part : split(property.value(), ',')) {
        if (trim(part).empty())
            continue;
        if (moments.size() >= limits::kIcalDates)
            return fail(Code::too_large, "too many dates in one property");
        TRY(auto moment, parse_moment(part.substr(0, part.find('/')), property.parameter("TZID")));
        moments.push_back(std::move(moment));
    }
    return moments;
}

std::string format_moment(const Moment& moment) {
    const auto c = civil_of(moment.civil);
    if (moment.kind == TimeKind::date)
        return fmt::format("{:04}{:02}{:02}", c.year, c.month, c.day);
    return fmt::format(
        "{:04}{:02}{:02}T{:02}{:02}{:02}{}", c.year, c.month, c.day, c.hour, c.minute, c.second,
        moment.kind == TimeKind::utc ? "Z" : ""
    );
}

Property moment_property(std::string name, const Moment& moment) {
    Property property(std::move(name), format_moment(moment));
    if (moment.kind == TimeKind::date)
        property.set_parameter("VALUE", "DATE");
    if (moment.kind == TimeKind::zoned)
        property.set_parameter("TZID", moment.tzid);
    return property;
}

Result<Span> parse_span(std::string_view value) {
    const auto bad = [&] {
        return fail(Code::bad_value, "not a duration: " + std::string(value.substr(0, 40)));
    };
    auto text = trim(value);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    if (!text.starts_with('P') || text.size() < 3)
        return bad();
    text.remove_prefix(1);
    Span span;
    bool time = false;
    while (!text.empty()) {
        if (text.front() == 'T' && !time) {
            time = true;
            text.remove_prefix(1);
            if (text.empty())
                return bad();
        }
        const auto end = text.find_first_not_of("0123456789");
        if (end == 0 || end == std::string_view::npos || end > 9)
            return bad();
        const auto number = parse_int(text.substr(0, end)).value_or(0);
        const char unit = text[end];
        if (unit == 'W' && !time)
            span.days += 7 * number;
        else if (unit == 'D' && !time)
            span.days += number;
        else if (unit == 'H' && time)
            span.seconds += 3600 * number;
        else if (unit == 'M' && time)
            span.seconds += 60 * number;
        else if (unit == 'S' && time)
            span.seconds += number;
        else
            return bad();
        text.remove_prefix(end + 1);
    }
    if (span.days > 4'000'000 || span.seconds > 400'000'000'000)
        return bad();
    if (negative)
        span = {-span.days, -span.seconds};
    return span;
}

std::string format_span(const Span& span) {
    const bool negative = span.days < 0 || span.seconds < 0;
    const auto days = negative ? -span.days : span.days;
    const auto seconds = negative ? -span.seconds : span.seconds;
    std::string out = negative ? "-P" : "P";
    if (days != 0)
        out += fmt::format("{}D", days);
    if (seconds != 0 || days == 0)
        out += 'T';
    if (seconds / 3600 != 0)
        out += fmt::format("{}H", seconds / 3600);
    if (seconds / 60 % 60 != 0)
        out += fmt::format("{}M", seconds / 60 % 60);
    if (seconds % 60 != 0 || (seconds == 0 && days == 0))
        out += fmt::format("{}S", seconds % 60);
    return out;
}

} // namespace lockstep::ical
