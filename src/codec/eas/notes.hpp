// The Notes class of ActiveSync: a stored VJOURNAL to ApplicationData, and a client's
// ApplicationData into the stored VJOURNAL. Spec: MS-ASNOTE 2.2.2, 3.1.4, 3.2.4; RFC 5545 3.6.3.
// Invariants: what the protocol cannot say survives a merge.
// Errors: bad_syntax (the stored object), bad_value (the client's data: Status 6).
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/eas/calendar.hpp"

namespace lockstep::eas {

/// Writes all children of ApplicationData of a note (14.0 and later; unsupported below).
[[nodiscard]] Result<> write_note(
    wbxml::Writer& out, std::string_view ical, const ItemOptions& options,
    const EventContext& context
);

/// Applies an Add (stored empty) or a Change; the very same bytes when nothing changed.
[[nodiscard]] Result<std::string> merge_note(
    std::string_view stored, const wbxml::Node& application_data, wbxml::Version version,
    const EventContext& context
);

} // namespace lockstep::eas
