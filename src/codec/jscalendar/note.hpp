// Notes: journals of a calendar store as plain JSON objects of our own.
// Spec: RFC 5545 3.6.3; docs/jmap-extensions.md (Note). Invariants: as jscalendar.hpp: an object is
// edited, not written anew, and what iCalendar cannot say is kept in it as JSPROP. Text and HTML
// say the same: who writes one gets the other made.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "codec/jscalendar/jscalendar.hpp"

namespace lockstep::jscalendar {

/// title, bodyText, bodyHtml (when it was written as HTML), keywords, color, uid, created, updated,
/// and whatever else a client put there.
[[nodiscard]] Result<json::Object> read_note(std::string_view ical);
/// `now`: unix seconds.
[[nodiscard]] std::expected<std::string, Wrong>
write_note(std::string_view stored, json::Object wanted, std::int64_t now);

} // namespace lockstep::jscalendar
