// Edits of one stored event component by what a client sent, as far as it differs from what the
// client was shown. Spec: MS-ASCAL 2.2.2; RFC 5545. Invariants: properties that the protocol does
// not know are not touched. Errors: bad_value (an end before its start).
#pragma once
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/zone.hpp"

namespace lockstep::eas {

/// Everything but the times.
void edit_fields(
    ical::Component& component, const EventFields& sent, const EventFields& shown,
    const EventContext& context
);

/// How times are written and days are read.
struct TimeManner {
    ical::ZonePtr zone;  ///< of the written DTSTART and DTEND
    ical::ZonePtr days;  ///< in which a day's midnight on the wire is read
    bool rezone = false; ///< write even when the instants are the same
};
/// Start and end as they will be: midnights of the wall clock for days, else instants.
struct EventTimes {
    bool all_day = false;
    std::int64_t start = 0, end = 0;
    friend bool operator==(const EventTimes&, const EventTimes&) = default;
};
/// What the sent times mean beside the shown ones.
[[nodiscard]] Result<EventTimes>
times_of(const EventFields& sent, const EventFields& shown, const TimeManner& manner);
/// Error bad_value: these times cannot be written in iCalendar.
[[nodiscard]] Result<> within_calendar(const EventTimes& times);
/// Writes DTSTART and DTEND (DURATION goes).
void write_times(ical::Component& component, const EventTimes& times, const ical::Zone& zone);
/// The day that a client means by an instant: midnight of UTC is the day itself, anything else is
/// read in the zone.
[[nodiscard]] std::int64_t day_on_wire(std::int64_t wire, const ical::Zone& zone);
/// A wall clock time as the series writes it: like DTSTART.
[[nodiscard]] ical::Moment moment_like(const ical::Moment& start, std::int64_t civil);

/// ORGANIZER, when the component has none.
void give_organizer(ical::Component& component, std::string_view email, std::string_view name);
/// PARTSTAT of an attendee; the attendee is added when missing.
void set_participation(
    ical::Component& component, std::string_view email, std::string_view name,
    std::string_view participation
);

} // namespace lockstep::eas
