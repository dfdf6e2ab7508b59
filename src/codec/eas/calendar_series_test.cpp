// Series: patterns, exceptions, single occurrences, and rules that the protocol has no words for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/eas/calendar_testing.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/time_zone.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/index.hpp"
#include "codec/ical/series.hpp"

namespace lockstep::eas {
namespace {

using item_testing::data;
using item_testing::exception;
using item_testing::kMeeting;
using item_testing::kSeries;
using item_testing::leaf;
using item_testing::merged;
using item_testing::occurrences;
using item_testing::owner;
using item_testing::show;
using item_testing::tree;
using item_testing::vevent;
using ::testing::HasSubstr;
using ::testing::Not;
namespace c = wbxml::calendar;
namespace b = wbxml::air_sync_base;
using wbxml::Version;

TEST(CalendarWrite, ShowsPatternAndExceptions) {
    const auto node = show(kSeries, Version::v14_1);
    const auto* recurrence = node.find(c::Recurrence);
    ASSERT_NE(recurrence, nullptr);
    EXPECT_EQ(recurrence->text_of(c::Type), "1");
    EXPECT_EQ(recurrence->text_of(c::DayOfWeek), "2");
    EXPECT_EQ(recurrence->text_of(c::Occurrences), "6");
    EXPECT_EQ(recurrence->text_of(c::FirstDayOfWeek), "1");
    const auto& exceptions = node.find(c::Exceptions)->children;
    ASSERT_EQ(exceptions.size(), 2U);
    EXPECT_EQ(exceptions[0].text_of(c::ExceptionStartTime), "20261026T080000Z");
    EXPECT_EQ(exceptions[0].text_of(c::Deleted), "1");
    EXPECT_EQ(exceptions[1].text_of(c::ExceptionStartTime), "20261102T080000Z");
    EXPECT_EQ(exceptions[1].text_of(c::StartTime), "20261103T130000Z");
    EXPECT_EQ(exceptions[1].text_of(c::Subject), "Jour fixe (Dienstag)");
    EXPECT_TRUE(exceptions[1].has(c::Location)) << "3.2.5.3.2: removed, not inherited";
    EXPECT_EQ(exceptions[1].text_of(c::Location), "");
    EXPECT_FALSE(exceptions[1].has(c::Sensitivity)) << "inherited";
    const auto now = show(kSeries, Version::v16_1);
    EXPECT_EQ(now.find(c::Exceptions)->children[1].text_of(b::InstanceId), "20261102T080000Z");
    EXPECT_FALSE(now.find(c::Exceptions)->children[1].has(c::ExceptionStartTime));
}

TEST(CalendarMerge, ExceptionsBelow16ChangeAndDelete) {
    const auto changed = merged(
        kSeries,
        data({exception(
            {leaf(c::ExceptionStartTime, "20261109T080000Z"),
             leaf(c::StartTime, "20261110T080000Z"), leaf(c::EndTime, "20261110T090000Z"),
             leaf(c::Subject, "verschoben")}
        )}),
        Version::v14_1
    );
    EXPECT_THAT(changed, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000\r\n"));
    EXPECT_THAT(changed, HasSubstr("SUMMARY:verschoben\r\n"));
    EXPECT_THAT(changed, HasSubstr("X-NOTE:odd\r\n")) << "3.2.5.3.1: other exceptions stay";
    EXPECT_EQ(
        occurrences(changed), (std::vector<std::string>{
                                  "20261019T070000Z", "20261103T130000Z", "20261110T080000Z",
                                  "20261116T080000Z", "20261123T080000Z"
                              })
    );
    const auto deleted = merged(
        kSeries,
        data({exception({leaf(c::ExceptionStartTime, "20261102T080000Z"), leaf(c::Deleted, "1")})}),
        Version::v14_1
    );
    EXPECT_EQ(
        occurrences(deleted),
        (std::vector<std::string>{
            "20261019T070000Z", "20261109T080000Z", "20261116T080000Z", "20261123T080000Z"
        })
    );
    const auto revived = merged(
        kSeries,
        data({exception({leaf(c::ExceptionStartTime, "20261026T080000Z"), leaf(c::Subject, "doch")})
        }),
        Version::v14_1
    );
    EXPECT_EQ(occurrences(revived).size(), 6U);
}

// Phones name exceptions of moved series, or of timed series, by odd times: the day decides.
TEST(CalendarMerge, ExceptionsAreMatchedByDayWhenTheTimeIsOdd) {
    for (const auto* odd : {"20261109T000000Z", "20261109T093000Z", "20261108T230000Z"}) {
        const auto object = merged(
            kSeries, data({exception({leaf(c::ExceptionStartTime, odd), leaf(c::Subject, "odd")})}),
            Version::v14_1
        );
        EXPECT_THAT(object, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000\r\n"))
            << odd;
    }
    EXPECT_EQ(
        merged(
            kSeries,
            data({exception(
                {leaf(c::ExceptionStartTime, "20261111T080000Z"), leaf(c::Subject, "none")}
            )}),
            Version::v14_1
        ),
        kSeries
    );
}

TEST(CalendarInstance, ChangesAndDeletesOneOccurrence) {
    const auto changed = merge_instance(
        kSeries, "20261109T080000Z",
        data({leaf(c::StartTime, "20261109T100000Z"), leaf(c::EndTime, "20261109T110000Z")}),
        Version::v16_1, owner()
    );
    ASSERT_TRUE(changed);
    EXPECT_EQ(occurrences(*changed)[2], "20261109T100000Z");
    const auto again = merge_instance(
        *changed, "20261109T080000Z", data({leaf(c::Subject, "neu")}), Version::v16_1, owner()
    );
    ASSERT_TRUE(again);
    EXPECT_EQ(occurrences(*again)[2], "20261109T100000Z");
    EXPECT_THAT(*again, HasSubstr("SUMMARY:neu\r\n"));
    const auto deleted = delete_instance(*again, "20261109T080000Z", owner());
    ASSERT_TRUE(deleted);
    EXPECT_THAT(*deleted, Not(HasSubstr("SUMMARY:neu\r\n")));
    EXPECT_EQ(occurrences(*deleted).size(), 4U);
    EXPECT_EQ(
        merge_instance(kSeries, "20261110T080000Z", data({}), Version::v16_1, owner()).error().code,
        Code::not_found
    );
    EXPECT_EQ(delete_instance(kMeeting, "20261130T090000Z", owner()).error().code, Code::not_found);
    for (auto node : {leaf(c::Deleted, "1"), leaf(c::Timezone, "x")})
        EXPECT_EQ(
            merge_instance(kSeries, "20261109T080000Z", data({node}), Version::v16_1, owner())
                .error()
                .code,
            Code::bad_value
        ) << "6.3: Status 6";
}

TEST(CalendarInstance, DeletingTheLastOneLeavesNothing) {
    std::string object = vevent("DTSTART;VALUE=DATE:20261124\r\nRRULE:FREQ=DAILY;COUNT=2\r\n");
    object = *delete_instance(object, "20261124T000000Z", owner());
    EXPECT_EQ(occurrences(object).size(), 1U);
    EXPECT_EQ(delete_instance(object, "20261125T000000Z", owner()), std::string());
}

// 2.2.2.22, 2.2.2.42: at 16.x a changed pattern or time deletes the exceptions; below they stay
// with their days.
TEST(CalendarMerge, MovedSeriesKeepOrDropTheirExceptions) {
    const auto sent =
        data({leaf(c::StartTime, "20261019T080000Z"), leaf(c::EndTime, "20261019T090000Z")});
    const auto now = merged(kSeries, sent, Version::v16_1);
    EXPECT_THAT(now, Not(HasSubstr("EXDATE")));
    EXPECT_THAT(now, Not(HasSubstr("RECURRENCE-ID")));
    EXPECT_EQ(occurrences(now).size(), 6U);
    const auto old = merged(kSeries, sent, Version::v14_1);
    EXPECT_THAT(old, HasSubstr("EXDATE;TZID=Europe/Berlin:20261026T100000\r\n"));
    EXPECT_THAT(old, HasSubstr("RECURRENCE-ID;TZID=Europe/Berlin:20261102T100000\r\n"));
    EXPECT_EQ(
        occurrences(old), (std::vector<std::string>{
                              "20261019T080000Z", "20261103T130000Z", "20261109T090000Z",
                              "20261116T090000Z", "20261123T090000Z"
                          })
    );
}

TEST(CalendarMerge, MovingKeepsTheLastDay) {
    const auto object =
        vevent("DTSTART;TZID=Europe/Berlin:20261102T090000\r\nDTEND;TZID=Europe/"
               "Berlin:20261102T100000\r\nRRULE:FREQ=DAILY;UNTIL=20261105T080000Z\r\n");
    EXPECT_EQ(occurrences(object).size(), 4U);
    EXPECT_EQ(
        occurrences(
            merged(
                object,
                data({leaf(c::StartTime, "20261102T150000Z"), leaf(c::EndTime, "20261102T160000Z")}
                ),
                Version::v16_1
            )
        )
            .size(),
        4U
    );
}

TEST(CalendarMerge, PatternsAreReplacedWhole) {
    const auto object = merged(
        kSeries,
        data({tree(
            c::Recurrence,
            {leaf(c::Type, "0"), leaf(c::Interval, "2"), leaf(c::Until, "20261025T000000Z")}
        )}),
        Version::v16_1
    );
    EXPECT_THAT(object, HasSubstr("RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261025T225959Z\r\n"));
    EXPECT_EQ(
        occurrences(object),
        (std::vector<std::string>{
            "20261019T070000Z", "20261021T070000Z", "20261023T070000Z", "20261025T080000Z"
        })
    );
    const auto single = merged(kSeries, data({tree(c::Recurrence, {})}), Version::v16_1);
    EXPECT_EQ(occurrences(single).size(), 1U);
    EXPECT_EQ(
        merge_event(kSeries, data({tree(c::Recurrence, {})}), Version::v14_1, owner()).error().code,
        Code::bad_value
    );
}

TEST(CalendarMerge, AStartOffThePatternMovesToItsFirstOccurrence) {
    const auto object = merged(
        "",
        data(
            {leaf(c::StartTime, "20261124T090000Z"), leaf(c::EndTime, "20261124T100000Z"),
             tree(
                 c::Recurrence,
                 {leaf(c::Type, "1"), leaf(c::DayOfWeek, "8"), leaf(c::Occurrences, "2")}
             )}
        ),
        Version::v14_1
    );
    EXPECT_EQ(
        occurrences(object), (std::vector<std::string>{"20261125T090000Z", "20261202T090000Z"})
    );
}

/// The occurrences that a device makes of what it is shown: pattern plus exceptions, read as
/// another event.
std::vector<std::string> as_device(const std::string& object, Version version) {
    auto node = show(object, version);
    for (auto& child : node.children)
        if (child.tag == c::Exceptions)
            for (auto& each : child.children)
                if (const auto* id = each.find(b::InstanceId))
                    each.children.push_back(leaf(c::ExceptionStartTime, id->text));
    return occurrences(merged("", node, Version::v14_1));
}

// Rules that the protocol has no words for are shown exactly, occurrence by occurrence.
TEST(CalendarWrite, RulesWithoutWordsAreShownExactly) {
    for (const auto* lines :
         {"RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=12\r\n",
          "RRULE:FREQ=MONTHLY;BYDAY=2TU,4TH;COUNT=9\r\n",
          "RRULE:FREQ=YEARLY;BYYEARDAY=10,100,200;COUNT=5\r\n",
          "RRULE:FREQ=HOURLY;INTERVAL=5;COUNT=7\r\n", "RRULE:FREQ=DAILY;BYHOUR=9,15;COUNT=6\r\n",
          "RRULE:FREQ=WEEKLY;COUNT=3\r\nRDATE;TZID=Europe/Berlin:20261203T180000\r\n",
          "RDATE;TZID=Europe/Berlin:20261203T180000,20261205T090000\r\n",
          "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=12\r\nEXDATE;TZID=Europe/"
          "Berlin:20261215T090000\r\n"}) {
        const auto object = vevent(
            "DTSTART;TZID=Europe/Berlin:20261201T090000\r\nDTEND;TZID=Europe/"
            "Berlin:20261201T100000\r\nSUMMARY:S\r\n" +
            std::string(lines)
        );
        const auto expected = occurrences(object);
        ASSERT_GT(expected.size(), 1U) << lines;
        for (const auto version : {Version::v14_1, Version::v16_1})
            EXPECT_EQ(as_device(object, version), expected) << lines << wbxml::text_of(version);
    }
}

TEST(CalendarInstance, FindsTheTrueOccurrenceBehindAStandIn) {
    const auto object = vevent("DTSTART;TZID=Europe/Berlin:20261201T090000\r\nDTEND;TZID=Europe/"
                               "Berlin:20261201T100000\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n");
    const auto node = show(object, Version::v16_1);
    const auto& second = node.find(c::Exceptions)->children[0];
    EXPECT_EQ(second.text_of(c::StartTime), "20261215T080000Z");
    const auto deleted = delete_instance(object, second.text_of(b::InstanceId), owner());
    ASSERT_TRUE(deleted);
    EXPECT_THAT(*deleted, HasSubstr("EXDATE;TZID=Europe/Berlin:20261215T090000\r\n"));
    EXPECT_THAT(*deleted, HasSubstr("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n"));
}

TEST(CalendarMerge, MasterChangesReachExceptionsThatInherit) {
    const auto object =
        merged(kSeries, data({leaf(c::Sensitivity, "2"), leaf(c::Subject, "Neu")}), Version::v16_1);
    EXPECT_THAT(object, HasSubstr("SUMMARY:Jour fixe (Dienstag)\r\n"));
    EXPECT_EQ(
        show(object, Version::v16_1).find(c::Exceptions)->children[1].has(c::Sensitivity), false
    );
}

} // namespace
} // namespace lockstep::eas
