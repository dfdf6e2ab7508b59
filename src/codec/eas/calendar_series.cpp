// A stored series as the protocol shows it: pattern, time zone and exceptions.
// Spec: MS-ASCAL 2.2.2.21-2.2.2.23, 2.2.2.37, 3.2.5.3.2; 16.x: MS-ASAIRS 2.2.2.25.
#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar_edit.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/eas/time_zone.hpp"
#include "codec/ical/rule_walker.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

/// Whether the rule itself has an occurrence at the start; a start that it does not match cannot be
/// said in a pattern.
bool starts_on_rule(const ical::Series& series) {
    ical::RuleWalker walker(series.rules().front(), series.start().civil, std::nullopt);
    walker.start_only_when_matched();
    return walker.next() == series.start().civil;
}

/// COUNT beyond what the element holds becomes the last occurrence's date.
void fit_count(const ical::Series& series, Pattern& pattern, const PatternStart& start) {
    if (!pattern.occurrences || *pattern.occurrences <= calendar_pattern_tags().most_occurrences)
        return;
    pattern.occurrences.reset();
    ical::RuleWalker walker(series.rules().front(), series.start().civil, std::nullopt);
    auto last = series.start().civil;
    while (const auto next = walker.next())
        last = *next;
    pattern.until = start.all_day && start.wire_dates ? last : series.to_utc(last);
}

/// First instant of the year before `now`: surrogates begin there, so that they do not move from
/// day to day.
std::int64_t surrogate_begin(std::int64_t now) {
    return ical::civil_from(ical::civil_of(now).year - 1, 1, 1);
}

SeriesRendering surrogate(const ical::Series& series, std::int64_t now) {
    auto expansion = series.expand(
        surrogate_begin(now), ical::kLastCivil - 10 * ical::kDay, limits::kEasExceptions
    );
    if (expansion.occurrences.empty())
        expansion = series.first(limits::kEasExceptions);
    SeriesRendering out;
    if (expansion.occurrences.empty())
        return out;
    out.surrogate = true;
    Pattern pattern;
    pattern.occurrences = static_cast<int>(expansion.occurrences.size());
    out.pattern = pattern;
    const auto first = expansion.occurrences.front().civil;
    for (std::size_t i = 0; i < expansion.occurrences.size(); ++i)
        out.stand_ins.emplace_back(
            first + static_cast<std::int64_t>(i) * ical::kDay, expansion.occurrences[i].civil
        );
    return out;
}

bool same_text(const ItemText& a, const ItemText& b) {
    return a.plain == b.plain && a.html == b.html;
}

/// Only what an exception does not inherit (2.2.2: "assumed to be the same as the top-level");
/// times always.
EventFields difference(const EventFields& own, const EventFields& master) {
    EventFields out;
    out.start = own.start;
    out.end = own.end;
    if (own.all_day != master.all_day)
        out.all_day = own.all_day;
    if (own.subject != master.subject)
        out.subject = own.subject;
    if (own.place != master.place)
        out.place = own.place;
    if (!same_text(own.body.value_or(ItemText{}), master.body.value_or(ItemText{})))
        out.body = own.body;
    if (own.categories != master.categories)
        out.categories = own.categories;
    if (own.sensitivity != master.sensitivity)
        out.sensitivity = own.sensitivity;
    if (own.busy != master.busy)
        out.busy = own.busy;
    if (own.reminder != master.reminder)
        out.reminder = own.reminder;
    if (own.meeting_status != master.meeting_status)
        out.meeting_status = own.meeting_status;
    if (own.attendees != master.attendees)
        out.attendees = own.attendees;
    if (own.response_type != master.response_type)
        out.response_type = own.response_type;
    if (own.reply_time != master.reply_time)
        out.reply_time = own.reply_time;
    if (own.external_link != master.external_link)
        out.external_link = own.external_link.value_or("");
    if (own.conference_link != master.conference_link)
        out.conference_link = own.conference_link.value_or("");
    if (own.files != master.files)
        out.files = own.files;
    out.stamp = own.stamp;
    return out;
}

/// Times of an occurrence in the form that fields have.
void set_times(
    const ical::Series& series, std::int64_t civil, EventFields& fields, const EventFields& master
) {
    if (series.all_day()) {
        fields.start = civil;
        fields.end = civil + (*master.end - *master.start);
    } else {
        fields.start = series.to_utc(civil);
        fields.end = *fields.start + (*master.end - *master.start);
    }
}

EventException changed(
    const ical::Series& series, std::int64_t shown_at, std::int64_t civil,
    const EventFields& master, const EventContext& context
) {
    EventException out{shown_at, false, {}};
    const auto it = series.overrides().find(civil);
    if (it == series.overrides().end()) {
        set_times(series, civil, out.fields, master);
        return out;
    }
    out.fields = difference(show_fields(series, *it->second, context), master);
    // A cancelled occurrence of the owner's own appointment is simply gone; of a meeting it is
    // shown as cancelled.
    out.deleted =
        iequals(trim(it->second->value_of("STATUS")), "CANCELLED") && master.meeting_status == 0;
    return out;
}

