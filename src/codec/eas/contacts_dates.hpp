// Birthdays and anniversaries: days without a time, whatever instant a client makes of them.
// Spec: MS-ASCNTC 2.2.2.3, 2.2.2.6 (the time is to be ignored); MS-ASDTYPE 2.3; RFC 6350 4.3.1,
// RFC 2426 3.1.5.
// Invariants: a date written is read back as the same date.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "codec/vcard/card.hpp"

namespace lockstep::eas {

/// The year that stands for "no year" on the wire: Apple's clients show such a birthday without
/// one.
inline constexpr int kNoYear = 1604;

/// The date of a BDAY or ANNIVERSARY property; a time that follows is ignored. A date without a
/// year gets kNoYear. Nothing when it is not a whole date (a year alone, free text).
[[nodiscard]] std::optional<std::chrono::year_month_day> card_date(const vcard::Property& property);
/// Sets it in the form of the version, without a year for kNoYear.
void set_card_date(
    vcard::Property& property, std::chrono::year_month_day date, vcard::Version version
);

/// "2026-11-24T00:00:00.000Z".
[[nodiscard]] std::string wire_date(std::chrono::year_month_day date);
/// The day a client means by an instant in either form of date-time (or a bare date): clients send
/// midnight in UTC, midnight in the owner's zone turned to UTC (iOS), or some hour up to noon UTC.
/// Midnight in `zone` is recognised exactly; else an instant after noon UTC belongs to the next
/// day.
[[nodiscard]] std::optional<std::chrono::year_month_day>
date_meant(std::string_view text, std::string_view zone);

} // namespace lockstep::eas
