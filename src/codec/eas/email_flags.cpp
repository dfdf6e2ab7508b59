// See email_flags.hpp.
#include "codec/eas/email_flags.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "codec/eas/dates.hpp"

namespace lockstep::eas {

namespace {

namespace email = wbxml::email;
namespace tasks = wbxml::tasks;

constexpr std::size_t kCategories = 300; // MS-ASEMAIL 2.2.2.17

void write_flag_time(wbxml::Writer& out, wbxml::Tag tag, const std::optional<std::int64_t>& time) {
    if (time)
        out.element(tag, iso_date(*time));
}

/// MS-ASEMAIL 2.2.2.72: the four dates come together or not at all, and no task is due before it
/// starts.
Result<> check_flag_dates(const MailFlag& flag) {
    const int given = int{flag.start_local.has_value()} + int{flag.due_local.has_value()} +
                      int{flag.start_utc.has_value()} + int{flag.due_utc.has_value()};
    if (given != 0 && given != 4)
        return fail(Code::bad_value, "a flag with some of its dates");
    if (given == 4 && (*flag.start_local > *flag.due_local || *flag.start_utc > *flag.due_utc))
        return fail(Code::bad_value, "a flag that is due before it starts");
    return {};
}

/// MS-ASEMAIL 3.2.5.3.2: what each action must bring along.
Result<> check_flag_parts(const wbxml::Node& node, const MailFlag& flag) {
    if (flag.status != 0 && !node.has(email::FlagType))
        return fail(Code::bad_value, "a flag without type");
    if (flag.status == 1 && (!flag.completed || !flag.date_completed))
        return fail(Code::bad_value, "a complete flag without its times");
    if (flag.reminder_set.value_or(false) && !flag.reminder)
        return fail(Code::bad_value, "a reminder without time");
    return {};
}

Result<>
read_flag_time(const wbxml::Node& node, wbxml::Tag tag, std::optional<std::int64_t>& time) {
    const auto text = trim(node.text_of(tag));
    if (text.empty())
        return {};
    TRY(time, parse_wire_date(text));
    return {};
}

} // namespace

void write_flag(wbxml::Writer& out, const std::optional<MailFlag>& flag) {
    if (!out.allows(email::Flag))
        return;
    if (!flag || flag->status == 0) {
        out.empty(email::Flag);
        return;
    }
    out.open(email::Flag);
    if (!flag->subject.empty())
        out.element(tasks::Subject, flag->subject);
    out.element(email::Status, flag->status);
    out.element(
        email::FlagType,
        flag->type.empty() ? std::string_view("for Follow Up") : std::string_view(flag->type)
    );
    write_flag_time(out, tasks::DateCompleted, flag->date_completed);
    write_flag_time(out, email::CompleteTime, flag->completed);
    write_flag_time(out, tasks::StartDate, flag->start_local);
    write_flag_time(out, tasks::DueDate, flag->due_local);
    write_flag_time(out, tasks::UtcStartDate, flag->start_utc);
    write_flag_time(out, tasks::UtcDueDate, flag->due_utc);
    if (flag->reminder_set)
        out.element(tasks::ReminderSet, *flag->reminder_set);
    write_flag_time(out, tasks::ReminderTime, flag->reminder);
    if (flag->ordinal && out.allows(tasks::OrdinalDate))
        write_flag_time(out, tasks::OrdinalDate, flag->ordinal);
    if (!flag->sub_ordinal.empty())
        out.element_if_allowed(tasks::SubOrdinalDate, flag->sub_ordinal);
    out.close();
}

void write_categories(wbxml::Writer& out, const std::vector<std::string>& categories) {
    if (!out.allows(email::Categories))
        return;
    if (categories.empty()) {
        out.empty(email::Categories);
        return;
    }
    out.open(email::Categories);
    for (std::size_t i = 0; i < std::min(categories.size(), kCategories); ++i)
        out.element(email::Category, categories[i]);
    out.close();
}

Result<MailFlag> parse_flag(const wbxml::Node& node) {
    MailFlag flag;
    if (node.children.empty())
        return flag;
    const auto status = parse_int<int>(trim(node.text_of(email::Status)));
    if (!status || *status < 0 || *status > 2)
        return fail(Code::bad_value, "unknown flag status");
    flag.status = *status;
    flag.type = clean_utf8(node.text_of(email::FlagType));
    flag.subject = clean_utf8(node.text_of(tasks::Subject));
    CHECK_OK(read_flag_time(node, tasks::StartDate, flag.start_local));
    CHECK_OK(read_flag_time(node, tasks::DueDate, flag.due_local));
    CHECK_OK(read_flag_time(node, tasks::UtcStartDate, flag.start_utc));
    CHECK_OK(read_flag_time(node, tasks::UtcDueDate, flag.due_utc));
    CHECK_OK(read_flag_time(node, email::CompleteTime, flag.completed));
    CHECK_OK(read_flag_time(node, tasks::DateCompleted, flag.date_completed));
    CHECK_OK(read_flag_time(node, tasks::ReminderTime, flag.reminder));
    CHECK_OK(read_flag_time(node, tasks::OrdinalDate, flag.ordinal));
    if (const auto* const set = node.find(tasks::ReminderSet))
        flag.reminder_set = trim(set->text) == "1";
    flag.sub_ordinal = clean_utf8(node.text_of(tasks::SubOrdinalDate));
    CHECK_OK(check_flag_parts(node, flag));
    CHECK_OK(check_flag_dates(flag));
    return flag;
}

} // namespace lockstep::eas
