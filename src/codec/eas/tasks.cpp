// Tasks: VTODO to ApplicationData.
// Spec: MS-ASTASK 2.2.2, 6; RFC 5545 3.6.2, 3.8.1.9 (PRIORITY), 3.8.2.1 (COMPLETED).
// Dates: a DATE travels as midnight, both as it stands (DueDate) and as the instant in the owner's
// zone (UtcDueDate).
#include "codec/eas/tasks.hpp"

#include <optional>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/body_stored.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/options.hpp"
#include "codec/eas/tasks_model.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/vtimezone.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace t = wbxml::tasks;
using ical::Component;

std::optional<TaskDate>
show_date(const Component& todo, std::string_view name, ical::ObjectZones& zones) {
    const auto* property = todo.find(name);
    if (property == nullptr)
        return std::nullopt;
    const auto moment = ical::read_moment(*property);
    if (!moment)
        return std::nullopt;
    const auto& owner = *zones.fallback();
    TaskDate date;
    switch (moment->kind) {
    case ical::TimeKind::date:
    case ical::TimeKind::floating:
        date.local = moment->civil;
        date.utc = owner.to_utc(moment->civil);
        break;
    case ical::TimeKind::utc:
        date.utc = moment->civil;
        break;
    case ical::TimeKind::zoned:
        date.utc = zones.find(moment->tzid)->to_utc(moment->civil);
        break;
    }
    if (moment->kind == ical::TimeKind::utc || moment->kind == ical::TimeKind::zoned)
        date.local = owner.to_civil(date.utc);
    return date;
}

int show_importance(const Component& todo) {
    const auto kept = parse_int<int>(trim(todo.value_of("X-LOCKSTEP-IMPORTANCE")));
    if (kept)
        return *kept;
    const auto priority = parse_int<int>(trim(todo.value_of("PRIORITY"))).value_or(0);
    if (priority >= 1 && priority <= 4)
        return 2;
    return priority >= 6 && priority <= 9 ? 0 : 1;
}

/// The first alarm that shows something, as an instant.
std::optional<std::int64_t> show_task_reminder(const Component& todo, const TaskModel& model) {
    for (const auto& alarm : todo.children) {
        const auto* trigger = alarm.find("TRIGGER");
        if (!is_shown_alarm(alarm))
            continue;
        if (const auto moment = ical::parse_moment(trigger->value()))
            return moment->civil;
        const auto span = ical::parse_span(trigger->value());
        const bool from_end = iequals(trigger->parameter("RELATED"), "END") || !model.start;
        const auto& base = from_end ? model.due : model.start;
        if (span && base && *base)
            return (*base)->utc + span->days * ical::kDay + span->seconds;
    }
    return std::nullopt;
}

std::optional<Pattern> show_task_pattern(
    const Component& todo, const TaskModel& model, wbxml::Version version, const ical::ZonePtr& zone
) {
    const auto* property = todo.find("RRULE");
    if (property == nullptr)
        return std::nullopt;
    const auto rule = ical::parse_rule(property->value());
    const auto& base = model.start && *model.start ? model.start : model.due;
    if (!rule || !base || !*base)
        return std::nullopt;
    const bool all_day = (*base)->local % ical::kDay == 0;
    auto pattern =
        pattern_of_rule(*rule, {(*base)->local, all_day, version >= wbxml::Version::v16_0, zone});
    // A rule without words: the task is shown once, and its rule stays as it is.
    if (!pattern ||
        (pattern->occurrences && *pattern->occurrences > task_pattern_tags().most_occurrences))
        return std::nullopt;
    // Measured: an instant up to 14.1, the numerals of the wall clock at 16.x.
    pattern->start = version >= wbxml::Version::v16_0 ? (*base)->local : (*base)->utc;
    if (const auto kept = parse_wire_date(todo.value_of("X-LOCKSTEP-RECURRENCE-START")))
        pattern->start = version >= wbxml::Version::v16_0 ? zone->to_civil(*kept) : *kept;
    pattern->regenerate = parse_int<int>(trim(todo.value_of("X-LOCKSTEP-REGENERATE")));
    pattern->dead_occur = parse_int<int>(trim(todo.value_of("X-LOCKSTEP-DEAD-OCCUR")));
    if (const auto system = parse_int<int>(trim(todo.value_of("X-LOCKSTEP-CALENDAR-TYPE"))))
        pattern->calendar_type = system;
    return pattern;
}

