// Recurrence rules.
// Spec: jscalendarbis 4.3.3; RFC 5545 3.3.10.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/ical/rule.hpp"
#include "codec/jscalendar/member.hpp"

namespace lockstep::jscalendar {
namespace {

constexpr std::array<std::string_view, 7> kFrequencies{"secondly", "minutely", "hourly", "daily",
                                                       "weekly",   "monthly",  "yearly"};
constexpr std::array<std::string_view, 7> kDays{"su", "mo", "tu", "we", "th", "fr", "sa"};
constexpr std::size_t kRuleList = 400; ///< entries of one list of a rule

struct RuleList {
    std::string_view name;
    std::vector<int> ical::Rule::* list;
    int low, high; ///< of the absolute value
    bool negative;
};
const std::array<RuleList, 7> kLists{
    {{"byMonthDay", &ical::Rule::by_month_day, 1, 31, true},
     {"byYearDay", &ical::Rule::by_year_day, 1, 366, true},
     {"byWeekNo", &ical::Rule::by_week, 1, 53, true},
     {"byHour", &ical::Rule::by_hour, 0, 23, false},
     {"byMinute", &ical::Rule::by_minute, 0, 59, false},
     {"bySecond", &ical::Rule::by_second, 0, 59, false},
     {"bySetPosition", &ical::Rule::by_position, 1, 366, true}}
};

template <class List> int index_in(const List& list, std::string_view word) {
    const auto found = std::ranges::find(list, word);
    return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

bool read_lists(const json::Object& object, ical::Rule& rule) {
    for (const auto& [name, list, low, high, negative] : kLists) {
        const auto* value = json::find(object, name);
        if (value == nullptr)
            continue;
        if (!value->is_array() || value->get_array().size() > kRuleList)
            return false;
        for (const auto& each : value->get_array()) {
            const auto number = json::integer_of(each);
            const auto size = number ? std::abs(*number) : -1;
            if (!number || size < low || size > high || (*number < 0 && !negative))
                return false;
            (rule.*list).push_back(static_cast<int>(*number));
        }
    }
    const auto* months = json::find(object, "byMonth");
    if (months != nullptr && !months->is_array())
        return false;
    if (months != nullptr)
        for (const auto& each : months->get_array()) {
            const auto month =
                each.is_string() ? parse_int<int>(json::view(each.get_string())) : std::nullopt;
            if (!month || *month < 1 || *month > 12)
                return false;
            rule.by_month.push_back(*month);
        }
    return true;
}

bool read_days(const json::Object& object, ical::Rule& rule) {
    const auto* days = json::find(object, "byDay");
    if (days == nullptr)
        return true;
    if (!days->is_array() || days->get_array().size() > kRuleList)
        return false;
    for (const auto& each : days->get_array()) {
        if (!each.is_object())
            return false;
        const auto day = index_in(kDays, json::text_of(each.get_object(), "day").value_or(""));
        const auto* nth = json::find(each.get_object(), "nthOfPeriod");
        const auto number = nth ? json::integer_of(*nth) : std::optional<std::int64_t>(0);
        if (day < 0 || !number || *number < -53 || *number > 53)
            return false;
        rule.by_day.push_back({static_cast<int>(*number), day});
    }
    return true;
}

/// "until" on the series' clock.
bool read_until(const ical::Component& component, const json::Object& object, ical::Rule& rule) {
    const auto* value = json::find(object, "until");
    if (value == nullptr)
        return true;
    const auto civil =
        value->is_string() ? parse_local(json::view(value->get_string())) : std::nullopt;
    if (!civil || rule.count)
        return false;
    auto moment = moment_at(component, *civil);
    if (moment.kind == ical::TimeKind::zoned) {
        // RFC 5545 3.3.10: in UTC, when the start has a zone.
        const auto zone = ical::find_zone(moment.tzid);
        moment = {ical::TimeKind::utc, zone ? (*zone)->to_utc(*civil) : *civil, {}};
    }
    rule.until = std::move(moment);
    return true;
}

} // namespace

std::optional<json::Object> show_rule(const ical::Component& component, ical::ObjectZones& zones) {
    const auto* property = component.find("RRULE");
    const auto rule = property ? ical::parse_rule(property->value()) : fail(Code::bad_value, "");
    if (!rule)
        return std::nullopt;
    json::Object out{{"frequency", kFrequencies[static_cast<std::size_t>(rule->frequency)]}};
    if (rule->interval != 1)
        out["interval"] = rule->interval;
    if (rule->count)
        out["count"] = static_cast<std::int64_t>(*rule->count);
    if (rule->until) {
        const auto start = moment_at(component, 0);
        auto civil = rule->until->civil;
        if (rule->until->kind == ical::TimeKind::utc && start.kind == ical::TimeKind::zoned)
            civil = zones.find(start.tzid)->to_civil(civil);
        // A day as the end of something timed: all of that day.
        if (rule->until->kind == ical::TimeKind::date && start.kind != ical::TimeKind::date)
            civil += ical::kDay - 1;
        out["until"] = local_text(civil);
    }
    if (rule->week_start != 1)
        out["firstDayOfWeek"] = kDays[static_cast<std::size_t>(rule->week_start)];
    if (!rule->by_day.empty()) {
        json::Array days;
        for (const auto& [nth, weekday] : rule->by_day) {
            json::Object day{{"day", kDays[static_cast<std::size_t>(weekday)]}};
            if (nth != 0)
                day["nthOfPeriod"] = nth;
            days.push_back(std::move(day));
        }
        out["byDay"] = std::move(days);
    }
    if (!rule->by_month.empty()) {
        json::Array months;
        for (const auto month : rule->by_month)
            months.emplace_back(std::to_string(month));
        out["byMonth"] = std::move(months);
    }
    for (const auto& [name, list, low, high, negative] : kLists)
        if (!((*rule).*list).empty())
            out[{name.data(), name.size()}] =
                json::Array(((*rule).*list).begin(), ((*rule).*list).end());
    return out;
}

bool put_rule(ical::Component& component, const json::Object& object) {
    ical::Rule rule;
    const auto frequency = index_in(kFrequencies, json::text_of(object, "frequency").value_or(""));
    const auto* interval = json::find(object, "interval");
    const auto* count = json::find(object, "count");
    const auto every = interval ? json::integer_of(*interval) : std::optional<std::int64_t>(1);
    const auto times = count ? json::integer_of(*count) : std::optional<std::int64_t>(1);
    const auto week = index_in(kDays, json::text_of(object, "firstDayOfWeek").value_or("mo"));
    const auto scale = json::text_of(object, "rscale").value_or("gregorian");
    if (frequency < 0 || !every || *every < 1 || *every > 100'000 || !times || *times < 1 ||
        *times > 1'000'000 || week < 0 || !iequals(scale, "gregorian"))
        return false;
    rule.frequency = static_cast<ical::Frequency>(frequency);
    rule.interval = *every;
    if (count != nullptr)
        rule.count = static_cast<std::uint32_t>(*times);
    rule.week_start = week;
    if (!read_lists(object, rule) || !read_days(object, rule) ||
        !read_until(component, object, rule))
        return false;
    auto text = ical::format_rule(rule);
    if (!ical::parse_rule(text))
        return false;
    component.set(ical::Property("RRULE", std::move(text)));
    return true;
}

} // namespace lockstep::jscalendar
