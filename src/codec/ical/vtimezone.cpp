// Interpretation and making of VTIMEZONE.
// Spec: RFC 5545 3.6.5.
#include "codec/ical/vtimezone.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/rule_walker.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::ical {
namespace {

constexpr std::size_t kZonesPerObject = 32;          ///< distinct TZIDs looked up; X5
constexpr std::int64_t kZoneHorizon = 4'102'444'800; ///< 2100-01-01, where interpretation ends

std::optional<std::int64_t> read_offset(std::string_view text) {
    text = trim(text);
    if (text.size() != 5 && text.size() != 7)
        return std::nullopt;
    if (text[0] != '+' && text[0] != '-')
        return std::nullopt;
    const auto hour = parse_int<unsigned>(text.substr(1, 2)),
               minute = parse_int<unsigned>(text.substr(3, 2));
    const auto second =
        text.size() == 7 ? parse_int<unsigned>(text.substr(5, 2)) : std::optional(0U);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    const auto value = static_cast<std::int64_t>(*hour) * 3600 + *minute * 60 + *second;
    return text[0] == '-' ? -value : value;
}

std::string format_offset(std::int64_t offset) {
    const auto size = offset < 0 ? -offset : offset;
    auto out = fmt::format("{}{:02}{:02}", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
    if (size % 60 != 0)
        out += fmt::format("{:02}", size % 60);
    return out;
}

struct Change {
    Transition transition;
    std::int64_t from = 0; ///< offset before it
};

/// Appends the changes of one STANDARD or DAYLIGHT.
void read_observance(const Component& observance, std::size_t& steps, std::vector<Change>& out) {
    const auto* start_property = observance.find("DTSTART");
    const auto from = read_offset(observance.value_of("TZOFFSETFROM")),
               to = read_offset(observance.value_of("TZOFFSETTO"));
    if (start_property == nullptr || !from || !to)
        return;
    const auto start = parse_moment(start_property->value());
    if (!start)
        return;
    std::vector<std::int64_t> civils{start->civil};
    for (const auto& property : observance.properties) {
        if (property.name() == "RDATE") {
            if (const auto moments = read_moments(property))
                for (const auto& moment : *moments)
                    civils.push_back(moment.civil);
        } else if (property.name() == "RRULE") {
            const auto rule = parse_rule(property.value());
            if (!rule)
                continue;
            std::optional<std::int64_t> until;
            if (rule->until)
                until = rule->until->civil + (rule->until->kind == TimeKind::utc ? *from : 0);
            RuleWalker walker(*rule, start->civil, until, steps);
            // Outlook's rules begin in 1601: what was before 1970 is one offset here.
            walker.skip_to(0);
            while (const auto civil = walker.next()) {
                if (*civil > kZoneHorizon)
                    break;
                civils.push_back(*civil);
            }
            steps = walker.steps_left();
        }
    }
    for (const auto civil : civils)
        if (out.size() < limits::kZoneTransitions)
            out.push_back({{civil - *from, *to}, *from});
}

/// Whether an RRULE of one month and one weekday says the same.
bool is_plain(const YearDay& day) {
    return day.kind == YearDay::Kind::nth_weekday && day.second >= 0 && day.second < kDay;
}

Component
observance_of(const std::string& kind, std::int64_t from, std::int64_t to, const YearDay& day) {
    Component out{kind, {}, {}};
    const auto civil = civil_of(day, 1970);
    out.properties.push_back(Property("DTSTART", format_moment({TimeKind::floating, civil, {}})));
    out.properties.emplace_back("TZOFFSETFROM", format_offset(from));
    out.properties.emplace_back("TZOFFSETTO", format_offset(to));
    Rule rule;
    rule.frequency = Frequency::yearly;
    const auto c = civil_of(civil);
    rule.by_month = {static_cast<int>(c.month)};
    rule.by_day = {{day.week == 5 ? -1 : day.week, day.weekday}};
    out.properties.emplace_back("RRULE", format_rule(rule));
    return out;
}

/// Zones without a rule that fits one RRULE pair: the changes themselves.
void append_changes(Component& out, const Zone& zone, std::int64_t around) {
    auto offset = zone.offset_at(around - 366 * kDay - 1);
    const auto changes = zone.changes(around - 366 * kDay, around + 3660 * kDay);
    if (changes.empty()) {
        Component& standard = out.children.emplace_back(Component{"STANDARD", {}, {}});
        standard.properties.emplace_back("DTSTART", "19700101T000000");
        standard.properties.emplace_back("TZOFFSETFROM", format_offset(offset));
        standard.properties.emplace_back("TZOFFSETTO", format_offset(offset));
        return;
    }
    for (const auto& change : changes) {
        Component& part = out.children.emplace_back(
            Component{change.offset > offset ? "DAYLIGHT" : "STANDARD", {}, {}}
        );
        part.properties.emplace_back(
            "DTSTART", format_moment({TimeKind::floating, change.at + offset, {}})
        );
        part.properties.emplace_back("TZOFFSETFROM", format_offset(offset));
        part.properties.emplace_back("TZOFFSETTO", format_offset(change.offset));
        offset = change.offset;
    }
}

} // namespace

Result<Zone> read_vtimezone(const Component& vtimezone) {
    std::vector<Change> changes;
    std::size_t steps = limits::kRecurrenceSteps;
    for (const auto& child : vtimezone.children)
        if (child.name == "STANDARD" || child.name == "DAYLIGHT")
            read_observance(child, steps, changes);
    if (changes.empty())
        return fail(Code::bad_value, "a VTIMEZONE without observances");
    std::ranges::stable_sort(changes, {}, [](const Change& change) {
        return change.transition.at;
    });
    std::vector<Transition> ascending;
    for (const auto& [change, from] : changes) {
        if (!ascending.empty() && ascending.back().at == change.at)
            ascending.back() = change;
        else
            ascending.push_back(change);
    }
    return Zone(
        unescape_text(vtimezone.value_of("TZID")), changes.front().from, std::move(ascending),
        std::nullopt
    );
}

Component write_vtimezone(const Zone& zone, std::int64_t around) {
    Component out{"VTIMEZONE", {}, {}};
    out.properties.emplace_back("TZID", zone.name());
    const auto& rule = zone.rule();
    const bool same_now =
        rule &&
        zone.changes(around - 366 * kDay, around + 366 * kDay) ==
            Zone("", rule->standard, {}, rule).changes(around - 366 * kDay, around + 366 * kDay);
    if (!same_now || !rule->daylight || !is_plain(rule->to_daylight) ||
        !is_plain(rule->to_standard)) {
        append_changes(out, zone, around);
        return out;
    }
    out.children.push_back(
        observance_of("DAYLIGHT", rule->standard, *rule->daylight, rule->to_daylight)
    );
    out.children.push_back(
        observance_of("STANDARD", *rule->daylight, rule->standard, rule->to_standard)
    );
    return out;
}

void add_missing_zones(Component& calendar, std::int64_t around) {
    std::vector<std::string> known;
    std::vector<Component> added;
    for (const auto& child : calendar.children)
        if (child.name == "VTIMEZONE")
            known.push_back(child.text_of("TZID"));
    for (const auto& child : calendar.children) {
        for (const auto* name : {"DTSTART", "DTEND", "DUE"}) {
            const auto* property = child.find(name);
            const auto tzid =
                property == nullptr ? std::string_view{} : property->parameter("TZID");
            if (tzid.empty() || std::ranges::find(known, tzid) != known.end() ||
                known.size() >= kZonesPerObject)
                continue;
            known.emplace_back(tzid);
            if (const auto zone = load_zone(tzid))
                added.push_back(write_vtimezone(**zone, around));
        }
    }
    calendar.children.insert(
        calendar.children.begin(), std::make_move_iterator(added.begin()),
        std::make_move_iterator(added.end())
    );
}

ObjectZones::ObjectZones(const Component& calendar, ZonePtr fallback)
    : calendar_(&calendar), fallback_(std::move(fallback)) {}

ZonePtr ObjectZones::find(std::string_view tzid) {
    if (tzid.empty())
        return fallback_;
    for (const auto& [name, zone] : found_)
        if (name == tzid)
            return zone;
    if (found_.size() >= kZonesPerObject)
        return fallback_;
    ZonePtr zone = fallback_;
    if (auto known = find_zone(tzid)) {
        zone = *known;
    } else {
        for (const auto& child : calendar_->children) {
            if (child.name != "VTIMEZONE" || unescape_text(child.value_of("TZID")) != tzid)
                continue;
            if (auto located = find_zone(child.value_of("X-LIC-LOCATION")))
                zone = *located;
            else if (auto read = read_vtimezone(child))
                zone = std::make_shared<const Zone>(*std::move(read));
            break;
        }
    }
    found_.emplace_back(std::string(tzid), zone);
    return zone;
}

} // namespace lockstep::ical
