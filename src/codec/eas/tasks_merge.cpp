// Tasks: a client's ApplicationData into the stored VTODO.
// Spec: MS-ASTASK 2.2.2, 3.2.5.3 (absent Importance and ReminderSet stay; Start is required with
// Recurrence). Errors: bad_value (Status 6).
#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/body_stored.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/tasks_model.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/vtimezone.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::eas {
namespace {

namespace t = wbxml::tasks;
using ical::Component;
using wbxml::Node;

Result<std::optional<int>> task_number(const Node& data, wbxml::Tag tag, int low, int high) {
    const auto* node = data.find(tag);
    if (node == nullptr)
        return std::nullopt;
    const auto value = parse_int<int>(trim(node->text));
    if (!value || *value < low || *value > high)
        return fail(Code::bad_value, "a task element out of range");
    return *value;
}

Result<std::optional<std::int64_t>> task_date(const Node& data, wbxml::Tag tag) {
    const auto* node = data.find(tag);
    if (node == nullptr || trim(node->text).empty())
        return std::nullopt;
    TRY(const auto date, parse_wire_date(node->text));
    return date;
}

/// The pair of a start or due date; one of the two gives the other. An empty element removes the
/// date.
Result<std::optional<std::optional<TaskDate>>>
read_task_date(const Node& data, wbxml::Tag utc_tag, wbxml::Tag local_tag, const ical::Zone& zone) {
    if (!data.has(utc_tag) && !data.has(local_tag))
        return std::nullopt;
    TRY(const auto utc, task_date(data, utc_tag));
    TRY(const auto local, task_date(data, local_tag));
    if (!utc && !local)
        return std::optional<TaskDate>{};
    TaskDate date;
    date.local = local ? *local : zone.to_civil(*utc);
    date.utc = utc ? *utc : zone.to_utc(*local);
    return std::optional(date);
}

Result<> read_task_labels(const Node& data, TaskModel& model) {
    const auto* node = data.find(t::Categories);
    if (node == nullptr)
        return {};
    std::vector<std::string> categories;
    for (const auto& child : node->all(t::Category)) {
        if (categories.size() >= limits::kEasLabels)
            return fail(Code::bad_value, "too many categories");
        if (!trim(child.text).empty())
            categories.emplace_back(trim(child.text));
    }
    model.categories = std::move(categories);
    return {};
}

Result<TaskModel> read_task(const Node& data, const ical::Zone& zone) {
    TaskModel model;
    if (const auto* subject = data.find(t::Subject))
        model.subject = replace_all(subject->text, "\r", "");
    TRY(model.body, read_body(data, t::Body));
    TRY(model.importance, task_number(data, t::Importance, 0, 255));
    TRY(model.sensitivity, task_number(data, t::Sensitivity, 0, 3));
    TRY(model.start, read_task_date(data, t::UtcStartDate, t::StartDate, zone));
    TRY(model.due, read_task_date(data, t::UtcDueDate, t::DueDate, zone));
    CHECK_OK(read_task_labels(data, model));
    if (const auto* recurrence = data.find(t::Recurrence)) {
        TRY(auto pattern, read_pattern(*recurrence, task_pattern_tags()));
        model.pattern = std::move(pattern);
    }
    TRY(const auto complete, task_number(data, t::Complete, 0, 1));
    if (complete)
        model.complete = *complete == 1;
    TRY(model.completed, task_date(data, t::DateCompleted));
    TRY(const auto set, task_number(data, t::ReminderSet, 0, 1));
    if (set)
        model.reminder_set = *set == 1;
    TRY(const auto reminder, task_date(data, t::ReminderTime));
    if (reminder)
        model.reminder = reminder;
    TRY(model.ordinal_date, task_date(data, t::OrdinalDate));
    if (const auto* sub = data.find(t::SubOrdinalDate))
        model.sub_ordinal_date = sub->text;
    return model;
}

void remove_absent(const Node& data, const std::set<wbxml::Tag>& supported, TaskModel& sent) {
    const auto gone = [&](wbxml::Tag tag) { return supported.contains(tag) && !data.has(tag); };
    if (gone(t::Subject))
        sent.subject = "";
    if (gone(t::Categories))
        sent.categories.emplace();
    if (gone(t::Recurrence))
        sent.pattern = std::optional<Pattern>{};
    if (gone(t::StartDate) && gone(t::UtcStartDate))
        sent.start = std::optional<TaskDate>{};
    if (gone(t::DueDate) && gone(t::UtcDueDate))
        sent.due = std::optional<TaskDate>{};
    if (gone(wbxml::air_sync_base::Body))
        sent.body = ItemText{};
}

/// One merge into one VTODO.
class TaskMerge {
public:
    TaskMerge(
        Component& todo, const TaskModel& shown, ical::ZonePtr zone, wbxml::Version version,
        const EventContext& context
    )
        : todo_(todo), shown_(shown), zone_(std::move(zone)), version_(version), context_(context) {
    }

