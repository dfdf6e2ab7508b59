// Changed, excluded and added occurrences of a series.
// Spec: jscalendarbis 4.3.4; RFC 5545 3.8.4.4, 3.8.5.1, 3.8.5.2. Invariants: an override that says
// what it said keeps its bytes.
#include <algorithm>
#include <map>
#include <set>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/series.hpp"
#include "codec/jscalendar/member.hpp"
#include "codec/json/patch.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;

/// Members that each component has of its own, or that no override may change.
constexpr std::string_view kOwnMembers[] = {"@type",          "uid",
                                            "created",        "updated",
                                            "sequence",       "prodId",
                                            "recurrenceRule", "recurrenceOverrides",
                                            "recurrenceId",   "recurrenceIdTimeZone",
                                            "isDraft",        "method",
                                            "privacy"};

void drop_own(json::Object& object) {
    for (const auto name : kOwnMembers)
        object.erase({name.data(), name.size()});
}

std::string_view component_kind(Kind kind) { return kind == Kind::event ? "VEVENT" : "VTODO"; }

Result<ical::Series> series_of(const Show& show, const Component& calendar) {
    return ical::Series::read(calendar, component_kind(show.kind), show.zones.fallback());
}

/// The main object at an occurrence that nothing overrides.
json::Object plain_instance(const json::Object& main, std::string_view id) {
    json::Object out;
    for (const auto& member : main)
        if (std::ranges::find(kOwnMembers, std::string_view(member.key())) == std::end(kOwnMembers))
            out[member.key()] = member.value();
    out["start"] = id;
    return out;
}

bool is_excluded_patch(const json::Value& patch) {
    const auto* excluded = patch.is_object() ? json::find(patch.get_object(), "excluded") : nullptr;
    return excluded != nullptr && *excluded == json::Value(true);
}

/// Occurrences that EXDATEs take out, on the series' clock.
std::set<std::int64_t> excluded_of(const ical::Series& series) {
    std::set<std::int64_t> out(series.excluded().begin(), series.excluded().end());
    for (const auto day : series.excluded_days())
        for (const auto civil :
             series.original_starts(day, day + ical::kDay - 1, limits::kIcalDates))
            out.insert(civil);
    return out;
}

/// Writes EXDATE or RDATE with these dates.
void put_dates(Component& main, std::string_view name, const std::set<std::int64_t>& dates) {
    main.remove(name);
    for (const auto civil : dates)
        main.properties.push_back(ical::moment_property(std::string(name), moment_at(main, civil)));
}

struct WantedOverrides {
    std::set<std::int64_t> excluded, added;
    std::map<std::int64_t, const json::Object*> patched;
};

std::optional<WantedOverrides> read_wanted(const json::Object& wanted) {
    WantedOverrides out;
    const auto* map = json::find(wanted, "recurrenceOverrides");
    if (map == nullptr)
        return out;
    if (!map->is_object() || map->get_object().size() > limits::kIcalOverrides)
        return std::nullopt;
    for (const auto& member : map->get_object()) {
        const auto civil = parse_local({member.key().data(), member.key().size()});
        if (!civil || !member.value().is_object())
            return std::nullopt;
        if (is_excluded_patch(member.value()))
            out.excluded.insert(*civil);
        else if (member.value().get_object().empty())
            out.added.insert(*civil);
        else
            out.patched[*civil] = &member.value().get_object();
    }
    return out;
}

/// A component for an occurrence that had none of its own.
Component fresh_override(const Component& main, std::int64_t civil) {
    auto out = main;
    for (const auto* name : {"RRULE", "RDATE", "EXDATE", "EXRULE", "JSPROP"})
        out.remove(name);
    out.set(ical::moment_property("RECURRENCE-ID", moment_at(main, civil)));
    return out;
}

/// The original start of an override on the series' clock.
std::optional<std::int64_t>
clock_of_override(const Show& show, const Component& component, const ical::ZonePtr& zone) {
    const auto* property = component.find("RECURRENCE-ID");
    const auto moment = property ? ical::read_moment(*property) : fail(Code::bad_value, "");
    if (!moment)
        return std::nullopt;
    if (moment->kind == ical::TimeKind::utc && zone != nullptr)
        return zone->to_civil(moment->civil);
    if (moment->kind == ical::TimeKind::zoned && zone != nullptr)
        return zone->to_civil(show.zones.find(moment->tzid)->to_utc(moment->civil));
    return moment->civil;
}

