// Reading, checking and writing the Recurrence element.
// Spec:
// MS-ASCAL 2.2.2.10, 2.2.2.14, 2.2.2.15, 2.2.2.24, 2.2.2.25, 2.2.2.29, 2.2.2.32, 2.2.2.45, 2.2.2.48,
// 3.2.5.3; MS-ASTASK 2.2.2.
#include "codec/eas/recurrence.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/eas/dates.hpp"

namespace lockstep::eas {
namespace {

/// An optional number within its range; bad_value outside of it or when given twice.
Result<std::optional<int>>
pattern_number(const wbxml::Node& node, wbxml::Tag tag, int low, int high) {
    std::optional<int> value;
    for (const auto& child : node.children) {
        if (child.tag != tag)
            continue;
        if (value)
            return fail(Code::bad_value, "a recurrence element given twice");
        value = parse_int<int>(trim(child.text));
        if (!value || *value < low || *value > high)
            return fail(Code::bad_value, "a recurrence element out of range");
    }
    return value;
}

Result<std::optional<std::int64_t>> pattern_date(const wbxml::Node& node, wbxml::Tag tag) {
    const auto* child = node.find(tag);
    if (child == nullptr || trim(child->text).empty())
        return std::nullopt;
    TRY(const auto date, parse_wire_date(child->text));
    return date;
}

/// Which elements a type needs and which it forbids.
Result<> check_parts(const Pattern& pattern, bool task) {
    const auto needs = [](bool needed, bool given) { return needed == given; };
    const bool weekly = pattern.type == 1, nth = pattern.type == 3 || pattern.type == 6;
    const bool dated = pattern.type == 2 || pattern.type == 5, yearly = pattern.type >= 5;
    if (pattern.type == 4)
        return fail(Code::bad_value, "recurrence type 4");
    if (!needs(dated, pattern.day_of_month.has_value()))
        return fail(Code::bad_value, "DayOfMonth missing or out of place");
    if (!needs(nth, pattern.week_of_month.has_value()))
        return fail(Code::bad_value, "WeekOfMonth missing or out of place");
    if (!needs(yearly, pattern.month_of_year.has_value()))
        return fail(Code::bad_value, "MonthOfYear missing or out of place");
    if (dated && pattern.day_of_week)
        return fail(Code::bad_value, "DayOfWeek out of place");
    // The Calendar class leaves the day of a yearly pattern to the start (MS-ASCAL 2.2.2.37.1).
    const bool optional_day = pattern.type == 6 && !task;
    if ((weekly || nth) && !optional_day && !pattern.day_of_week)
        return fail(Code::bad_value, "DayOfWeek missing");
    if (task && pattern.calendar_type && pattern.type < 2)
        return fail(Code::bad_value, "CalendarType out of place");
    if (const auto c = pattern.calendar_type.value_or(0); c == 13 || (c >= 16 && c != 20))
        return fail(Code::bad_value, "reserved CalendarType");
    return {};
}

void number(wbxml::Writer& out, wbxml::Tag tag, const std::optional<int>& value) {
    if (value)
        out.element_if_allowed(tag, *value);
}

} // namespace

bool same_pattern(const Pattern& a, const Pattern& b) {
    const auto agree = [](const auto& x, const auto& y) { return !x || !y || *x == *y; };
    const auto gregorian = [](const Pattern& p) { return p.calendar_type.value_or(0) <= 1; };
    return a.type == b.type && std::max(a.interval, 1) == std::max(b.interval, 1) &&
           a.occurrences == b.occurrences && a.until == b.until && a.day_of_week == b.day_of_week &&
           a.week_of_month == b.week_of_month && a.day_of_month == b.day_of_month &&
           a.month_of_year == b.month_of_year && a.leap_month == b.leap_month &&
           agree(a.first_day_of_week, b.first_day_of_week) &&
           ((gregorian(a) && gregorian(b)) || a.calendar_type == b.calendar_type) &&
           agree(a.start, b.start) && a.regenerate.value_or(0) == b.regenerate.value_or(0) &&
           a.dead_occur.value_or(0) == b.dead_occur.value_or(0);
}

const PatternTags& calendar_pattern_tags() {
    namespace c = wbxml::calendar;
    static const PatternTags tags{
        c::Recurrence,
        c::Type,
        c::Occurrences,
        c::Interval,
        c::WeekOfMonth,
        c::DayOfWeek,
        c::MonthOfYear,
        c::Until,
        c::DayOfMonth,
        c::CalendarType,
        c::IsLeapMonth,
        c::FirstDayOfWeek,
        {},
        {},
        {},
        999,
        false
    };
    return tags;
}

const PatternTags& task_pattern_tags() {
    namespace t = wbxml::tasks;
    static const PatternTags tags{
        t::Recurrence,
        t::Type,
        t::Occurrences,
        t::Interval,
        t::WeekOfMonth,
        t::DayOfWeek,
        t::MonthOfYear,
        t::Until,
        t::DayOfMonth,
        t::CalendarType,
        t::IsLeapMonth,
        t::FirstDayOfWeek,
        t::Start,
        t::Regenerate,
        t::DeadOccur,
        255,
        true
    };
    return tags;
}

Result<std::optional<Pattern>>
read_pattern(const wbxml::Node& recurrence, const PatternTags& tags) {
    if (recurrence.children.empty())
        return std::nullopt;
    const bool task = tags.start.has_value();
    Pattern pattern;
    TRY(const auto type, pattern_number(recurrence, tags.type, 0, 6));
    if (!type)
        return fail(Code::bad_value, "recurrence without type");
    pattern.type = *type;
    TRY(const auto interval, pattern_number(recurrence, tags.interval, 0, 999));
    pattern.interval = std::max(interval.value_or(1), 1);
    TRY(pattern.occurrences, pattern_number(recurrence, tags.occurrences, 1, 65'535));
    TRY(pattern.until, pattern_date(recurrence, tags.until));
    if (pattern.occurrences)
        pattern.until.reset();
    TRY(pattern.day_of_week, pattern_number(recurrence, tags.day_of_week, 1, task ? 254 : 127));
    TRY(pattern.week_of_month, pattern_number(recurrence, tags.week_of_month, 1, 5));
    TRY(pattern.day_of_month, pattern_number(recurrence, tags.day_of_month, 1, 31));
    TRY(pattern.month_of_year, pattern_number(recurrence, tags.month_of_year, 1, 12));
    TRY(pattern.first_day_of_week, pattern_number(recurrence, tags.first_day_of_week, 0, 6));
    TRY(pattern.calendar_type, pattern_number(recurrence, tags.calendar_type, 0, 23));
    TRY(const auto leap, pattern_number(recurrence, tags.leap_month, 0, 1));
    pattern.leap_month = leap.value_or(0) == 1;
    if (task) {
        TRY(pattern.start, pattern_date(recurrence, *tags.start));
        if (!pattern.start)
            return fail(Code::bad_value, "task recurrence without start");
        TRY(pattern.regenerate, pattern_number(recurrence, *tags.regenerate, 0, 1));
        TRY(pattern.dead_occur, pattern_number(recurrence, *tags.dead_occur, 0, 255));
    }
    if (pattern.day_of_week)
        pattern.day_of_week = *pattern.day_of_week & 127;
    if (pattern.day_of_week == 0)
        return fail(Code::bad_value, "DayOfWeek without a day");
    CHECK_OK(check_parts(pattern, task));
    return pattern;
}

void write_pattern(wbxml::Writer& out, const Pattern& pattern, const PatternTags& tags) {
    const auto date = [&](std::int64_t utc) {
        return tags.iso_dates ? iso_date(utc) : compact_date(utc);
    };
    out.open(tags.recurrence);
    out.element(tags.type, pattern.type);
    if (tags.start && pattern.start)
        out.element(*tags.start, date(*pattern.start));
    if (pattern.occurrences)
        out.element(tags.occurrences, *pattern.occurrences);
    else if (pattern.until)
        out.element(tags.until, date(*pattern.until));
    out.element(tags.interval, std::max(pattern.interval, 1));
    number(out, tags.week_of_month, pattern.week_of_month);
    number(out, tags.day_of_week, pattern.day_of_week);
    number(out, tags.month_of_year, pattern.month_of_year);
    number(out, tags.day_of_month, pattern.day_of_month);
    if (tags.regenerate)
        number(out, *tags.regenerate, pattern.regenerate);
    if (tags.dead_occur)
        number(out, *tags.dead_occur, pattern.dead_occur);
    // Required in answers for the monthly and yearly types (MS-ASCAL 2.2.2.10).
    if (pattern.type >= 2)
        out.element_if_allowed(tags.calendar_type, pattern.calendar_type.value_or(0));
    if (pattern.leap_month)
        out.element_if_allowed(tags.leap_month, 1);
    if (pattern.type == 1)
        out.element_if_allowed(tags.first_day_of_week, pattern.first_day_of_week.value_or(1));
    out.close();
}

} // namespace lockstep::eas
