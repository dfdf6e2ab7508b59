// Exceptions of a series: excluded, changed and moved occurrences.
// Spec: MS-ASCAL 2.2.2.16, 2.2.2.21, 2.2.2.23, 3.2.5.3.1; RFC 5545 3.8.4.4, 3.8.5.1.
#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar_merge.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

using ical::Component;

/// An override to be: the master at one of its occurrences.
Component override_of(const Component& master, const ical::Moment& start, std::int64_t civil) {
    Component out = master;
    for (const auto* name : {"RRULE", "RDATE", "EXDATE", "EXRULE", "X-LOCKSTEP-CALENDAR-TYPE"})
        out.remove(name);
    const auto id = ical::moment_property("RECURRENCE-ID", moment_like(start, civil));
    const auto uid = std::ranges::find(out.properties, std::string("UID"), &ical::Property::name);
    out.properties.insert(uid == out.properties.end() ? uid : std::next(uid), id);
    return out;
}

} // namespace

void EventMerge::remove_children(std::vector<std::size_t> indexes) {
    std::ranges::sort(indexes, std::greater<>{});
    const auto tail = std::ranges::unique(indexes);
    indexes.erase(tail.begin(), tail.end());
    for (const auto index : indexes) {
        calendar_.children.erase(calendar_.children.begin() + static_cast<std::ptrdiff_t>(index));
        if (index < master_)
            --master_;
    }
}

void EventMerge::drop_exceptions() {
    master().remove("EXDATE");
    std::vector<std::size_t> overrides;
    for (std::size_t i = 0; i < calendar_.children.size(); ++i) {
        const auto& child = calendar_.children[i];
        if (i != master_ && child.name == "VEVENT" && child.has("RECURRENCE-ID"))
            overrides.push_back(i);
    }
    remove_children(std::move(overrides));
}

/// A series below 16.0 that was moved keeps its exceptions: those of the same days, at the new time
/// of day.
Result<> EventMerge::rekey_exceptions(
    const std::vector<std::int64_t>& excluded,
    const std::vector<std::pair<std::int64_t, std::size_t>>& overrides,
    const ical::Moment& old_start
) {
    TRY(const auto current, series());
    const auto start = current.start();
    const auto days_moved = ical::midnight_of(start.civil) - ical::midnight_of(old_start.civil);
    const auto time = start.civil - ical::midnight_of(start.civil);
    const auto rekey = [&](std::int64_t civil) -> std::optional<std::int64_t> {
        for (const auto day : {ical::midnight_of(civil), ical::midnight_of(civil) + days_moved})
            if (!current.original_starts(day + time, day + time, 1).empty())
                return day + time;
        return std::nullopt;
    };
    std::vector<std::int64_t> still_excluded;
    for (const auto civil : excluded)
        if (const auto at = rekey(civil))
            still_excluded.push_back(*at);
    std::vector<std::size_t> orphans;
    for (const auto& [civil, index] : overrides) {
        if (const auto at = rekey(civil))
            calendar_.children[index].set(
                ical::moment_property("RECURRENCE-ID", moment_like(start, *at))
            );
        else
            orphans.push_back(index);
    }
    master().remove("EXDATE");
    for (const auto civil : still_excluded)
        exclude(start, civil);
    remove_children(std::move(orphans));
    return {};
}

void EventMerge::exclude(const ical::Moment& start, std::int64_t civil) {
    master().properties.push_back(ical::moment_property("EXDATE", moment_like(start, civil)));
}

/// Takes an occurrence out of EXDATE: a changed occurrence is one that happens.
void EventMerge::include(const ical::Series& series, std::int64_t civil) {
    std::vector<ical::Property> kept;
    for (auto& property : master().properties) {
        if (property.name() != "EXDATE") {
            kept.push_back(std::move(property));
            continue;
        }
        std::string value;
        bool removed = false;
        for (const auto part : split(property.value(), ',')) {
            const auto moment = ical::parse_moment(part, property.parameter("TZID"));
            const bool same = moment && (series.on_clock(*moment) == civil ||
                                         (moment->kind == ical::TimeKind::date &&
                                          moment->civil == ical::midnight_of(civil)));
            removed = removed || same;
            if (!same)
                value += (value.empty() ? "" : ",") + std::string(part);
        }
        if (removed)
            property.set_value(value);
        if (!value.empty())
            kept.push_back(std::move(property));
    }
    master().properties = std::move(kept);
}

