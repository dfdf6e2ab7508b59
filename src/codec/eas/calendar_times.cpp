// Start and end of an event: days and instants, on the wire and in the stored form.
// Spec: MS-ASCAL 2.2.2.1, 2.2.2.20, 2.2.2.42. Safe reading of days: midnight of UTC is the date
// itself (16.x, and clients that always did so), anything else is local midnight of the item's
// zone, rounded to the nearest day for clients in another zone.
#include <algorithm>

#include "codec/eas/calendar_edit.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

constexpr std::int64_t kHalfHour = 1'800;

} // namespace

std::int64_t day_on_wire(std::int64_t wire, const ical::Zone& zone) {
    if (wire % ical::kDay == 0)
        return wire;
    return ical::midnight_of(zone.to_civil(wire) + ical::kDay / 2);
}

ical::Moment moment_like(const ical::Moment& start, std::int64_t civil) {
    return {start.kind, civil, start.tzid};
}

Result<EventTimes>
times_of(const EventFields& sent, const EventFields& shown, const TimeManner& manner) {
    const bool was_all_day = shown.all_day.value_or(false);
    EventTimes times{sent.all_day.value_or(was_all_day), *shown.start, *shown.end};
    const bool flipped = times.all_day != was_all_day;
    if (flipped && times.all_day) {
        times.start = ical::midnight_of(manner.days->to_civil(*shown.start));
        times.end = std::max(
            times.start + ical::kDay,
            ical::midnight_of(manner.days->to_civil(*shown.end) + ical::kDay - 1)
        );
    } else if (flipped) {
        times.start = manner.zone->to_utc(*shown.start);
        times.end = times.start + kHalfHour;
    }
    const auto length = times.end - times.start;
    const auto read = [&](std::int64_t wire) {
        return times.all_day ? day_on_wire(wire, *manner.days) : wire;
    };
    if (sent.start) {
        times.start = read(*sent.start);
        times.end = times.start + length;
    }
    if (sent.end)
        times.end = read(*sent.end);
    if (times.all_day && times.end == times.start)
        times.end += ical::kDay;
    if (times.end < times.start)
        return fail(Code::bad_value, "an event that ends before it starts");
    CHECK_OK(within_calendar(times));
    return times;
}

Result<> within_calendar(const EventTimes& times) {
    // Two days less than the calendar has, so that no zone's clock leaves it.
    constexpr auto kMargin = 2 * ical::kDay;
    if (times.start < ical::kFirstCivil + kMargin || times.end > ical::kLastCivil - kMargin)
        return fail(Code::bad_value, "an event outside of the years 1 to 9999");
    return {};
}

void write_times(ical::Component& component, const EventTimes& times, const ical::Zone& zone) {
    const auto moment = [&](std::int64_t value) {
        if (times.all_day)
            return ical::Moment{ical::TimeKind::date, value, {}};
        if (zone.name() == "Etc/UTC")
            return ical::Moment{ical::TimeKind::utc, value, {}};
        return ical::Moment{ical::TimeKind::zoned, zone.to_civil(value), zone.name()};
    };
    component.set(ical::moment_property("DTSTART", moment(times.start)));
    component.set(ical::moment_property("DTEND", moment(times.end)));
    component.remove("DURATION");
}

} // namespace lockstep::eas
