// How a calendar component takes its owner's time.
// Spec: RFC 5545 3.8.2.7 (TRANSP), 3.8.1.11 (STATUS); Outlook's X-MICROSOFT-CDO-BUSYSTATUS.
// Invariants: an X- property counts only as far as TRANSP, which everybody reads, does not
// contradict it: another program may have changed TRANSP since.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "codec/ical/component.hpp"

namespace lockstep::ical {

/// In the order of ActiveSync's BusyStatus and of Outlook.
enum class Busy : std::uint8_t { free = 0, tentative = 1, busy = 2, away = 3, elsewhere = 4 };

/// The word of Outlook's properties ("OOF"), or nothing when `name` is none.
[[nodiscard]] std::string_view name_of(Busy busy);

/// What the component itself says.
[[nodiscard]] Busy busy_of(const Component& component);

/// What it means for the calendar of a person with these addresses (lower case): a cancelled event
/// and a declined invitation take no time, an unanswered one takes it tentatively.
[[nodiscard]] Busy busy_for(const Component& component, std::span<const std::string> addresses);

/// The address of an ATTENDEE or ORGANIZER value: lower case, without "mailto:".
[[nodiscard]] std::string calendar_address(std::string_view value);

} // namespace lockstep::ical
