// Start, time zone, duration and due of a component.
// Spec: jscalendarbis 4.1, 4.7.1, 5.1, 5.2; RFC 5545 3.8.2. Invariants: times that did not change
// keep their TZID, whatever its name is.
#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/ical/series.hpp"
#include "codec/jscalendar/member.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;
using ical::Moment;
using ical::TimeKind;

std::string_view component_end(Kind kind) { return kind == Kind::event ? "DTEND" : "DUE"; }

/// The zone's name as the IANA has it; empty when it has none.
std::string iana_name(const ical::ZonePtr& zone) {
    if (zone == ical::utc_zone() || zone->name() == "UTC")
        return "Etc/UTC";
    return ical::load_zone(zone->name()) ? zone->name() : std::string();
}

struct Clock {
    std::string zone; ///< empty: floating or a date
    std::int64_t civil = 0;
    bool date = false;
};

/// A moment as it is shown: on its own clock, or on that of UTC when its zone has no name.
Clock clock_of(const Moment& moment, ical::ObjectZones& zones) {
    switch (moment.kind) {
    case TimeKind::date:
        return {{}, moment.civil, true};
    case TimeKind::floating:
        return {{}, moment.civil, false};
    case TimeKind::utc:
        return {"Etc/UTC", moment.civil, false};
    case TimeKind::zoned:
        break;
    }
    const auto zone = zones.find(moment.tzid);
    auto name = iana_name(zone);
    if (name.empty())
        return {"Etc/UTC", zone->to_utc(moment.civil), false};
    return {std::move(name), moment.civil, false};
}

std::int64_t instant_of(const Moment& moment, ical::ObjectZones& zones) {
    return moment.kind == TimeKind::zoned ? zones.find(moment.tzid)->to_utc(moment.civil)
                                          : moment.civil;
}

/// What lies between start and end, as a Duration.
std::string span_text(const Moment& start, const Moment& end, ical::ObjectZones& zones) {
    if (start.kind == TimeKind::date)
        return ical::format_span(
            {std::max<std::int64_t>(0, end.civil - start.civil) / ical::kDay, 0}
        );
    const auto seconds = instant_of(end, zones) - instant_of(start, zones);
    return ical::format_span({0, std::max<std::int64_t>(0, seconds)});
}

/// The zone of the object's "timeZone", in the words of the component where they mean the same.
Moment zoned_moment(
    const Show& show, const Component& component, std::int64_t civil, const std::string& zone
) {
    if (zone.empty())
        return {TimeKind::floating, civil, {}};
    if (zone == "Etc/UTC" || zone == "UTC")
        return {TimeKind::utc, civil, {}};
    if (const auto* start = component.find("DTSTART")) {
        const std::string tzid(start->parameter("TZID"));
        if (!tzid.empty() && iana_name(show.zones.find(tzid)) == zone)
            return {TimeKind::zoned, civil, tzid};
    }
    return {TimeKind::zoned, civil, zone};
}

/// The end of something that begins at `start` and lasts for a span.
Moment end_moment(const Show& show, Moment start, const ical::Span& span) {
    if (start.kind == TimeKind::date) {
        start.civil += (span.days + span.seconds / ical::kDay) * ical::kDay;
        return start;
    }
    start.civil += span.days * ical::kDay;
    if (start.kind == TimeKind::zoned) {
        const auto zone = show.zones.find(start.tzid);
        start.civil = zone->to_civil(zone->to_utc(start.civil) + span.seconds);
    } else {
        start.civil += span.seconds;
    }
    return start;
}

bool has_zone(const std::string& name) {
    return name.empty() || name == "Etc/UTC" || ical::load_zone(name).has_value();
}

/// Length of an event, or of a task without due, into the component.
std::string
put_length(const Show& show, Component& component, const Change& change, const Moment& start) {
    const auto* member = show.kind == Kind::event ? "duration" : "estimatedDuration";
    const auto text = change.text(member);
    const auto span = ical::parse_span(text.empty() ? "PT0S" : text);
    if (!span || span->seconds < 0 || span->days < 0)
        return member;
    if (show.kind == Kind::task) {
        component.remove("DURATION");
        if (!text.empty() && !component.has("DUE"))
            component.set(ical::Property("DURATION", text));
        else if (text.empty())
            component.remove("ESTIMATED-DURATION");
        else
            component.set(ical::Property("ESTIMATED-DURATION", text));
        return {};
    }
    component.remove("DURATION");
    if (text.empty())
        component.remove("DTEND");
    else
        component.set(ical::moment_property("DTEND", end_moment(show, start, *span)));
    return {};
}

} // namespace

