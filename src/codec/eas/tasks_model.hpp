// A task as the protocol sees it: what a stored to-do shows, and what a device sent.
// Spec: MS-ASTASK 2.2.2. Invariants: shown models have every field set; in sent ones only what the
// client sent is set.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/recurrence.hpp"
#include "codec/eas/tasks.hpp"
#include "codec/ical/component.hpp"

namespace lockstep::eas {

/// A start or due date: what the owner's wall clock shows, and the instant.
struct TaskDate {
    std::int64_t local = 0;
    std::int64_t utc = 0;
    friend bool operator==(const TaskDate&, const TaskDate&) = default;
};

/// Fields inside of two optionals: set and empty inside means "none" or "remove".
struct TaskModel {
    std::optional<std::string> subject;
    std::optional<ItemText> body;
    std::optional<int> importance, sensitivity;
    std::optional<std::optional<TaskDate>> start, due;
    std::optional<std::vector<std::string>> categories;
    std::optional<std::optional<Pattern>> pattern;
    std::optional<bool> complete;
    std::optional<std::int64_t> completed;
    std::optional<std::optional<std::int64_t>> reminder;
    std::optional<bool> reminder_set;
    std::optional<std::int64_t> ordinal_date;
    std::optional<std::string> sub_ordinal_date;
};

/// The VTODO of an object. Error: bad_syntax.
[[nodiscard]] Result<const ical::Component*> find_todo(const ical::Component& calendar);
[[nodiscard]] TaskModel show_task(
    const ical::Component& calendar, const ical::Component& todo, wbxml::Version version,
    const EventContext& context
);

} // namespace lockstep::eas
