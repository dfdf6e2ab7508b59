// Patterns to rules and back.
// Spec: MS-ASCAL 2.2.2.37.1; RFC 5545 3.3.10. A monthly pattern on the 31st skips shorter months,
// as RFC 5545 and the phones do.
#include <algorithm>
#include <bit>
#include <utility>

#include "codec/eas/recurrence.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

using ical::Frequency;
using ical::Rule;

constexpr int kEveryDay = 127;

int mask_of(const std::vector<ical::NthWeekday>& days) {
    int mask = 0;
    for (const auto& day : days)
        mask |= 1 << day.weekday;
    return mask;
}

std::vector<ical::NthWeekday> days_of(int mask, int nth) {
    std::vector<ical::NthWeekday> days;
    for (int weekday = 0; weekday < 7; ++weekday)
        if ((mask >> weekday & 1) != 0)
            days.push_back({nth, weekday});
    return days;
}

/// "The nth (or last) of these days of a month".
void set_nth(Rule& rule, int mask, int week) {
    const int position = week == 5 ? -1 : week;
    if (mask == kEveryDay) {
        rule.by_month_day = {position};
    } else if (std::popcount(static_cast<unsigned>(mask)) == 1) {
        rule.by_day = days_of(mask, position);
    } else {
        rule.by_day = days_of(mask, 0);
        rule.by_position = {position};
    }
}

/// The days 8 to 14 of a month hold its second week: {8,...,14} is 2, anything else 0.
int week_of_days(const std::vector<int>& days) {
    if (days.size() != 7 || days.front() < 1 || days.front() % 7 != 1 || days.front() > 22)
        return 0;
    for (std::size_t i = 1; i < 7; ++i)
        if (days[i] != days.front() + static_cast<int>(i))
            return 0;
    return days.front() / 7 + 1;
}

int week_of_position(int position) {
    return position == -1 ? 5 : position >= 1 && position <= 4 ? position : 0;
}

/// Day parts of a monthly or (with one month) yearly rule; false when there are no words for them.
bool say_days(const Rule& rule, const ical::Civil& start, Pattern& pattern) {
    const bool yearly = rule.frequency == Frequency::yearly;
    const auto on_day = [&](int day) {
        if (day == -1) {
            pattern.type = yearly ? 6 : 3;
            pattern.day_of_week = kEveryDay;
            pattern.week_of_month = 5;
            return true;
        }
        pattern.type = yearly ? 5 : 2;
        pattern.day_of_month = day;
        return day >= 1;
    };
    const auto on_week = [&](int mask, int week) {
        pattern.type = yearly ? 6 : 3;
        pattern.day_of_week = mask;
        pattern.week_of_month = week;
        return week != 0;
    };
    const int position =
        rule.by_position.size() == 1 ? week_of_position(rule.by_position.front()) : 0;
    if (!rule.by_position.empty() && position == 0)
        return false;
    if (rule.by_day.empty()) {
        const int day =
            rule.by_month_day.empty() ? static_cast<int>(start.day) : rule.by_month_day.front();
        // Of one day a month, the first and the last are the same; others there are none.
        return rule.by_month_day.size() <= 1 &&
               (rule.by_position.empty() || position == 1 || position == 5) && on_day(day);
    }
    const int mask = mask_of(rule.by_day);
    const bool plain =
        std::ranges::all_of(rule.by_day, [](const auto& day) { return day.nth == 0; });
    if (!rule.by_month_day.empty()) {
        const bool single = plain && rule.by_day.size() == 1 && rule.by_position.empty();
        return single && on_week(mask, week_of_days(rule.by_month_day));
    }
    if (!plain)
        return rule.by_day.size() == 1 && rule.by_position.empty() &&
               on_week(mask, week_of_position(rule.by_day.front().nth));
    if (position == 0)
        return false;
    if (mask == kEveryDay && position != 5)
        return on_day(position);
    return on_week(mask, position);
}

bool only_default_times(const Rule& rule, const ical::Civil& start) {
    const auto is = [](const std::vector<int>& values, unsigned value) {
        return values.empty() || (values.size() == 1 && values.front() == static_cast<int>(value));
    };
    return is(rule.by_hour, start.hour) && is(rule.by_minute, start.minute) &&
           is(rule.by_second, start.second);
}

/// The same occurrences said with a shorter period, where that helps: every day of YEARLY or
/// MONTHLY rules is WEEKLY or MONTHLY.
Rule simplify(Rule rule) {
    if (rule.by_month.size() == 12 && (rule.frequency != Frequency::yearly || rule.interval == 1)) {
        if (rule.frequency == Frequency::yearly)
            rule.frequency = Frequency::monthly;
        rule.by_month.clear();
    }
    const bool plain =
        std::ranges::all_of(rule.by_day, [](const auto& day) { return day.nth == 0; });
    if (rule.interval != 1 || !rule.by_month.empty() || !rule.by_position.empty())
        return rule;
    if (rule.frequency == Frequency::yearly && rule.by_day.empty() && !rule.by_month_day.empty())
        rule.frequency = Frequency::monthly;
    const bool weekdays_only = plain && !rule.by_day.empty() && rule.by_month_day.empty();
    if (weekdays_only &&
        (rule.frequency >= Frequency::monthly || rule.frequency == Frequency::daily))
        rule.frequency = Frequency::weekly;
    return rule;
}