void show_surrogate_exceptions(
    const ical::Series& series, const SeriesRendering& rendering, const EventContext& context,
    EventModel& model
) {
    for (const auto& [shown_at, civil] : rendering.stand_ins)
        if (shown_at != civil || series.overrides().contains(civil))
            model.exceptions.push_back(changed(series, shown_at, civil, model.fields, context));
    set_times(series, rendering.stand_ins.front().second, model.fields, model.fields);
}

void show_exceptions(const ical::Series& series, const EventContext& context, EventModel& model) {
    for (const auto civil : series.excluded())
        model.exceptions.push_back({civil, true, {}});
    for (const auto day : series.excluded_days())
        model.exceptions.push_back({day + series.start().civil % ical::kDay, true, {}});
    for (const auto& [civil, component] : series.overrides())
        if (!series.is_excluded(civil))
            model.exceptions.push_back(changed(series, civil, civil, model.fields, context));
    std::ranges::sort(model.exceptions, {}, &EventException::original);
    const auto tail = std::ranges::unique(model.exceptions, {}, &EventException::original);
    model.exceptions.erase(tail.begin(), tail.end());
    // No more than the element holds (2.2.2.21): the latest matter most.
    if (const auto size = model.exceptions.size(); size > limits::kEasExceptions)
        model.exceptions.erase(
            model.exceptions.begin(),
            model.exceptions.end() - static_cast<std::ptrdiff_t>(limits::kEasExceptions)
        );
}

} // namespace

EventFields fields_at(const ical::Series& series, std::int64_t civil, const EventFields& master) {
    auto fields = master;
    set_times(series, civil, fields, master);
    return fields;
}

std::optional<std::int64_t>
find_occurrence(const ical::Series& series, const SeriesRendering& rendering, std::int64_t wire) {
    if (wire < ical::kFirstCivil + 2 * ical::kDay || wire > ical::kLastCivil - 2 * ical::kDay)
        return std::nullopt;
    const auto civil =
        series.all_day() ? day_on_wire(wire, *series.zone()) : series.zone()->to_civil(wire);
    for (const auto& [shown_at, actual] : rendering.stand_ins)
        if (shown_at == civil)
            return actual;
    if (series.overrides().contains(civil) || !series.original_starts(civil, civil, 1).empty())
        return civil;
    const auto day = wire % ical::kDay == 0 ? wire : ical::midnight_of(civil);
    for (const auto& [shown_at, actual] : rendering.stand_ins)
        if (ical::midnight_of(shown_at) == day)
            return actual;
    const auto of_day = series.original_starts(day, day + ical::kDay - 1, limits::kIcalDepth);
    if (of_day.empty())
        return std::nullopt;
    return *std::ranges::min_element(of_day, {}, [&](std::int64_t at) {
        return at < civil ? civil - at : at - civil;
    });
}

SeriesRendering
render_series(const ical::Series& series, wbxml::Version version, std::int64_t now) {
    SeriesRendering out;
    if (!series.recurs())
        return out;
    if (series.rules().size() == 1 && series.extra().empty() && starts_on_rule(series)) {
        const PatternStart start{
            series.start().civil, series.all_day(), is_16(version), series.zone()
        };
        out.pattern = pattern_of_rule(series.rules().front(), start);
        if (out.pattern) {
            fit_count(series, *out.pattern, start);
            if (const auto* system = series.master().find("X-LOCKSTEP-CALENDAR-TYPE")) {
                out.pattern->calendar_type = parse_int<int>(trim(system->value()));
                out.pattern->leap_month = system->parameter("LEAP-MONTH") == "1";
            }
            return out;
        }
    }
    return surrogate(series, now);
}

Result<EventModel> show_event(
    const ical::Series& series, const SeriesRendering& rendering, wbxml::Version version,
    const EventContext& context
) {
    EventModel model;
    const auto& master = series.master();
    model.fields = show_fields(series, master, context);
    model.uid = master.text_of("UID");
    model.server_id = context.server_id;
    const auto* organizer = master.find("ORGANIZER");
    model.organizer_email =
        organizer == nullptr ? context.owner_email : mail_address(organizer->value());
    const auto name =
        organizer == nullptr ? std::string_view(context.owner_name) : organizer->parameter("CN");
    model.organizer_name = name.empty() ? model.organizer_email : std::string(name);
    // Days of 16.x are days everywhere: they have no zone (2.2.2.1).
    if (!is_16(version) || !*model.fields.all_day) {
        const auto zone = series.all_day() ? ical::zone_or_utc(context.zone) : series.zone();
        model.time_zone = format_zone_blob(blob_of_zone(*zone, series.start_utc()));
    }
    if (*model.fields.meeting_status != 0) {
        bool requested = true;
        for (const auto& property : master.properties)
            if (property.name() == "ATTENDEE" && iequals(property.parameter("RSVP"), "FALSE"))
                requested = false;
        model.response_requested = requested;
    }
    model.disallow_proposal =
        iequals(trim(master.value_of("X-MICROSOFT-DISALLOW-COUNTER")), "TRUE");
    if (!rendering.pattern)
        return model;
    model.pattern = rendering.pattern;
    if (rendering.surrogate)
        show_surrogate_exceptions(series, rendering, context, model);
    else
        show_exceptions(series, context, model);
    return model;
}

} // namespace lockstep::eas
