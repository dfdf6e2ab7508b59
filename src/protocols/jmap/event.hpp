// CalendarEvent: events as JSCalendar, with what JMAP adds.
// Spec: draft-ietf-jmap-calendars-29 5. Invariants: a private event of somebody else shows its time
// only, a secret one is not there. Deviation: per-user properties of shared events are not kept per
// user; who may not write the event cannot set them.
#pragma once
#include <string>
#include <string_view>

#include "codec/ical/zone.hpp"
#include "protocols/jmap/object_kind.hpp"

namespace lockstep::jmap {

inline constexpr std::string_view kExpandedDuration = "P400D";
inline constexpr std::int64_t kExpandedSeconds = 400LL * 86'400;

[[nodiscard]] const ObjectKind& event_kind();
/// "i5-20260101T090000"
[[nodiscard]] std::string occurrence_id(model::ItemId item, std::string_view recurrence_id);
/// Only those who own the event, and the actor.
void reduce_participants(json::Object& event, std::string_view address);

} // namespace lockstep::jmap