/// Takes the overrides out of the object.
std::map<std::int64_t, Component>
take_overrides(const Show& show, Component& calendar, const ical::ZonePtr& zone) {
    std::map<std::int64_t, Component> taken;
    std::vector<Component> others;
    for (auto& child : calendar.children) {
        const bool is_override =
            child.name == component_kind(show.kind) && child.has("RECURRENCE-ID");
        const auto civil = is_override ? clock_of_override(show, child, zone) : std::nullopt;
        if (civil)
            taken.insert_or_assign(*civil, std::move(child));
        else
            others.push_back(std::move(child));
    }
    calendar.children = std::move(others);
    return taken;
}

/// Makes a component say an occurrence; false: it makes no sense.
bool put_override(
    const Show& show, Component& component, const Component& main, json::Object full
) {
    auto shown = show_component(show, component);
    drop_own(shown);
    drop_own(full);
    if (shown == full)
        return true;
    if (!put_component(show, component, {shown, full}).empty())
        return false;
    for (const auto* stamp : {"LAST-MODIFIED", "DTSTAMP", "SEQUENCE"})
        if (main.has(stamp))
            component.set_value(stamp, std::string(main.value_of(stamp)));
    return true;
}

} // namespace

json::Object show_overrides(const Show& show, const Component& calendar, const json::Object& main) {
    json::Object out;
    const auto series = series_of(show, calendar);
    if (!series)
        return out;
    for (const auto civil : excluded_of(*series))
        out[local_text(civil)] = json::Object{{"excluded", true}};
    for (const auto& [civil, end] : series->extra()) {
        json::Object patch;
        if (end)
            patch["duration"] =
                ical::format_span({0, std::max<std::int64_t>(0, *end - series->to_utc(civil))});
        out[local_text(civil)] = std::move(patch);
    }
    const FileName nothing;
    for (const auto& [civil, component] : series->overrides()) {
        if (component == &series->master())
            continue;
        const auto id = local_text(civil);
        auto shown = show_component({show.kind, show.zones, nothing}, *component);
        drop_own(shown);
        // Files of an override that are those of the series are named as these are.
        if (const auto* links = main.if_contains("links");
            links != nullptr && component->has("ATTACH") && show.name) {
            const auto raw = show_component({show.kind, show.zones, nothing}, series->master());
            if (shown.if_contains("links") && shown.at("links") == raw.at("links"))
                shown["links"] = *links;
        }
        out[id] = json::make_patch(plain_instance(main, id), shown);
    }
    return out;
}

std::string put_overrides(
    const Show& show, Component& calendar, const json::Object& before, const json::Object& wanted
) {
    const auto all = read_wanted(wanted);
    if (!all)
        return "recurrenceOverrides";
    auto& main = *std::ranges::find_if(calendar.children, [&](const Component& child) {
        return child.name == component_kind(show.kind) && !child.has("RECURRENCE-ID");
    });
    const Change change{before, wanted};
    const bool moved = change.differs("start") || change.differs("timeZone") ||
                       change.differs("showWithoutTime") || change.differs("recurrenceRule");
    if (change.differs("recurrenceOverrides") || moved) {
        put_dates(main, "EXDATE", all->excluded);
        put_dates(main, "RDATE", all->added);
    }
    const auto main_copy = main;
    auto known = take_overrides(show, calendar, zone_of(before));
    for (const auto& [civil, patch] : all->patched) {
        auto full = plain_instance(wanted, local_text(civil));
        if (!json::apply_pointers(full, *patch))
            return "recurrenceOverrides";
        const auto had = known.find(civil);
        auto component =
            had != known.end() ? std::move(had->second) : fresh_override(main_copy, civil);
        if (moved)
            component.set(ical::moment_property("RECURRENCE-ID", moment_at(main_copy, civil)));
        if (!put_override(show, component, main_copy, std::move(full)))
            return "recurrenceOverrides";
        calendar.children.push_back(std::move(component));
    }
    return {};
}

} // namespace lockstep::jscalendar
