// Events and to-dos as JSCalendar, and JSCalendar into calendar objects.
// Spec: draft-ietf-calext-jscalendarbis-08 (JSCalendar), draft-ietf-calext-jscalendar-icalendar
// (the way between it and RFC 5545). Invariants: an object is edited, not written anew: what
// JSCalendar cannot say stays in the object, what iCalendar cannot say is kept in it as JSPROP, and
// an object whose JSCalendar did not change keeps its bytes. Errors: bad_syntax, bad_value (no such
// object); a Wrong names the property that makes no sense.
#pragma once
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/ical/zone.hpp"
#include "codec/json/json.hpp"

namespace lockstep::jscalendar {

enum class Kind : std::uint8_t { event, task };

/// How an embedded file is named: by the number of its property in the main component. Without a
/// name it is a data: URI.
using FileName = std::function<std::string(std::size_t index)>;

/// An Event or Task with its overrides.
[[nodiscard]] Result<json::Object>
read_object(std::string_view ical, Kind kind, const FileName& name = {});

struct Wrong {
    std::string property; ///< empty: the stored object itself
    std::string text;
};
/// The stored object (empty: a new one) made to say what `wanted` says. `now`: unix seconds.
[[nodiscard]] std::expected<std::string, Wrong>
write_object(std::string_view stored, json::Object wanted, Kind kind, std::int64_t now);

/// A file embedded in the main component. Error: not_found.
struct File {
    std::string type, name, bytes;
};
[[nodiscard]] Result<File> file_of(std::string_view ical, std::size_t index);

/// The objects of a file with several of them (an import), one for each UID. Error: bad_syntax.
[[nodiscard]] Result<std::vector<std::string>> split_objects(std::string_view ical, Kind kind);

// Occurrences ------------------------------------------------------------------------------------

/// Where an occurrence is; UTC seconds. `id`: its recurrence id, "2026-01-01T09:00:00", or empty
/// for what does not recur.
struct Instance {
    std::string id;
    std::int64_t start = 0, end = 0;
};
/// Those that overlap [from, to), in order of their start, at most `most`. `floating`: zone of
/// dates and times without one. `complete` false: a limit ended the search.
struct Instances {
    std::vector<Instance> all;
    bool complete = true;
};
[[nodiscard]] Result<Instances> instances_of(
    std::string_view ical, Kind kind, std::int64_t from, std::int64_t to, std::size_t most,
    ical::ZonePtr floating
);
/// The object as it is at that occurrence: overrides applied, with "recurrenceId". Nothing when it
/// is excluded or an override makes no sense. Whether the series has it is not looked at.
[[nodiscard]] std::optional<json::Object>
instance_of(const json::Object& object, std::string_view id);
/// The object with a patch of one occurrence put into its overrides; no patch: the occurrence is
/// taken out. Nothing when the patch makes no sense.
[[nodiscard]] std::optional<json::Object>
with_instance_patch(const json::Object& object, std::string_view id, const json::Object* patch);
/// "20260101T090000" of a recurrence id, and back; empty for anything else.
[[nodiscard]] std::string compact_instance(std::string_view id);
[[nodiscard]] std::string instance_id(std::string_view compact);

/// Start and end as UTC seconds. Nothing without a start.
struct UtcRange {
    std::int64_t start = 0, end = 0;
};
[[nodiscard]] std::optional<UtcRange>
utc_range(const json::Object& object, const ical::ZonePtr& floating);
/// Puts "utcStart" and "utcEnd" as start and duration. The name of what makes no sense, or empty.
[[nodiscard]] std::string take_utc(json::Object& object);

/// LocalDateTime of a civil time, and back.
[[nodiscard]] std::string local_text(std::int64_t civil);
[[nodiscard]] std::optional<std::int64_t> parse_local(std::string_view text);

} // namespace lockstep::jscalendar