ical::ZonePtr zone_of(const json::Object& object) {
    const auto name = json::text_of(object, "timeZone");
    if (!name)
        return nullptr;
    auto zone = ical::load_zone(*name);
    return zone ? *zone : ical::utc_zone();
}

std::string local_text(std::int64_t civil) {
    const auto t = ical::civil_of(civil);
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second
    );
}

std::optional<std::int64_t> parse_local(std::string_view text) {
    if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const auto compact = replace_all(replace_all(text, "-", ""), ":", "");
    const auto moment = ical::parse_moment(compact);
    if (!moment || moment->kind != TimeKind::floating)
        return std::nullopt;
    return moment->civil;
}

Moment moment_at(const Component& component, std::int64_t civil) {
    const auto* start = component.find("DTSTART");
    const auto moment = start != nullptr ? ical::read_moment(*start) : fail(Code::bad_value, "");
    if (!moment)
        return {TimeKind::floating, civil, {}};
    auto out = *moment;
    out.civil = out.kind == TimeKind::date ? ical::midnight_of(civil) : civil;
    return out;
}

void show_times(const Show& show, const Component& component, json::Object& out) {
    const auto moment_of = [&](std::string_view name) -> std::optional<Moment> {
        const auto* property = component.find(name);
        if (property == nullptr)
            return std::nullopt;
        const auto moment = ical::read_moment(*property);
        return moment ? std::optional(*moment) : std::nullopt;
    };
    const auto start = moment_of("DTSTART");
    const auto end = moment_of(component_end(show.kind));
    const auto main = start ? start : end;
    if (!main)
        return;
    const auto clock = clock_of(*main, show.zones);
    if (!clock.zone.empty())
        out["timeZone"] = clock.zone;
    if (clock.date)
        out["showWithoutTime"] = true;
    if (start)
        out["start"] = local_text(clock.civil);
    if (show.kind == Kind::task) {
        if (end) {
            const auto due = clock_of(*end, show.zones);
            const auto zone = ical::zone_or_utc(clock.zone);
            out["due"] = local_text(
                due.zone == clock.zone ? due.civil : zone->to_civil(instant_of(*end, show.zones))
            );
        }
        for (const auto* name : {"ESTIMATED-DURATION", "DURATION"})
            if (component.has(name))
                out["estimatedDuration"] = component.value_of(name);
        return;
    }
    if (end && start)
        out["duration"] = span_text(*start, *end, show.zones);
    else if (component.has("DURATION"))
        out["duration"] = component.value_of("DURATION");
    else if (clock.date)
        out["duration"] = "P1D"; // RFC 5545 3.6.1
}

std::string put_times(const Show& show, Component& component, const Change& change) {
    constexpr std::string_view kTimes[] = {"start",    "timeZone", "showWithoutTime",
                                           "duration", "due",      "estimatedDuration"};
    if (std::ranges::none_of(kTimes, [&](auto name) { return change.differs(name); }))
        return {};
    const auto zone = change.text("timeZone");
    if (const auto* given = change.now("timeZone");
        (given != nullptr && !given->is_string()) || !has_zone(zone))
        return "timeZone";
    const auto* without = change.now("showWithoutTime");
    if (without != nullptr && !without->is_bool())
        return "showWithoutTime";
    const bool date = without != nullptr && without->get_bool();
    const auto moment_of = [&](std::int64_t civil) {
        // A day without time is a day wherever one is: only then nothing is lost by a DATE.
        if (date && zone.empty() && ical::midnight_of(civil) == civil)
            return Moment{TimeKind::date, civil, {}};
        return zoned_moment(show, component, civil, zone);
    };
    const auto* start_value = change.now("start");
    if (start_value == nullptr && show.kind == Kind::event)
        return "start";
    std::optional<Moment> start;
    if (start_value != nullptr) {
        const auto civil = parse_local(change.text("start"));
        if (!civil)
            return "start";
        start = moment_of(*civil);
    }
    std::optional<Moment> due;
    if (const auto* value = change.now("due"); value != nullptr && show.kind == Kind::task) {
        const auto civil = parse_local(change.text("due"));
        if (!civil)
            return "due";
        due = moment_of(*civil);
    }
    if (start)
        component.set(ical::moment_property("DTSTART", *start));
    else
        component.remove("DTSTART");
    if (show.kind == Kind::task) {
        if (due)
            component.set(ical::moment_property("DUE", *due));
        else
            component.remove("DUE");
    }
    return put_length(show, component, change, start.value_or(Moment{}));
}

} // namespace lockstep::jscalendar
