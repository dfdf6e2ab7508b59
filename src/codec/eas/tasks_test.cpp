// Tasks: to-dos on the wire and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/calendar_testing.hpp"
#include "codec/eas/tasks.hpp"
#include "codec/ical/index.hpp"

namespace lockstep::eas {
namespace {

using item_testing::data;
using item_testing::leaf;
using item_testing::owner;
using item_testing::tree;
using ::testing::HasSubstr;
using ::testing::Not;
using wbxml::Version;
namespace t = wbxml::tasks;
namespace b = wbxml::air_sync_base;

std::string vtodo(std::string_view lines) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\nUID:t1\r\nDTSTAMP:"
           "20261101T120000Z\r\n" +
           std::string(lines) + "END:VTODO\r\nEND:VCALENDAR\r\n";
}

wbxml::Node show_task_node(const std::string& object, Version version) {
    return item_testing::written(version, [&](wbxml::Writer& out) {
        return write_task(out, object, item_testing::options_for(version), owner());
    });
}

std::string
merged_task(const std::string& stored, const wbxml::Node& sent, Version version = Version::v16_1) {
    auto result = merge_task(stored, sent, version, owner());
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    return result.value_or("");
}

const std::string kTask =
    vtodo("SUMMARY:Steuer\r\nDESCRIPTION:Belege\\nsammeln\r\nDTSTART;VALUE=DATE:20261125\r\nDUE;"
          "VALUE=DATE:20261130\r\nPRIORITY:2\r\nCATEGORIES:Home\r\nCLASS:CONFIDENTIAL\r\n"
          "X-APPLE-SORT-ORDER:7\r\nPERCENT-COMPLETE:40\r\nSTATUS:IN-PROCESS\r\nBEGIN:"
          "VALARM\r\nACTION:DISPLAY\r\nTRIGGER;VALUE=DATE-TIME:20261129T080000Z\r\nEND:VALARM\r\n");

TEST(TaskWrite, ShowsEveryElement) {
    const auto node = show_task_node(kTask, Version::v16_1);
    EXPECT_EQ(node.text_of(t::Subject), "Steuer");
    EXPECT_EQ(node.find(b::Body)->text_of(b::Data), "Belege\r\nsammeln");
    EXPECT_EQ(node.text_of(t::Importance), "2");
    EXPECT_EQ(node.text_of(t::StartDate), "2026-11-25T00:00:00.000Z");
    EXPECT_EQ(node.text_of(t::UtcStartDate), "2026-11-24T23:00:00.000Z");
    EXPECT_EQ(node.text_of(t::DueDate), "2026-11-30T00:00:00.000Z");
    EXPECT_EQ(node.text_of(t::UtcDueDate), "2026-11-29T23:00:00.000Z");
    EXPECT_EQ(node.text_of(t::Complete), "0");
    EXPECT_FALSE(node.has(t::DateCompleted));
    EXPECT_EQ(node.text_of(t::Sensitivity), "3");
    EXPECT_EQ(node.text_of(t::ReminderSet), "1");
    EXPECT_EQ(node.text_of(t::ReminderTime), "2026-11-29T08:00:00.000Z");
    EXPECT_EQ(show_task_node(kTask, Version::v2_5).text_of(t::Body), "Belege\r\nsammeln");
}

TEST(TaskMerge, AnEchoChangesNoByte) {
    const std::vector<std::string> objects{
        kTask,
        vtodo("SUMMARY:x\r\n"),
        vtodo("SUMMARY:x\r\nDUE;TZID=America/"
              "New_York:20261130T170000\r\nRRULE:FREQ=WEEKLY\r\nDTSTART;TZID=America/"
              "New_York:20261130T090000\r\n"),
        vtodo("DUE:20261130T170000Z\r\nSTATUS:COMPLETED\r\nCOMPLETED:20261110T080000Z\r\nPERCENT-"
              "COMPLETE:100\r\n"),
        vtodo("DTSTART;VALUE=DATE:20261130\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\nPRIORITY:7\r\n"
        ),
        vtodo("DTSTART;VALUE=DATE:20261130\r\nRRULE:FREQ=YEARLY;UNTIL=20301130\r\nX-LOCKSTEP-"
              "REGENERATE:1\r\nX-LOCKSTEP-DEAD-OCCUR:1\r\n"),
    };
    for (const auto version : wbxml::kVersions)
        for (const auto& object : objects)
            ASSERT_EQ(merged_task(object, show_task_node(object, version), version), object)
                << wbxml::text_of(version);
}

TEST(TaskMerge, AddOfAPhone) {
    const auto object = merged_task(
        "",
        data(
            {leaf(t::Subject, "Milch"), leaf(t::Complete, "0"),
             leaf(t::UtcDueDate, "2026-11-24T23:00:00.000Z"),
             leaf(t::DueDate, "2026-11-25T00:00:00.000Z"), leaf(t::Importance, "1"),
             leaf(t::ReminderSet, "1"), leaf(t::ReminderTime, "20261125T070000Z")}
        ),
        Version::v14_1
    );
    EXPECT_THAT(object, HasSubstr("UID:new-uid\r\n"));
    EXPECT_THAT(object, HasSubstr("DUE;VALUE=DATE:20261125\r\n"));
    EXPECT_THAT(object, HasSubstr("TRIGGER;VALUE=DATE-TIME:20261125T070000Z\r\n"));
    const auto only_utc = merged_task(
        "", data({leaf(t::Subject, "x"), leaf(t::UtcDueDate, "2026-11-24T23:00:00.000Z")})
    );
    EXPECT_THAT(only_utc, HasSubstr("DUE;VALUE=DATE:20261125\r\n"));
    const auto timed = merged_task(
        "", data(
                {leaf(t::Subject, "x"), leaf(t::UtcDueDate, "2026-11-25T14:00:00.000Z"),
                 leaf(t::DueDate, "2026-11-25T15:00:00.000Z")}
            )
    );
    EXPECT_THAT(timed, HasSubstr("DUE;TZID=Europe/Berlin:20261125T150000\r\n"));
    EXPECT_THAT(timed, HasSubstr("BEGIN:VTIMEZONE"));
}

TEST(TaskMerge, CompletesAndReopens) {
    const auto done = merged_task(
        kTask, data({leaf(t::Complete, "1"), leaf(t::DateCompleted, "2026-11-24T09:00:00.000Z")})
    );
    EXPECT_THAT(done, HasSubstr("STATUS:COMPLETED\r\n"));
    EXPECT_THAT(done, HasSubstr("COMPLETED:20261124T090000Z\r\n"));
    EXPECT_THAT(done, HasSubstr("X-APPLE-SORT-ORDER:7\r\n"));
    EXPECT_TRUE(ical::index_todo(done)->completed);
    EXPECT_EQ(
        show_task_node(done, Version::v16_1).text_of(t::DateCompleted), "2026-11-24T09:00:00.000Z"
    );
    const auto open = merged_task(done, data({leaf(t::Complete, "0")}));
    EXPECT_FALSE(ical::index_todo(open)->completed);
    EXPECT_THAT(open, Not(HasSubstr("COMPLETED:")));
    EXPECT_THAT(
        merged_task(kTask, data({leaf(t::Complete, "1")})),
        HasSubstr("COMPLETED:20261124T100300Z\r\n")
    ) << "now, when no date was sent";
}

TEST(TaskMerge, RecurrenceKeepsItsTaskParts) {
    const auto sent = data({tree(
        t::Recurrence,
        {leaf(t::Type, "1"), leaf(t::Start, "2026-11-29T23:00:00.000Z"), leaf(t::Interval, "2"),
         leaf(t::DayOfWeek, "2"), leaf(t::Regenerate, "1"), leaf(t::DeadOccur, "1")}
    )});
    const auto object = merged_task(vtodo("SUMMARY:x\r\n"), sent, Version::v14_1);
    EXPECT_THAT(object, HasSubstr("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO\r\n"));
    EXPECT_THAT(object, HasSubstr("DTSTART;VALUE=DATE:20261130\r\n")) << "a rule needs a start";
    const auto node = show_task_node(object, Version::v14_1);
    const auto* recurrence = node.find(t::Recurrence);
    ASSERT_NE(recurrence, nullptr);
    EXPECT_EQ(recurrence->text_of(t::Start), "2026-11-29T23:00:00.000Z");
    EXPECT_EQ(recurrence->text_of(t::Regenerate), "1");
    EXPECT_EQ(recurrence->text_of(t::DeadOccur), "1");
    EXPECT_EQ(recurrence->text_of(t::FirstDayOfWeek), "1") << "required for weekly patterns";
    EXPECT_EQ(
        show_task_node(object, Version::v16_1).find(t::Recurrence)->text_of(t::Start),
        "2026-11-30T00:00:00.000Z"
    ) << "numerals of the wall clock";
}

// 2.2.2.14, 3.2.5.3.1, 3.2.5.3.2
TEST(TaskMerge, AbsentElementsStayAndOddImportanceComesBack) {
    EXPECT_EQ(merged_task(kTask, data({leaf(t::Subject, "Steuer")}), Version::v14_1), kTask);
    const auto odd = merged_task(kTask, data({leaf(t::Importance, "7")}));
    EXPECT_EQ(show_task_node(odd, Version::v16_1).text_of(t::Importance), "7");
    const auto silent = merged_task(kTask, data({leaf(t::ReminderSet, "0")}));
    EXPECT_THAT(silent, Not(HasSubstr("VALARM")));
}

TEST(TaskMerge, DatesCanBeRemoved) {
    const auto object = merged_task(kTask, data({leaf(t::DueDate, ""), leaf(t::UtcDueDate, "")}));
    EXPECT_THAT(object, Not(HasSubstr("DUE")));
    const std::set<wbxml::Tag> supported{t::StartDate, t::UtcStartDate, t::Categories};
    const auto managed =
        *merge_task(kTask, data({leaf(t::Subject, "Steuer")}), Version::v14_1, owner(), &supported);
    EXPECT_THAT(managed, Not(HasSubstr("CATEGORIES")));
    EXPECT_THAT(managed, Not(HasSubstr("DTSTART")));
    EXPECT_THAT(managed, HasSubstr("DUE"));
}

TEST(TaskMerge, RefusesWrongValues) {
    for (const auto& node :
         {leaf(t::ReminderSet, "2"), leaf(t::Sensitivity, "9"), leaf(t::Complete, "x"),
          leaf(t::DueDate, "soon"), tree(t::Recurrence, {leaf(t::Type, "1")})})
        EXPECT_EQ(
            merge_task(kTask, data({node}), Version::v16_1, owner()).error().code, Code::bad_value
        ) << wbxml::name_of(node.tag);
    EXPECT_EQ(
        merge_task("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", data({}), Version::v16_1, owner())
            .error()
            .code,
        Code::bad_syntax
    );
}

} // namespace
} // namespace lockstep::eas
