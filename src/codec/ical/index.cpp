// Indexing of stored calendar objects.
// Spec: RFC 5545 3.6.1-3.6.3.
#include "codec/ical/index.hpp"

#include "base/text.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/series.hpp"

namespace lockstep::ical {
namespace {

constexpr std::int64_t kMicros = 1'000'000;

std::string address_of(std::string_view value) {
    if (istarts_with(value, "mailto:"))
        value.remove_prefix(7);
    return lower(trim(value));
}

void index_common(const Component& component, CalendarIndex& index) {
    index.uid = component.text_of("UID");
    index.summary = component.text_of("SUMMARY");
    index.cancelled = iequals(trim(component.value_of("STATUS")), "CANCELLED");
    const auto visibility = trim(component.value_of("CLASS"));
    index.is_private = !visibility.empty() && !iequals(visibility, "PUBLIC");
    index.opaque = !iequals(trim(component.value_of("TRANSP")), "TRANSPARENT");
    index.organizer = address_of(component.value_of("ORGANIZER"));
}

Result<const Component*> first_of(const Component& calendar, std::string_view kind) {
    if (calendar.name != "VCALENDAR")
        return fail(Code::bad_syntax, "not a calendar object");
    for (const auto& child : calendar.children)
        if (child.name == kind)
            return &child;
    return fail(Code::bad_value, "no such component in the calendar object");
}

/// A property's time in microseconds, or the fallback.
std::int64_t micros_of(
    const Component& component, std::string_view name, const Component& calendar,
    std::string_view zone, std::int64_t fallback
) {
    const auto* property = component.find(name);
    if (property == nullptr)
        return fallback;
    const auto moment = read_moment(*property);
    if (!moment)
        return fallback;
    if (moment->kind == TimeKind::utc)
        return moment->civil * kMicros;
    ObjectZones zones(calendar, zone_or_utc(zone));
    return zones.find(moment->tzid)->to_utc(moment->civil) * kMicros;
}

} // namespace

Result<CalendarIndex> index_event(std::string_view object, std::string_view zone) {
    TRY(const auto calendar, parse(object));
    TRY(const auto series, Series::read(calendar, "VEVENT", zone_or_utc(zone)));
    CalendarIndex index;
    index_common(series.master(), index);
    index.low_us = series.series_start() * kMicros;
    const auto end = series.series_end();
    index.high_us = end ? *end * kMicros : kForever;
    index.sort_us = series.start_utc() * kMicros;
    index.recurring = series.recurs();
    index.all_day = series.all_day();
    return index;
}

Result<CalendarIndex> index_todo(std::string_view object, std::string_view zone) {
    TRY(const auto calendar, parse(object));
    TRY(const auto* todo, first_of(calendar, "VTODO"));
    CalendarIndex index;
    index_common(*todo, index);
    index.recurring = todo->has("RRULE") || todo->has("RDATE");
    index.completed =
        todo->has("COMPLETED") || iequals(trim(todo->value_of("STATUS")), "COMPLETED");
    index.sort_us = micros_of(*todo, "DUE", calendar, zone, kForever);
    if (const auto* due = todo->find("DUE"))
        index.all_day = trim(due->value()).size() == 8;
    if (index.completed) {
        // One that does not tell when it was completed leaves the window with its last change.
        const auto changed = micros_of(
            *todo, "LAST-MODIFIED", calendar, zone, micros_of(*todo, "DTSTAMP", calendar, zone, 0)
        );
        index.high_us = micros_of(*todo, "COMPLETED", calendar, zone, changed);
    }
    return index;
}

Result<CalendarIndex> index_journal(std::string_view object, std::string_view zone) {
    TRY(const auto calendar, parse(object));
    TRY(const auto* journal, first_of(calendar, "VJOURNAL"));
    CalendarIndex index;
    index_common(*journal, index);
    index.sort_us = micros_of(
        *journal, "LAST-MODIFIED", calendar, zone, micros_of(*journal, "DTSTAMP", calendar, zone, 0)
    );
    return index;
}

std::string_view kind_of(std::string_view object) {
    LineCursor lines(object);
    std::string_view line;
    while (lines.next(line)) {
        if (!istarts_with(line, "BEGIN:"))
            continue;
        const auto name = trim(line.substr(6));
        for (const std::string_view kind : {"VEVENT", "VTODO", "VJOURNAL"})
            if (iequals(name, kind))
                return kind;
    }
    return {};
}

} // namespace lockstep::ical
