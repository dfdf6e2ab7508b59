// What the two sides of iTIP share. Internal to codec/ical.
// Spec: RFC 5546 2.1.4, 2.1.5.
#pragma once
#include <compare>
#include <initializer_list>
#include <string>
#include <string_view>

#include "codec/ical/itip.hpp"

namespace lockstep::ical::itip {

[[nodiscard]] inline bool is_event(const Component& component) {
    return component.name == "VEVENT";
}

/// Which of two versions of a component is newer: SEQUENCE, then DTSTAMP.
[[nodiscard]] std::strong_ordering compare_versions(const Component& a, const Component& b);

/// Values (with TZID and VALUE) of the named properties in an order of their own: equal texts say
/// the same.
[[nodiscard]] std::string
fingerprint(const Component& event, std::initializer_list<std::string_view> names);
/// When, and how often: what voids answers.
[[nodiscard]] std::string timing_of(const Component& event);

/// RECURRENCE-ID on the clock of the series (or as it is written when there is no series).
[[nodiscard]] std::optional<std::int64_t>
instance_key(const Series* series, const Component& event);

/// Index of the VEVENT with that RECURRENCE-ID; npos when there is none.
inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);
[[nodiscard]] std::size_t
find_override(const Component& calendar, const Series* series, std::int64_t key);

/// Takes one occurrence out of EXDATE.
void include_again(Component& master, const Series& series, std::int64_t civil);
/// VTIMEZONEs that `from` defines and `to` does not.
void adopt_zones(Component& to, const Component& from);

/// Sets STATUS:CANCELLED and frees the time.
void mark_cancelled(Component& event);
void set_stamp(Component& event, std::int64_t now);
/// The calendar's shell with METHOD and its zones, without events.
[[nodiscard]] Component message_shell(const Component& calendar, Method method);
/// What goes out of an event: no alarms, none of the sender's own marks and labels.
[[nodiscard]] Component for_others(const Component& event);

/// All VEVENTs are one meeting that can be read: the same UID and organizer, starts, no more than
/// the limits.
[[nodiscard]] bool is_meeting(const Component& calendar);

} // namespace lockstep::ical::itip
