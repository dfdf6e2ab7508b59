// The recurrence engine: period by period, the days that pass the BYxxx filters, times of day, then
// BYSETPOS. Spec: RFC 5545 3.3.10. Filtering the days of a period gives the same sets as the
// document's expand/limit table, because the days that an expansion would make are exactly those of
// the period that pass it.
#include "codec/ical/rule_walker.hpp"

#include <algorithm>

namespace lockstep::ical {
namespace {

bool contains(const std::vector<int>& values, int value) {
    return std::ranges::binary_search(values, value);
}

std::int64_t unit_seconds(Frequency frequency) {
    switch (frequency) {
    case Frequency::secondly:
        return 1;
    case Frequency::minutely:
        return 60;
    case Frequency::hourly:
        return 3600;
    case Frequency::daily:
        return kDay;
    case Frequency::weekly:
        return 7 * kDay;
    case Frequency::monthly:
    case Frequency::yearly:
        return 0;
    }
    return 0;
}

/// Day number of the first day of week 1 of a year: the first week with at least four days in it.
std::int64_t week_one(int year, int week_start) {
    const auto first = civil_from(year, 1, 1) / kDay;
    const auto weekday = ((first + 4) % 7 + 7) % 7; // 1970-01-01 was a Thursday
    const auto into_week = (weekday - week_start + 7) % 7;
    return into_week <= 3 ? first - into_week : first - into_week + 7;
}

} // namespace

RuleWalker::RuleWalker(
    const Rule& rule, std::int64_t start, std::optional<std::int64_t> until, std::size_t steps
)
    : rule_(rule), start_(start), until_(until), steps_(steps), last_(start), skip_before_(start) {
    derive_defaults();
}

void RuleWalker::derive_defaults() {
    const auto c = civil_of(start_);
    const auto f = rule_.frequency;
    const bool days_said =
        !rule_.by_day.empty() || !rule_.by_month_day.empty() || !rule_.by_year_day.empty();
    if (f == Frequency::yearly && !days_said) {
        if (!rule_.by_week.empty()) {
            rule_.by_day = {{0, static_cast<int>(c.weekday)}};
        } else {
            rule_.by_month_day = {static_cast<int>(c.day)};
            if (rule_.by_month.empty())
                rule_.by_month = {static_cast<int>(c.month)};
        }
    }
    if (f == Frequency::monthly && !days_said)
        rule_.by_month_day = {static_cast<int>(c.day)};
    if (f == Frequency::weekly && rule_.by_day.empty())
        rule_.by_day = {{0, static_cast<int>(c.weekday)}};
    if (f != Frequency::yearly)
        rule_.by_week.clear(); // RFC 5545: BYWEEKNO belongs to YEARLY alone
    if (f != Frequency::yearly && f != Frequency::monthly)
        for (auto& day : rule_.by_day)
            day.nth = 0;
    if (f >= Frequency::daily && rule_.by_hour.empty())
        rule_.by_hour = {static_cast<int>(c.hour)};
    if (f >= Frequency::hourly && rule_.by_minute.empty())
        rule_.by_minute = {static_cast<int>(c.minute)};
    if (f >= Frequency::minutely && rule_.by_second.empty())
        rule_.by_second = {static_cast<int>(c.second)};
    std::erase(rule_.by_second, 60); // leap seconds are not on this clock
    if (rule_.by_second.empty() && f >= Frequency::minutely)
        rule_.by_second = {59};
}

bool RuleWalker::spend(std::size_t steps) {
    if (steps > steps_) {
        steps_ = 0;
        exhausted_ = ended_ = true;
        return false;
    }
    steps_ -= steps;
    return true;
}

std::int64_t RuleWalker::period_start(std::int64_t index) const {
    const auto n = index * rule_.interval;
    const auto c = civil_of(start_);
    if (rule_.frequency == Frequency::yearly) {
        const auto year = c.year + n;
        return year > 9999 ? kLastCivil + 1 : civil_from(static_cast<int>(year), 1, 1);
    }
    if (rule_.frequency == Frequency::monthly) {
        const auto month = c.year * 12LL + c.month - 1 + n;
        return month / 12 > 9999
                   ? kLastCivil + 1
                   : civil_from(
                         static_cast<int>(month / 12), static_cast<unsigned>(month % 12 + 1), 1
                     );
    }
    const auto unit = unit_seconds(rule_.frequency);
    if (n > (kLastCivil - start_) / unit + 7)
        return kLastCivil + 1;
    if (rule_.frequency == Frequency::weekly) {
        const auto into_week = (static_cast<int>(c.weekday) - rule_.week_start + 7) % 7;
        return midnight_of(start_) - into_week * kDay + n * unit;
    }
    return floor_div(start_, unit) * unit + n * unit;
}

std::int64_t RuleWalker::index_of(std::int64_t civil) const {
    const auto c = civil_of(start_), to = civil_of(civil);
    if (rule_.frequency == Frequency::yearly)
        return (to.year - c.year) / rule_.interval;
    if (rule_.frequency == Frequency::monthly)
        return ((to.year - c.year) * 12LL + static_cast<int>(to.month) - static_cast<int>(c.month)
               ) /
               rule_.interval;
    return (civil - period_start(0)) / unit_seconds(rule_.frequency) / rule_.interval;
}

void RuleWalker::skip_to(std::int64_t civil) {
    if (rule_.count || civil <= start_)
        return;
    civil = std::min(civil, kLastCivil);
    index_ = std::max(index_, std::max<std::int64_t>(0, index_of(civil) - 1));
    start_given_ = true;
    skip_before_ = civil;
    last_ = civil - 1;
}

void RuleWalker::start_only_when_matched() {
    start_given_ = true;
    last_ = start_ - 1;
}

std::optional<std::int64_t> RuleWalker::next() {
    if (!start_given_) {
        start_given_ = true;
        given_ = 1;
        if (!spend(1) || (until_ && start_ > *until_))
            ended_ = true;
        if (!ended_)
            return start_;
    }
    while (ready_.empty() && !ended_)
        fill();
    if (ready_.empty() || (rule_.count && given_ >= *rule_.count)) {
        ended_ = true;
        return std::nullopt;
    }
    const auto at = ready_.front();
    ready_.pop_front();
    ++given_;
    return at;
}

void RuleWalker::fill() {
    const auto begin = period_start(index_++);
    if (begin > kLastCivil || (until_ && begin > *until_)) {
        ended_ = true;
        return;
    }
    if (!spend(rule_.frequency == Frequency::yearly ? 12 : 1))
        return;
    std::vector<std::int64_t> set;
    const auto c = civil_of(begin);
    switch (rule_.frequency) {
    case Frequency::yearly:
        fill_days(begin / kDay, (civil_from(c.year + 1, 1, 1) - begin) / kDay, set);
        break;
    case Frequency::monthly:
        fill_days(floor_div(begin, kDay), days_in_month(c.year, c.month), set);
        break;
    case Frequency::weekly:
        fill_days(floor_div(begin, kDay), 7, set);
        break;
    case Frequency::daily:
        fill_days(floor_div(begin, kDay), 1, set);
        break;
    case Frequency::hourly:
    case Frequency::minutely:
    case Frequency::secondly:
        fill_clock(begin, set);
        break;
    }
    if (exhausted_)
        return;
    pick_positions(set);
    for (const auto at : set) {
        if (at <= last_ || at < skip_before_ || at > kLastCivil)
            continue;
        if (until_ && at > *until_) {
            ended_ = true;
            return;
        }
        last_ = at;
        ready_.push_back(at);
    }
}

void RuleWalker::fill_days(
    std::int64_t first_day, std::int64_t days, std::vector<std::int64_t>& out
) {
    const Times times{rule_.by_hour, rule_.by_minute, rule_.by_second};
    for (auto day = first_day; day < first_day + days && !exhausted_; ++day)
        if (day_matches(day))
            fill_times(day, times, out);
}

void RuleWalker::fill_times(std::int64_t day, const Times& times, std::vector<std::int64_t>& out) {
    if (!spend(times.hours.size() * times.minutes.size() * times.seconds.size()))
        return;
    for (const int hour : times.hours)
        for (const int minute : times.minutes)
            for (const int second : times.seconds)
                out.push_back(day * kDay + hour * 3600 + minute * 60 + second);
}

/// HOURLY, MINUTELY, SECONDLY: the period is one unit; parts larger than it limit, smaller ones
/// expand.
void RuleWalker::fill_clock(std::int64_t at, std::vector<std::int64_t>& out) {
    const auto c = civil_of(at);
    const auto day = floor_div(at, kDay);
    if (!day_matches(day)) {
        // Nothing on this day: go to the first period of the next one, at no cost per period.
        const auto step = unit_seconds(rule_.frequency) * rule_.interval;
        const auto ahead = ((day + 1) * kDay - at + step - 1) / step;
        index_ = std::max(index_, index_ - 1 + ahead);
        return;
    }
    if (!rule_.by_hour.empty() && !contains(rule_.by_hour, static_cast<int>(c.hour))) {
        const auto step = unit_seconds(rule_.frequency) * rule_.interval;
        const auto next_hour = floor_div(at, 3600) * 3600 + 3600;
        index_ = std::max(index_, index_ - 1 + (next_hour - at + step - 1) / step);
        return;
    }
    Times times{{static_cast<int>(c.hour)}, rule_.by_minute, rule_.by_second};
    if (rule_.frequency <= Frequency::minutely) {
        if (!rule_.by_minute.empty() && !contains(rule_.by_minute, static_cast<int>(c.minute)))
            return;
        times.minutes = {static_cast<int>(c.minute)};
    }
    if (rule_.frequency == Frequency::secondly) {
        if (!rule_.by_second.empty() && !contains(rule_.by_second, static_cast<int>(c.second)))
            return;
        times.seconds = {static_cast<int>(c.second)};
    }
    fill_times(day, times, out);
}

void RuleWalker::pick_positions(std::vector<std::int64_t>& set) const {
    if (rule_.by_position.empty())
        return;
    std::vector<std::int64_t> picked;
    const auto size = static_cast<int>(set.size());
    for (const int position : rule_.by_position) {
        const int at = position > 0 ? position - 1 : size + position;
        if (at >= 0 && at < size)
            picked.push_back(set[static_cast<std::size_t>(at)]);
    }
    std::ranges::sort(picked);
    const auto tail = std::ranges::unique(picked);
    picked.erase(tail.begin(), tail.end());
    set = std::move(picked);
}

bool RuleWalker::day_matches(std::int64_t day) const {
    const auto c = civil_of(day * kDay);
    if (!rule_.by_month.empty() && !contains(rule_.by_month, static_cast<int>(c.month)))
        return false;
    if (!rule_.by_month_day.empty()) {
        const int from_end =
            static_cast<int>(c.day) - static_cast<int>(days_in_month(c.year, c.month)) - 1;
        if (!contains(rule_.by_month_day, static_cast<int>(c.day)) &&
            !contains(rule_.by_month_day, from_end))
            return false;
    }
    if (!rule_.by_year_day.empty()) {
        const auto first = civil_from(c.year, 1, 1), next = civil_from(c.year + 1, 1, 1);
        const auto from_start = static_cast<int>((day * kDay - first) / kDay) + 1;
        const auto from_end = static_cast<int>((day * kDay - next) / kDay);
        if (!contains(rule_.by_year_day, from_start) && !contains(rule_.by_year_day, from_end))
            return false;
    }
    if (!rule_.by_week.empty() && !week_matches(day))
        return false;
    return rule_.by_day.empty() || nth_matches(c);
}

/// A number before a weekday counts within the month for MONTHLY and for YEARLY with BYMONTH, else
/// within the year.
bool RuleWalker::nth_matches(const Civil& c) const {
    const bool in_month = rule_.frequency == Frequency::monthly || !rule_.by_month.empty();
    int position = static_cast<int>(c.day) - 1;
    int length = static_cast<int>(days_in_month(c.year, c.month));
    if (!in_month) {
        const auto first = civil_from(c.year, 1, 1);
        position = static_cast<int>((civil_from(c.year, c.month, c.day) - first) / kDay);
        length = static_cast<int>((civil_from(c.year + 1, 1, 1) - first) / kDay);
    }
    for (const auto& day : rule_.by_day) {
        if (day.weekday != static_cast<int>(c.weekday))
            continue;
        if (day.nth == 0)
            return true;
        if (day.nth > 0 && position / 7 + 1 == day.nth)
            return true;
        if (day.nth < 0 && (length - 1 - position) / 7 + 1 == -day.nth)
            return true;
    }
    return false;
}

bool RuleWalker::week_matches(std::int64_t day) const {
    const int calendar_year = civil_of(day * kDay).year;
    int year = calendar_year;
    if (day >= week_one(calendar_year + 1, rule_.week_start))
        year = calendar_year + 1;
    else if (day < week_one(calendar_year, rule_.week_start))
        year = calendar_year - 1;
    const auto first = week_one(year, rule_.week_start);
    const auto weeks = static_cast<int>((week_one(year + 1, rule_.week_start) - first) / 7);
    const auto week = static_cast<int>((day - first) / 7) + 1;
    return contains(rule_.by_week, week) || contains(rule_.by_week, week - weeks - 1);
}

} // namespace lockstep::ical
