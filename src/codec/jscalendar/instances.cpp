// Occurrences of shown objects, and times in UTC.
// Spec: jscalendarbis 4.3; draft-ietf-jmap-calendars 5.9, 5.11.
#include <algorithm>

#include "base/text.hpp"
#include "codec/ical/series.hpp"
#include "codec/jscalendar/member.hpp"
#include "codec/json/patch.hpp"

namespace lockstep::jscalendar {
namespace {

const json::Object* override_of(const json::Object& object, std::string_view id) {
    const auto* map = json::find(object, "recurrenceOverrides");
    const auto* patch =
        map != nullptr && map->is_object() ? json::find(map->get_object(), id) : nullptr;
    return patch != nullptr && patch->is_object() ? &patch->get_object() : nullptr;
}

/// Seconds of a UTCDateTime.
std::optional<std::int64_t> utc_seconds(const json::Object& object, std::string_view name) {
    const auto text = json::text_of(object, name);
    if (!text || !text->ends_with('Z'))
        return std::nullopt;
    return parse_local(text->substr(0, text->size() - 1));
}

} // namespace

Result<Instances> instances_of(
    std::string_view ical, Kind kind, std::int64_t from, std::int64_t to, std::size_t most,
    ical::ZonePtr floating
) {
    TRY(const auto calendar, ical::parse(ical));
    TRY(const auto series,
        ical::Series::read(calendar, kind == Kind::event ? "VEVENT" : "VTODO", std::move(floating))
    );
    Instances out;
    const auto found = series.expand(from, to, most);
    out.complete = found.complete;
    const bool recurs = series.recurs() || !series.overrides().empty();
    for (const auto& each : found.occurrences)
        out.all.push_back({recurs ? local_text(each.civil) : std::string(), each.start, each.end});
    return out;
}

std::optional<json::Object> instance_of(const json::Object& object, std::string_view id) {
    if (!parse_local(id))
        return std::nullopt;
    // Overrides may be thousands: they are not copied for each of them.
    json::Object out;
    for (const auto& member : object)
        if (member.key() != "recurrenceRule" && member.key() != "recurrenceOverrides")
            out[member.key()] = member.value();
    out["start"] = id;
    if (const auto* patch = override_of(object, id)) {
        const auto* excluded = json::find(*patch, "excluded");
        if (excluded != nullptr && *excluded == json::Value(true))
            return std::nullopt;
        if (!json::apply_pointers(out, *patch))
            return std::nullopt;
    }
    out["recurrenceId"] = id;
    if (const auto* zone = json::find(object, "timeZone"))
        out["recurrenceIdTimeZone"] = *zone;
    return out;
}

std::optional<json::Object>
with_instance_patch(const json::Object& object, std::string_view id, const json::Object* patch) {
    auto out = object;
    auto& map = out["recurrenceOverrides"];
    if (!map.is_object())
        map = json::Object();
    const json::String key(id.data(), id.size());
    if (patch == nullptr) {
        map.get_object()[key] = json::Object{{"excluded", true}};
        return out;
    }
    auto changed = instance_of(object, id);
    if (!changed)
        return std::nullopt;
    if (!json::apply_pointers(*changed, *patch))
        return std::nullopt;
    auto plain = object;
    for (const auto* name : {"recurrenceRule", "recurrenceOverrides", "sequence", "updated"})
        plain.erase(name);
    plain["start"] = id;
    for (const auto* name : {"recurrenceId", "recurrenceIdTimeZone", "sequence", "updated"})
        changed->erase(name);
    map.get_object()[key] = json::make_patch(plain, *changed);
    return out;
}

std::string compact_instance(std::string_view id) {
    return parse_local(id) ? replace_all(replace_all(id, "-", ""), ":", "") : std::string();
}

std::string instance_id(std::string_view compact) {
    const auto moment = ical::parse_moment(compact);
    return moment && moment->kind == ical::TimeKind::floating ? local_text(moment->civil)
                                                              : std::string();
}

std::optional<UtcRange> utc_range(const json::Object& object, const ical::ZonePtr& floating) {
    const auto start = parse_local(json::text_of(object, "start").value_or(""));
    if (!start)
        return std::nullopt;
    auto zone = zone_of(object);
    if (zone == nullptr)
        zone = floating;
    const auto span = ical::parse_span(json::text_of(object, "duration").value_or("PT0S"));
    UtcRange out{zone->to_utc(*start), 0};
    out.end = out.start;
    if (span)
        out.end = zone->to_utc(*start + span->days * ical::kDay) + span->seconds;
    return out;
}

std::string take_utc(json::Object& object) {
    const bool has_start = object.contains("utcStart"), has_end = object.contains("utcEnd");
    if (has_start) {
        const auto start = utc_seconds(object, "utcStart");
        if (!start)
            return "utcStart";
        if (!object.contains("timeZone"))
            object["timeZone"] = "Etc/UTC";
        const auto zone = zone_of(object);
        object["start"] = local_text(zone ? zone->to_civil(*start) : *start);
        object.erase("utcStart");
    }
    if (has_end) {
        const auto end = utc_seconds(object, "utcEnd");
        const auto range = utc_range(object, ical::utc_zone());
        if (!end || !range || *end < range->start)
            return "utcEnd";
        object["duration"] = ical::format_span({0, *end - range->start});
        object.erase("utcEnd");
    }
    return {};
}

} // namespace lockstep::jscalendar
