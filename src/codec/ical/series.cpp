// Reading the recurrence properties of an object into one series.
// Spec: RFC 5545 3.8.5, 3.8.4.4.
#include "codec/ical/series.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ical {

Result<TimeRange> read_range(const Component& component) {
    const auto* start = component.find("DTSTART");
    if (start == nullptr)
        return fail(Code::bad_value, "no DTSTART");
    TimeRange range;
    TRY(range.start, read_moment(*start));
    const auto* end = component.find("DTEND");
    if (end == nullptr)
        end = component.find("DUE");
    if (end != nullptr) {
        if (auto moment = read_moment(*end))
            range.end = *std::move(moment);
    } else if (const auto* length = component.find("DURATION"); length != nullptr) {
        if (auto span = parse_span(length->value()))
            range.length = *span;
    }
    return range;
}

Series::Series(const Component& calendar, ZonePtr fallback)
    : calendar_(&calendar), zones_(calendar, fallback), zone_(std::move(fallback)) {}

Result<Series> Series::read(const Component& calendar, std::string_view kind, ZonePtr fallback) {
    if (calendar.name != "VCALENDAR")
        return fail(Code::bad_syntax, "not a calendar object");
    Series series(calendar, std::move(fallback));
    for (const auto& child : calendar.children) {
        if (child.name != kind)
            continue;
        if (series.master_ == nullptr ||
            (series.master_->has("RECURRENCE-ID") && !child.has("RECURRENCE-ID")))
            series.master_ = &child;
    }
    if (series.master_ == nullptr)
        return fail(Code::bad_value, "no such component in the calendar object");
    CHECK_OK(series.read_master());
    for (const auto& child : calendar.children)
        if (child.name == kind && &child != series.master_ && child.has("RECURRENCE-ID"))
            CHECK_OK(series.read_override(child));
    return series;
}

Result<> Series::read_master() {
    TRY(range_, read_range(*master_));
    const auto& start = range_.start;
    if (start.kind == TimeKind::utc)
        zone_ = utc_zone();
    if (start.kind == TimeKind::zoned)
        zone_ = zones_.find(start.tzid);
    TRY(const auto range, range_of(*master_));
    start_ = range.first;
    end_ = range.second;
    if (master_->has("RECURRENCE-ID"))
        return {}; // one occurrence of a series that is elsewhere
    for (const auto& property : master_->properties) {
        if (property.name() == "RRULE") {
            // A rule that nobody can read leaves a single event: it is stored as it is, and shown
            // at its start.
            if (auto rule = parse_rule(property.value());
                rule && rules_.size() < limits::kIcalDepth)
                rules_.push_back(*std::move(rule));
        } else if (property.name() == "RDATE") {
            CHECK_OK(read_extra(property));
        } else if (property.name() == "EXDATE") {
            CHECK_OK(read_excluded(property));
        }
    }
    std::ranges::sort(excluded_);
    std::ranges::sort(excluded_days_);
    return {};
}

Result<> Series::read_extra(const Property& property) {
    for (const auto part : split(property.value(), ',')) {
        const auto slash = part.find('/');
        const auto tzid = property.parameter("TZID");
        const auto start = parse_moment(part.substr(0, slash), tzid);
        if (!start)
            continue;
        if (extra_.size() >= limits::kIcalDates)
            return fail(Code::too_large, "too many RDATEs");
        std::optional<std::int64_t> end;
        if (slash != std::string_view::npos) {
            const auto tail = part.substr(slash + 1);
            if (const auto span = parse_span(tail))
                end = instant(*start) + span->days * kDay + span->seconds;
            else if (const auto moment = parse_moment(tail, tzid))
                end = instant(*moment);
        }
        const auto civil = on_clock(*start);
        if (civil != range_.start.civil)
            extra_.emplace(civil, end);
    }
    return {};
}

Result<> Series::read_excluded(const Property& property) {
    for (const auto part : split(property.value(), ',')) {
        const auto moment = parse_moment(part, property.parameter("TZID"));
        if (!moment)
            continue;
        if (excluded_.size() + excluded_days_.size() >= limits::kIcalDates)
            return fail(Code::too_large, "too many EXDATEs");
        if (moment->kind == TimeKind::date && !all_day())
            excluded_days_.push_back(moment->civil);
        else
            excluded_.push_back(on_clock(*moment));
    }
    return {};
}

Result<> Series::read_override(const Component& component) {
    const auto moment = read_moment(*component.find("RECURRENCE-ID"));
    if (!moment)
        return {};
    if (overrides_.size() >= limits::kIcalOverrides)
        return fail(Code::too_large, "too many changed occurrences");
    auto civil = on_clock(*moment);
    // A date that names an occurrence of a timed series: the one of that day.
    if (moment->kind == TimeKind::date && !all_day())
        civil += range_.start.civil - midnight_of(range_.start.civil);
    overrides_[civil] = &component;
    return {};
}

bool Series::is_excluded(std::int64_t civil) const {
    return std::ranges::binary_search(excluded_, civil) ||
           std::ranges::binary_search(excluded_days_, midnight_of(civil));
}

std::int64_t Series::instant(const Moment& moment) const {
    switch (moment.kind) {
    case TimeKind::utc:
        return moment.civil;
    case TimeKind::zoned:
        return zones_.find(moment.tzid)->to_utc(moment.civil);
    case TimeKind::date:
    case TimeKind::floating:
        return zones_.fallback()->to_utc(moment.civil);
    }
    return moment.civil;
}

std::int64_t Series::on_clock(const Moment& moment) const {
    if (all_day()) {
        // A time that names a day of an all-day series: the day it shows where the time was
        // written.
        return midnight_of(
            moment.kind == TimeKind::utc && moment.civil % kDay != 0 ? zone_->to_civil(moment.civil)
                                                                     : moment.civil
        );
    }
    if (moment.kind == range_.start.kind && moment.tzid == range_.start.tzid)
        return moment.civil;
    if (moment.kind == TimeKind::date)
        return moment.civil;
    return zone_->to_civil(instant(moment));
}

Result<std::pair<std::int64_t, std::int64_t>> Series::range_of(const Component& component) const {
    TRY(const auto range, read_range(component));
    const auto start = instant(range.start);
    auto end = start;
    if (range.end) {
        end = instant(*range.end);
    } else if (range.length) {
        Moment moved = range.start;
        moved.civil += range.length->days * kDay;
        end = instant(moved) + range.length->seconds;
    } else if (range.start.kind == TimeKind::date) {
        end = instant({TimeKind::date, range.start.civil + kDay, {}}); // RFC 5545 3.6.1: one day
    }
    return std::pair(start, std::max(start, end));
}

} // namespace lockstep::ical