    void merge(const TaskModel& sent);

private:
    void merge_text(const TaskModel& sent);
    void merge_dates(const TaskModel& sent);
    void merge_recurrence(const Pattern& pattern, const TaskModel& sent);
    void merge_completion(const TaskModel& sent);
    void merge_reminder(const TaskModel& sent);
    void write_date(std::string_view name, const std::optional<TaskDate>& date);
    void keep_or_remove(const char* name, const std::optional<int>& value);

    Component& todo_;
    const TaskModel& shown_;
    ical::ZonePtr zone_;
    wbxml::Version version_;
    const EventContext& context_;
};

void TaskMerge::merge_text(const TaskModel& sent) {
    if (sent.subject && sent.subject != shown_.subject)
        todo_.set_text("SUMMARY", *sent.subject);
    if (sent.body && !is_echo(*sent.body, *shown_.body))
        set_item_text(todo_, *sent.body);
    if (sent.importance && sent.importance != shown_.importance) {
        constexpr std::array<std::string_view, 3> kPriorities{"9", "5", "1"};
        todo_.remove("X-LOCKSTEP-IMPORTANCE");
        if (*sent.importance <= 2)
            todo_.set_value(
                "PRIORITY", std::string(kPriorities[static_cast<std::size_t>(*sent.importance)])
            );
        else
            todo_.set_value(
                "X-LOCKSTEP-IMPORTANCE", std::to_string(*sent.importance)
            ); // given back as it came (2.2.2.14)
    }
    if (sent.sensitivity && sent.sensitivity != shown_.sensitivity)
        set_item_sensitivity(todo_, *sent.sensitivity);
    if (sent.categories && sent.categories != shown_.categories)
        set_item_labels(todo_, *sent.categories);
    if (sent.ordinal_date && sent.ordinal_date != shown_.ordinal_date)
        todo_.set_value("X-LOCKSTEP-ORDINAL-DATE", compact_date(*sent.ordinal_date));
    if (sent.sub_ordinal_date && sent.sub_ordinal_date != shown_.sub_ordinal_date)
        todo_.set_text("X-LOCKSTEP-SUB-ORDINAL-DATE", *sent.sub_ordinal_date);
}

/// Midnight of the wall clock is a day; other times are instants, told in the owner's zone.
void TaskMerge::write_date(std::string_view name, const std::optional<TaskDate>& date) {
    if (!date) {
        todo_.remove(name);
        return;
    }
    ical::Moment moment{ical::TimeKind::date, date->local, {}};
    if (date->local % ical::kDay != 0 && zone_ == ical::utc_zone())
        moment = {ical::TimeKind::utc, date->utc, {}};
    else if (date->local % ical::kDay != 0)
        moment = {ical::TimeKind::zoned, zone_->to_civil(date->utc), zone_->name()};
    todo_.set(ical::moment_property(std::string(name), moment));
}

void TaskMerge::merge_dates(const TaskModel& sent) {
    const auto same = [](const auto& a, const auto& b) {
        if (!a || !b || a->has_value() != b->has_value())
            return false;
        return !a->has_value() || (*a)->local == (*b)->local || (*a)->utc == (*b)->utc;
    };
    if (sent.start && !same(sent.start, shown_.start))
        write_date("DTSTART", *sent.start);
    if (sent.due && !same(sent.due, shown_.due)) {
        write_date("DUE", *sent.due);
        todo_.remove("DURATION");
    }
}

void TaskMerge::keep_or_remove(const char* name, const std::optional<int>& value) {
    if (value.value_or(0) != 0)
        todo_.set_value(name, std::to_string(*value));
    else
        todo_.remove(name);
}

void TaskMerge::merge_recurrence(const Pattern& pattern, const TaskModel& sent) {
    const bool wall_clock = version_ >= wbxml::Version::v16_0;
    const auto start = wall_clock ? *pattern.start : zone_->to_civil(*pattern.start);
    if (!todo_.has("DTSTART"))
        write_date(
            "DTSTART", TaskDate{start, zone_->to_utc(start)}
        ); // RFC 5545: a rule needs a start
    const auto& base = sent.start && *sent.start ? sent.start : shown_.start;
    const auto civil = base && *base ? (*base)->local : start;
    todo_.remove("RDATE");
    todo_.remove("EXDATE");
    todo_.set(ical::Property(
        "RRULE", ical::format_rule(
                     rule_of_pattern(pattern, {civil, civil % ical::kDay == 0, wall_clock, zone_})
                 )
    ));
    todo_.remove("X-LOCKSTEP-RECURRENCE-START");
    if (civil != start)
        todo_.set_value("X-LOCKSTEP-RECURRENCE-START", compact_date(zone_->to_utc(start)));
    keep_or_remove("X-LOCKSTEP-REGENERATE", pattern.regenerate);
    keep_or_remove("X-LOCKSTEP-DEAD-OCCUR", pattern.dead_occur);
    keep_or_remove(
        "X-LOCKSTEP-CALENDAR-TYPE",
        pattern.calendar_type.value_or(0) > 1 ? pattern.calendar_type : std::nullopt
    );
}

void TaskMerge::merge_completion(const TaskModel& sent) {
    const bool complete = sent.complete.value_or(*shown_.complete);
    if (complete && (!*shown_.complete || (sent.completed && sent.completed != shown_.completed))) {
        todo_.set_value("STATUS", "COMPLETED");
        todo_.set_value("PERCENT-COMPLETE", "100");
        todo_.set_value("COMPLETED", compact_date(sent.completed.value_or(context_.now)));
    } else if (!complete && *shown_.complete) {
        todo_.set_value("STATUS", "NEEDS-ACTION");
        todo_.remove("COMPLETED");
        todo_.remove("PERCENT-COMPLETE");
    }
}

void TaskMerge::merge_reminder(const TaskModel& sent) {
    const bool set = sent.reminder_set.value_or(sent.reminder ? true : *shown_.reminder_set);
    const auto time = sent.reminder ? *sent.reminder : *shown_.reminder;
    const auto shown = *shown_.reminder;
    if (set == *shown_.reminder_set && (!set || time == shown))
        return;
    if (set && time)
        set_item_alarm(
            todo_, ical::Property("TRIGGER", compact_date(*time), {{"VALUE", {"DATE-TIME"}}})
        );
    else
        remove_item_alarms(todo_);
}

void TaskMerge::merge(const TaskModel& sent) {
    merge_text(sent);
    merge_dates(sent);
    if (sent.pattern) {
        const bool was = shown_.pattern && *shown_.pattern;
        if (*sent.pattern && !(was && same_pattern(**sent.pattern, **shown_.pattern))) {
            merge_recurrence(**sent.pattern, sent);
        } else if (!*sent.pattern) {
            for (const auto* name :
                 {"RRULE", "RDATE", "EXDATE", "X-LOCKSTEP-RECURRENCE-START",
                  "X-LOCKSTEP-REGENERATE", "X-LOCKSTEP-DEAD-OCCUR", "X-LOCKSTEP-CALENDAR-TYPE"})
                todo_.remove(name);
        }
    }
    merge_completion(sent);
    merge_reminder(sent);
}

} // namespace

Result<std::string> merge_task(
    std::string_view stored, const Node& application_data, wbxml::Version version,
    const EventContext& context, const std::set<wbxml::Tag>* supported
) {
    const auto zone = ical::zone_or_utc(context.zone);
    TRY(auto sent, read_task(application_data, *zone));
    if (supported != nullptr && !stored.empty() && version < wbxml::Version::v16_0)
        remove_absent(application_data, *supported, sent);
    Component calendar;
    if (stored.empty()) {
        calendar = new_item("VTODO", context);
        calendar.children.front().properties.emplace_back("STATUS", "NEEDS-ACTION");
    } else {
        TRY(calendar, ical::parse(stored));
    }
    TRY(const auto* found, find_todo(calendar));
    auto& todo = calendar.children[static_cast<std::size_t>(found - calendar.children.data())];
    const auto before = todo;
    const auto shown = show_task(calendar, todo, version, context);
    TaskMerge(todo, shown, zone, version, context).merge(sent);
    return finish_item(calendar, todo, before, stored, context);
}

} // namespace lockstep::eas
