// Task: to-dos as JSCalendar Tasks.
// Spec: docs/jmap-extensions.md; draft-ietf-jmap-tasks-06 3.
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/json/date.hpp"
#include "codec/json/patch.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

bool hides_secrets(const office::Owner& owner) {
    return !owner.own && owner.kind == model::AccountKind::person;
}

Result<json::Object>
show_task(const ShowContext& context, const model::Item& /*item*/, std::string_view bytes) {
    TRY(auto task, jscalendar::read_object(bytes, jscalendar::Kind::task));
    const auto privacy = json::text_of(task, "privacy").value_or("public");
    if (hides_secrets(context.owner) && privacy != "public")
        return fail(Code::not_found, "no such task");
    if (!task.contains("progress"))
        task["progress"] = "needs-action";
    return task;
}

std::expected<std::string, MethodError> write_task(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    json::Object& wanted
) {
    const auto now = json::utc_date(context.now * 1'000'000);
    json::Object before;
    if (!stored.empty() && item.id)
        before = jscalendar::read_object(stored, jscalendar::Kind::task).value_or(json::Object());
    if (!wanted.contains("uid"))
        wanted["uid"] = make_uuid();
    if (const auto* uid = json::find(before, "uid"); uid != nullptr && *uid != wanted.at("uid"))
        return refuse_property("uid", "stays as it is");
    if (before.empty() && !wanted.contains("created"))
        wanted["created"] = now;
    if (const auto type = json::text_of(wanted, "@type"); type && *type != "Task")
        return refuse_property("@type", "is not Task");
    auto sent = wanted;
    json::strip_types(sent);
    sent["@type"] = "Task";
    // What is shown where nothing is said.
    if (!before.contains("progress") && sent.contains("progress") &&
        sent.at("progress") == json::Value("needs-action") && !before.empty())
        sent.erase("progress");
    if (!before.empty() && before == sent)
        return std::string(stored);
    sent["updated"] = now;
    auto written =
        jscalendar::write_object(stored, std::move(sent), jscalendar::Kind::task, context.now);
    if (!written)
        return std::unexpected(invalid_properties(written.error().property, written.error().text));
    return std::move(*written);
}

constexpr ObjectKind kTaskKind{"Task",    model::ItemClass::todo, "taskListId", true, show_task,
                               write_task};

constexpr std::array<std::string_view, 10> kTaskConditions{"inTaskList", "after",  "before",
                                                           "text",       "title",  "description",
                                                           "progress",   "isOpen", "keyword",
                                                           "uid"};
constexpr std::array<std::string_view, 8> kTaskSorts{"due",   "start",   "priority", "sortOrder",
                                                     "title", "created", "updated",  "uid"};

/// Due or start, on the task's own clock.
std::string task_time(const json::Object& task) {
    return std::string(
        json::text_of(task, "due").value_or(json::text_of(task, "start").value_or(""))
    );
}

bool task_meets(const json::Object& task, std::string_view name, const json::Value& value) {
    const auto text = value.is_string() ? json::view(value.get_string()) : std::string_view();
    const auto equals = [&](std::string_view member) {
        const auto* found = json::find(task, member);
        return found != nullptr && *found == value;
    };
    if (name == "inTaskList")
        return equals("taskListId");
    if (name == "uid" || name == "progress")
        return equals(name);
    if (name == "isOpen") {
        const auto progress = json::text_of(task, "progress").value_or("");
        return (progress != "completed" && progress != "cancelled" && progress != "failed") ==
               (value == json::Value(true));
    }
    if (name == "keyword") {
        const auto* keywords = json::find(task, "keywords");
        return keywords != nullptr && value.is_string() &&
               keywords->get_object().contains(value.get_string());
    }
    if (name == "after" || name == "before") {
        const auto at = task_time(task);
        return !at.empty() && (name == "after" ? at >= text : at < text);
    }
    std::string all;
    for (const auto* member : {"title", "description", "locations", "participants"})
        if (const auto* found = json::find(task, member);
            found != nullptr && (name == "text" || name == member))
            all += all_texts(*found);
    return value.is_string() && has_words(all, text);
}

std::string task_key(const json::Object& task, std::string_view property) {
    const auto* value = json::find(task, property);
    // Whatever is not said comes last: no due, no priority.
    if (property == "priority" || property == "sortOrder") {
        const auto number = value ? json::integer_of(*value).value_or(0) : 0;
        return number == 0 && property == "priority" ? "~" : fmt::format("{:020}", number);
    }
    if (property == "due" || property == "start")
        return value && value->is_string() ? std::string(json::view(value->get_string())) : "~";
    return value && value->is_string() ? std::string(json::view(value->get_string())) : "";
}

constexpr QueryKind kTaskQuery{kTaskKind, kTaskConditions, kTaskSorts, task_meets, task_key};

} // namespace

Task<Outcome> task_get(Call& call, const json::Object& arguments) {
    co_return co_await get_objects(call, arguments, kTaskKind);
}
Task<Outcome> task_changes(Call& call, const json::Object& arguments) {
    co_return co_await object_changes(call, arguments, kTaskKind);
}
Task<Outcome> task_set(Call& call, const json::Object& arguments) {
    co_return co_await set_objects(call, arguments, kTaskKind);
}
Task<Outcome> task_copy(Call& call, const json::Object& arguments) {
    co_return co_await copy_objects(call, arguments, kTaskKind);
}
Task<Outcome> task_query(Call& call, const json::Object& arguments) {
    co_return co_await query_objects(call, arguments, kTaskQuery);
}
Task<Outcome> task_query_changes(Call& call, const json::Object& arguments) {
    co_return co_await query_object_changes(call, arguments, kTaskQuery);
}

} // namespace lockstep::jmap