void write_task_date(
    wbxml::Writer& out, wbxml::Tag utc, wbxml::Tag local,
    const std::optional<std::optional<TaskDate>>& date
) {
    if (!date || !*date)
        return;
    out.element(utc, iso_date((*date)->utc));
    out.element(local, iso_date((*date)->local));
}

} // namespace

Result<const Component*> find_todo(const Component& calendar) {
    if (calendar.name != "VCALENDAR")
        return fail(Code::bad_syntax, "not a calendar object");
    for (const auto& child : calendar.children)
        if (child.name == "VTODO")
            return &child;
    return fail(Code::bad_syntax, "no to-do in the calendar object");
}

TaskModel show_task(
    const Component& calendar, const Component& todo, wbxml::Version version,
    const EventContext& context
) {
    ical::ObjectZones zones(calendar, ical::zone_or_utc(context.zone));
    TaskModel model;
    model.subject = todo.text_of("SUMMARY");
    model.body = item_text(todo);
    model.importance = show_importance(todo);
    model.start = show_date(todo, "DTSTART", zones);
    model.due = show_date(todo, "DUE", zones);
    model.categories = item_labels(todo);
    model.pattern = show_task_pattern(todo, model, version, zones.fallback());
    model.complete = todo.has("COMPLETED") || iequals(trim(todo.value_of("STATUS")), "COMPLETED");
    if (*model.complete) {
        // Required with Complete (2.2.2.8): one that does not tell was completed when it was last
        // changed.
        for (const auto* name : {"COMPLETED", "LAST-MODIFIED", "DTSTAMP"})
            if (const auto moment = ical::parse_moment(todo.value_of(name));
                moment && !model.completed)
                model.completed = moment->civil;
        if (!model.completed)
            model.completed = context.now;
    }
    model.sensitivity = item_sensitivity(todo);
    model.reminder = show_task_reminder(todo, model);
    model.reminder_set = model.reminder->has_value();
    if (const auto ordinal = parse_wire_date(todo.value_of("X-LOCKSTEP-ORDINAL-DATE")))
        model.ordinal_date = *ordinal;
    if (todo.has("X-LOCKSTEP-SUB-ORDINAL-DATE"))
        model.sub_ordinal_date = todo.text_of("X-LOCKSTEP-SUB-ORDINAL-DATE");
    return model;
}

Result<> write_task(
    wbxml::Writer& out, std::string_view ical, const ItemOptions& options,
    const EventContext& context
) {
    TRY(const auto calendar, ical::parse(ical));
    TRY(const auto* todo, find_todo(calendar));
    const auto model = show_task(calendar, *todo, options.version, context);
    out.element(t::Subject, *model.subject);
    write_body(
        out, *model.body, options, t::Body, t::BodyTruncated, {.native = true, .also_empty = true}
    );
    out.element(t::Importance, *model.importance);
    write_task_date(out, t::UtcStartDate, t::StartDate, model.start);
    write_task_date(out, t::UtcDueDate, t::DueDate, model.due);
    if (!model.categories->empty()) {
        out.open(t::Categories);
        for (std::size_t i = 0; i < model.categories->size() && i < limits::kEasLabels; ++i)
            out.element(t::Category, (*model.categories)[i]);
        out.close();
    }
    if (model.pattern && *model.pattern)
        write_pattern(out, **model.pattern, task_pattern_tags());
    out.element(t::Complete, *model.complete);
    if (model.completed)
        out.element(t::DateCompleted, iso_date(*model.completed));
    out.element(t::Sensitivity, *model.sensitivity);
    if (*model.reminder)
        out.element(t::ReminderTime, iso_date(**model.reminder));
    out.element(t::ReminderSet, *model.reminder_set);
    if (model.ordinal_date)
        out.element_if_allowed(t::OrdinalDate, iso_date(*model.ordinal_date));
    if (model.sub_ordinal_date)
        out.element_if_allowed(t::SubOrdinalDate, *model.sub_ordinal_date);
    return {};
}

} // namespace lockstep::eas