Result<> EventMerge::edit_override(
    const ical::Series& series, const EventFields& shown_master, std::int64_t civil,
    const EventFields& sent, std::vector<Component>& added
) {
    const auto it = series.overrides().find(civil);
    const bool known = it != series.overrides().end();
    auto shown =
        known ? show_fields(series, *it->second, context_) : fields_at(series, civil, shown_master);
    auto edited = known ? *it->second : override_of(series.master(), series.start(), civil);
    const ical::ZonePtr zone = series.all_day() ? owner_zone_ : series.zone();
    TRY(const auto times, times_of(sent, shown, {zone, zone, false}));
    const EventTimes before{*shown.all_day, *shown.start, *shown.end};
    if (!known)
        write_times(edited, before, *zone);
    const auto plain = edited;
    if (times != before)
        write_times(edited, times, *zone);
    edit_fields(edited, sent, shown, context_);
    if (sent.attendees && !sent.attendees->empty())
        give_organizer(edited, context_.owner_email, context_.owner_name);
    if (known)
        calendar_.children[static_cast<std::size_t>(it->second - calendar_.children.data())] =
            std::move(edited);
    else if (edited != plain)
        added.push_back(std::move(edited));
    if (series.is_excluded(civil))
        include(series, civil);
    return {};
}

Result<> EventMerge::merge_exceptions(const std::vector<EventException>& sent) {
    if (sent.empty())
        return {};
    TRY(const auto current, series());
    if (!current.recurs())
        return {};
    const auto rendering = render_series(current, version_, context_.now);
    const auto start = current.start();
    std::vector<Component> added;
    std::vector<std::int64_t> excluded;
    std::vector<std::size_t> removed;
    std::set<std::int64_t> seen;
    const auto shown_master = show_fields(current, current.master(), context_);
    const auto master_bytes = ical::serialize(current.master()).size();
    for (const auto& exception : sent) {
        // Exceptions to occurrences that are not there (clients send them for moved series) say
        // nothing.
        const auto civil = find_occurrence(current, rendering, exception.original);
        if (!civil || !seen.insert(*civil).second)
            continue;
        if (!exception.deleted) {
            if (current.overrides().size() + added.size() >= limits::kIcalOverrides ||
                (added.size() + 1) * master_bytes > limits::kIcalBytes)
                return fail(Code::bad_value, "too many exceptions");
            CHECK_OK(edit_override(current, shown_master, *civil, exception.fields, added));
            continue;
        }
        if (const auto it = current.overrides().find(*civil); it != current.overrides().end())
            removed.push_back(static_cast<std::size_t>(it->second - calendar_.children.data()));
        if (!current.is_excluded(*civil))
            excluded.push_back(*civil);
    }
    for (const auto civil : excluded)
        exclude(start, civil);
    remove_children(std::move(removed));
    for (auto& component : added)
        calendar_.children.push_back(std::move(component));
    return {};
}

Result<> EventMerge::merge_instance(std::int64_t wire, const EventFields& sent) {
    CHECK_OK(find_master());
    TRY(const auto current, series());
    const auto rendering = render_series(current, version_, context_.now);
    const auto civil = current.recurs() ? find_occurrence(current, rendering, wire) : std::nullopt;
    if (!civil)
        return fail(Code::not_found, "no such occurrence");
    return merge_exceptions({{wire, false, sent}});
}

Result<> EventMerge::delete_instance(std::int64_t wire) {
    CHECK_OK(find_master());
    TRY(const auto current, series());
    const auto rendering = render_series(current, version_, context_.now);
    const auto civil = current.recurs() ? find_occurrence(current, rendering, wire) : std::nullopt;
    if (!civil)
        return fail(Code::not_found, "no such occurrence");
    return merge_exceptions({{wire, true, {}}});
}

bool EventMerge::is_gone() const {
    const auto current = series();
    return current && current->recurs() && current->first(1).occurrences.empty();
}

Result<> EventMerge::reply(std::optional<std::int64_t> wire, std::string_view participation) {
    CHECK_OK(find_master());
    TRY(const auto current, series());
    const auto answer = [&](Component& component) {
        set_participation(component, context_.owner_email, context_.owner_name, participation);
        component.set_value(
            "X-LOCKSTEP-REPLY-TIME", ical::format_moment({ical::TimeKind::utc, context_.now, {}})
        );
    };
    if (!wire) {
        for (auto& child : calendar_.children)
            if (child.name == "VEVENT")
                answer(child);
        return {};
    }
    const auto civil =
        find_occurrence(current, render_series(current, version_, context_.now), *wire);
    if (!civil)
        return fail(Code::not_found, "no such occurrence");
    if (const auto it = current.overrides().find(*civil); it != current.overrides().end()) {
        answer(calendar_.children[static_cast<std::size_t>(it->second - calendar_.children.data())]
        );
        return {};
    }
    auto component = override_of(current.master(), current.start(), *civil);
    const auto fields =
        fields_at(current, *civil, show_fields(current, current.master(), context_));
    write_times(component, {*fields.all_day, *fields.start, *fields.end}, *current.zone());
    answer(component);
    calendar_.children.push_back(std::move(component));
    return {};
}

} // namespace lockstep::eas
