// The /parse methods of objects that lie in files: ContactCard/parse, CalendarEvent/parse.
// Spec: JMAP Calendars (CalendarEvent/parse), whose form cards share (docs/jmap-extensions.md).
// Errors: invalidArguments; requestTooLarge above limits::kJmapGet blobs.
#pragma once
#include <string>
#include <vector>

#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

/// The objects of a file, at most limits::kJmapGet; none: it is no such file.
using ObjectsOfFile = std::vector<json::Object> (*)(const std::string& bytes);

[[nodiscard]] Task<Outcome>
parse_blobs(Call& call, const json::Object& object, ObjectsOfFile objects_of);

} // namespace lockstep::jmap
