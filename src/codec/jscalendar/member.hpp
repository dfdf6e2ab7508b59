// The members of a JSCalendar object, each with what shows it and what writes it.
// Spec: as jscalendar.hpp. Internal to codec/jscalendar. Invariants: put() is called only for a
// member whose value changed, and touches only the properties that say it.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "codec/ical/component.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/vtimezone.hpp"
#include "codec/jscalendar/jscalendar.hpp"

namespace lockstep::jscalendar {

/// What a component is shown with.
struct Show {
    Kind kind = Kind::event;
    ical::ObjectZones& zones;
    const FileName& name; ///< only for the main component
};

/// Member `name` (null when absent) before and after.
struct Change {
    const json::Object& before;
    const json::Object& after;
    [[nodiscard]] const json::Value* was(std::string_view name) const {
        return json::find(before, name);
    }
    [[nodiscard]] const json::Value* now(std::string_view name) const {
        return json::find(after, name);
    }
    [[nodiscard]] bool differs(std::string_view name) const {
        const auto* a = was(name);
        const auto* b = now(name);
        return a == nullptr || b == nullptr ? a != b : *a != *b;
    }
    /// The member as text; empty when absent.
    [[nodiscard]] std::string text(std::string_view name) const {
        return std::string(json::text_of(after, name).value_or(std::string_view()));
    }
};

struct Member {
    std::string_view name;
    void (*show)(const Show& show, const ical::Component& component, json::Object& out);
    /// False: the value makes no sense.
    bool (*put)(const Show& show, ical::Component& component, const Change& change);
};
[[nodiscard]] std::span<const Member> text_members();
[[nodiscard]] std::span<const Member> map_members();
[[nodiscard]] std::span<const Member> people_members();
[[nodiscard]] std::span<const Member> alert_members();

/// Start, zone, duration, due: said by several properties together.
void show_times(const Show& show, const ical::Component& component, json::Object& out);
/// The name of what makes no sense, or empty.
[[nodiscard]] std::string
put_times(const Show& show, ical::Component& component, const Change& change);
/// The IANA zone of the object's times; null: floating.
[[nodiscard]] ical::ZonePtr zone_of(const json::Object& object);
/// A recurrence id in the form of the component's start.
[[nodiscard]] ical::Moment moment_at(const ical::Component& component, std::int64_t civil);

/// "recurrenceRule" of RRULE.
[[nodiscard]] std::optional<json::Object>
show_rule(const ical::Component& component, ical::ObjectZones& zones);
/// False: the rule makes no sense.
[[nodiscard]] bool put_rule(ical::Component& component, const json::Object& object);

/// Everything of one component but its recurrence.
[[nodiscard]] json::Object show_component(const Show& show, const ical::Component& component);
/// The name of what makes no sense, or empty.
[[nodiscard]] std::string
put_component(const Show& show, ical::Component& component, const Change& change);

/// "recurrenceOverrides" of a series: overrides, excluded and added dates.
[[nodiscard]] json::Object
show_overrides(const Show& show, const ical::Component& calendar, const json::Object& main);
/// Brings them to `wanted`; `before`: the main object as it was, `main` as it is now.
[[nodiscard]] std::string put_overrides(
    const Show& show, ical::Component& calendar, const json::Object& before,
    const json::Object& wanted
);

/// Whether the text may be a key of a map.
[[nodiscard]] bool is_key(std::string_view text);

} // namespace lockstep::jscalendar
