// Reading and writing recurrence rules.
// Spec: RFC 5545 3.3.10.
#include "codec/ical/rule.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ical {
namespace {

constexpr std::array<std::string_view, 7> kFrequencies{"SECONDLY", "MINUTELY", "HOURLY", "DAILY",
                                                       "WEEKLY",   "MONTHLY",  "YEARLY"};
constexpr std::array<std::string_view, 7> kWeekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

std::unexpected<Error> no_rule(std::string_view what) {
    return fail(Code::bad_value, "not a recurrence rule: " + std::string(what.substr(0, 60)));
}

std::optional<int> signed_int(std::string_view text) {
    if (text.starts_with('+'))
        text.remove_prefix(1);
    return parse_int<int>(text);
}

std::optional<int> weekday_of(std::string_view text) {
    for (std::size_t i = 0; i < kWeekdays.size(); ++i)
        if (iequals(text, kWeekdays[i]))
            return static_cast<int>(i);
    return std::nullopt;
}

template <class Value> void sort_unique(std::vector<Value>& values) {
    std::ranges::sort(values);
    const auto tail = std::ranges::unique(values);
    values.erase(tail.begin(), tail.end());
}

/// Numbers low..high; with `both_signs` also -high..-low.
Result<>
read_numbers(std::string_view value, int low, int high, bool both_signs, std::vector<int>& out) {
    for (const auto part : split(value, ',')) {
        const auto number = signed_int(trim(part));
        if (!number || out.size() >= limits::kIcalDates)
            return no_rule(value);
        const int size = both_signs && *number < 0 ? -*number : *number;
        if (size < low || size > high)
            return no_rule(value);
        out.push_back(*number);
    }
    sort_unique(out);
    return {};
}

Result<> read_days(std::string_view value, std::vector<NthWeekday>& out) {
    for (auto part : split(value, ',')) {
        part = trim(part);
        if (part.size() < 2 || out.size() >= limits::kIcalDates)
            return no_rule(value);
        const auto weekday = weekday_of(part.substr(part.size() - 2));
        const auto number = part.substr(0, part.size() - 2);
        const auto nth = number.empty() ? std::optional(0) : signed_int(number);
        if (!weekday || !nth || *nth < -53 || *nth > 53 || (!number.empty() && *nth == 0))
            return no_rule(value);
        out.push_back({*nth, *weekday});
    }
    sort_unique(out);
    return {};
}

Result<> read_frequency(std::string_view value, Rule& rule) {
    const auto it =
        std::ranges::find_if(kFrequencies, [&](auto name) { return iequals(name, value); });
    if (it == kFrequencies.end())
        return no_rule(value);
    rule.frequency = static_cast<Frequency>(it - kFrequencies.begin());
    return {};
}

Result<> read_end(std::string_view name, std::string_view value, Rule& rule) {
    if (name == "COUNT") {
        const auto count = parse_int<std::uint32_t>(value);
        if (!count)
            return no_rule(value);
        rule.count = std::max(*count, 1U);
        return {};
    }
    TRY(rule.until, parse_moment(value));
    return {};
}

Result<> read_part(std::string_view name, std::string_view value, Rule& rule) {
    if (name == "FREQ")
        return read_frequency(value, rule);
    if (name == "COUNT" || name == "UNTIL")
        return read_end(name, value, rule);
    if (name == "BYSECOND")
        return read_numbers(value, 0, 60, false, rule.by_second);
    if (name == "BYMINUTE")
        return read_numbers(value, 0, 59, false, rule.by_minute);
    if (name == "BYHOUR")
        return read_numbers(value, 0, 23, false, rule.by_hour);
    if (name == "BYMONTHDAY")
        return read_numbers(value, 1, 31, true, rule.by_month_day);
    if (name == "BYYEARDAY")
        return read_numbers(value, 1, 366, true, rule.by_year_day);
    if (name == "BYWEEKNO")
        return read_numbers(value, 1, 53, true, rule.by_week);
    if (name == "BYMONTH")
        return read_numbers(value, 1, 12, false, rule.by_month);
    if (name == "BYSETPOS")
        return read_numbers(value, 1, 366, true, rule.by_position);
    if (name == "BYDAY")
        return read_days(value, rule.by_day);
    if (name == "INTERVAL") {
        const auto interval = parse_int<std::uint32_t>(value);
        if (!interval)
            return no_rule(value);
        rule.interval = std::max<std::int64_t>(*interval, 1);
    } else if (name == "WKST") {
        const auto weekday = weekday_of(value);
        if (!weekday)
            return no_rule(value);
        rule.week_start = *weekday;
    } else if (name == "RSCALE" && !iequals(value, "GREGORIAN")) {
        return fail(Code::unsupported, "recurrence in another calendar system");
    }
    return {};
}

template <class Values>
void append_list(std::string& out, std::string_view name, const Values& values) {
    if (values.empty())
        return;
    out += fmt::format(";{}=", name);
    for (std::size_t i = 0; i < values.size(); ++i)
        out += fmt::format("{}{}", i == 0 ? "" : ",", values[i]);
}

} // namespace

Result<Rule> parse_rule(std::string_view value) {
    Rule rule;
    bool has_frequency = false;
    for (const auto part : split(value, ';')) {
        if (trim(part).empty())
            continue;
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            return no_rule(part);
        const auto name = upper(trim(part.substr(0, equals)));
        has_frequency = has_frequency || name == "FREQ";
        CHECK_OK(read_part(name, trim(part.substr(equals + 1)), rule));
    }
    if (!has_frequency)
        return no_rule("no FREQ");
    if (rule.count)
        rule.until.reset(); // RFC 5545 forbids both; a count is the more exact of the two
    return rule;
}

std::string format_rule(const Rule& rule) {
    std::string out =
        fmt::format("FREQ={}", kFrequencies[static_cast<std::size_t>(rule.frequency)]);
    if (rule.interval != 1)
        out += fmt::format(";INTERVAL={}", rule.interval);
    if (rule.count)
        out += fmt::format(";COUNT={}", *rule.count);
    if (rule.until)
        out += ";UNTIL=" + format_moment(*rule.until);
    append_list(out, "BYMONTH", rule.by_month);
    append_list(out, "BYWEEKNO", rule.by_week);
    append_list(out, "BYYEARDAY", rule.by_year_day);
    append_list(out, "BYMONTHDAY", rule.by_month_day);
    std::vector<std::string> days;
    for (const auto& day : rule.by_day) {
        const auto name = kWeekdays[static_cast<std::size_t>(day.weekday)];
        days.push_back(day.nth == 0 ? std::string(name) : fmt::format("{}{}", day.nth, name));
    }
    append_list(out, "BYDAY", days);
    append_list(out, "BYHOUR", rule.by_hour);
    append_list(out, "BYMINUTE", rule.by_minute);
    append_list(out, "BYSECOND", rule.by_second);
    append_list(out, "BYSETPOS", rule.by_position);
    if (rule.week_start != 1)
        out += fmt::format(";WKST={}", kWeekdays[static_cast<std::size_t>(rule.week_start)]);
    return out;
}

} // namespace lockstep::ical
