// The fields of a stored calendar object that lists, windows and searches need, without keeping the
// object parsed. Spec: RFC 5545 3.6.1-3.6.3; the window is what MS-ASCMD 2.2.3.68.2 (FilterType) is
// asked about. Errors: bad_syntax (not a calendar object), bad_value (no component of the kind, no
// usable start), too_large (a limit).
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::ical {

/// Window bound of something without end, or (negative) without beginning.
inline constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kSinceEver = std::numeric_limits<std::int64_t>::min();

/// Times are UTC microseconds since 1970. An object is inside a window [a, b) when low_us < b and
/// high_us >= a.
struct CalendarIndex {
    std::string uid;     ///< UID; empty when the object has none
    std::string summary; ///< SUMMARY of the master, unescaped
    std::int64_t low_us =
        kSinceEver; ///< start of the first occurrence; kSinceEver for to-dos and notes
    std::int64_t high_us =
        kForever; ///< end of the last occurrence; kForever when it recurs for ever
    std::int64_t sort_us =
        0;                   ///< event: start; to-do: due (kForever when none); note: last modified
    bool recurring = false;  ///< has RRULE or RDATE
    bool all_day = false;    ///< DTSTART is a DATE
    bool completed = false;  ///< to-do: STATUS:COMPLETED or COMPLETED
    bool cancelled = false;  ///< STATUS:CANCELLED
    bool is_private = false; ///< CLASS:PRIVATE or CONFIDENTIAL
    bool opaque = true;      ///< takes time: not TRANSP:TRANSPARENT (events)
    std::string organizer;   ///< address of ORGANIZER, lower case, without mailto:
};

/// Indexes a VCALENDAR whose VEVENTs are one event with its overrides. Floating times and dates are
/// read in `zone` (IANA name).
[[nodiscard]] Result<CalendarIndex>
index_event(std::string_view object, std::string_view zone = "UTC");
/// Indexes a VTODO: an open one is in every window; a completed one ends with its completion.
[[nodiscard]] Result<CalendarIndex>
index_todo(std::string_view object, std::string_view zone = "UTC");
/// Indexes a VJOURNAL (a note): in every window.
[[nodiscard]] Result<CalendarIndex>
index_journal(std::string_view object, std::string_view zone = "UTC");

/// Which of the three an object is, from its first component: "VEVENT", "VTODO", "VJOURNAL", or
/// empty.
[[nodiscard]] std::string_view kind_of(std::string_view object);

} // namespace lockstep::ical