/// Until on the wire: days of 16.x are midnights of UTC, all else are instants.
std::optional<std::int64_t> until_on_wire(const Rule& rule, const PatternStart& start) {
    if (!rule.until)
        return std::nullopt;
    const auto& until = *rule.until;
    if (start.all_day) {
        const auto day = ical::midnight_of(until.civil);
        return start.wire_dates ? day : start.zone->to_utc(day);
    }
    if (until.kind == ical::TimeKind::date)
        return start.zone->to_utc(until.civil + ical::kDay - 1);
    return until.kind == ical::TimeKind::utc ? until.civil : start.zone->to_utc(until.civil);
}

} // namespace

ical::Rule rule_of_pattern(const Pattern& pattern, const PatternStart& start) {
    Rule rule;
    rule.interval = std::max(pattern.interval, 1);
    rule.week_start = pattern.first_day_of_week.value_or(1);
    const int start_day = 1 << ical::civil_of(start.civil).weekday;
    const int mask = pattern.day_of_week.value_or(start_day);
    switch (pattern.type) {
    case 0:
        rule.frequency = pattern.day_of_week ? Frequency::weekly : Frequency::daily;
        if (pattern.day_of_week)
            rule.by_day = days_of(mask, 0);
        break;
    case 1:
        rule.frequency = Frequency::weekly;
        rule.by_day = days_of(mask, 0);
        break;
    case 2:
    case 3:
        rule.frequency = Frequency::monthly;
        if (pattern.type == 2)
            rule.by_month_day = {pattern.day_of_month.value_or(1)};
        else
            set_nth(rule, mask, pattern.week_of_month.value_or(1));
        break;
    default:
        rule.frequency = Frequency::yearly;
        rule.by_month = {pattern.month_of_year.value_or(1)};
        if (pattern.type == 5)
            rule.by_month_day = {pattern.day_of_month.value_or(1)};
        else
            set_nth(rule, mask, pattern.week_of_month.value_or(1));
        break;
    }
    if (pattern.occurrences)
        rule.count = static_cast<std::uint32_t>(*pattern.occurrences);
    if (!pattern.until)
        return rule;
    const bool midnight = *pattern.until % ical::kDay == 0;
    const auto day =
        ical::midnight_of(midnight ? *pattern.until : start.zone->to_civil(*pattern.until));
    if (start.all_day) {
        rule.until = ical::Moment{ical::TimeKind::date, day, {}};
    } else {
        // Midnight of UTC is how many clients write a day: that whole day is meant, on the series'
        // clock.
        const auto last = midnight ? start.zone->to_utc(day + ical::kDay - 1) : *pattern.until;
        rule.until = ical::Moment{ical::TimeKind::utc, last, {}};
    }
    return rule;
}

std::optional<Pattern> pattern_of_rule(const ical::Rule& given, const PatternStart& start) {
    const auto rule = simplify(given);
    const auto civil = ical::civil_of(start.civil);
    if (rule.frequency < Frequency::daily || !rule.by_year_day.empty() || !rule.by_week.empty())
        return std::nullopt;
    if (!only_default_times(rule, civil) || rule.interval > 999)
        return std::nullopt;
    Pattern pattern;
    pattern.interval = static_cast<int>(rule.interval);
    if (rule.count)
        pattern.occurrences = static_cast<int>(std::min<std::uint32_t>(*rule.count, 65'535));
    pattern.until = until_on_wire(rule, start);
    pattern.first_day_of_week = rule.week_start;
    if (rule.frequency == Frequency::daily || rule.frequency == Frequency::weekly) {
        if (!rule.by_month.empty() || !rule.by_month_day.empty() || !rule.by_position.empty())
            return std::nullopt;
        if (rule.frequency == Frequency::daily && !rule.by_day.empty())
            return std::nullopt;
        pattern.type = rule.frequency == Frequency::daily ? 0 : 1;
        if (pattern.type == 1)
            pattern.day_of_week = rule.by_day.empty() ? 1 << civil.weekday : mask_of(rule.by_day);
        return pattern;
    }
    if (rule.frequency == Frequency::monthly) {
        if (!rule.by_month.empty() || !say_days(rule, civil, pattern))
            return std::nullopt;
        return pattern;
    }
    // Without BYMONTH, days and weekdays of a yearly rule are those of every month or of the year;
    // only the bare rule names one date.
    const bool bare = rule.by_day.empty() && rule.by_month_day.empty();
    if (rule.by_month.size() > 1 || (rule.by_month.empty() && !bare))
        return std::nullopt;
    pattern.month_of_year =
        rule.by_month.empty() ? static_cast<int>(civil.month) : rule.by_month.front();
    if (!say_days(rule, civil, pattern))
        return std::nullopt;
    return pattern;
}

} // namespace lockstep::eas
