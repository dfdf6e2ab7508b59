// Patterns and rules: random ones give the same occurrences both ways, and nothing is said that is
// not so.
#include <random>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "codec/eas/calendar_testing.hpp"
#include "codec/eas/recurrence.hpp"
#include "codec/ical/rule_walker.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

using item_testing::leaf;
using item_testing::tree;
namespace c = wbxml::calendar;
namespace t = wbxml::tasks;

/// The first occurrences, from the first one that the rule matches.
std::vector<std::int64_t>
walk(const ical::Rule& rule, const PatternStart& start, std::size_t most = 40) {
    std::optional<std::int64_t> until;
    if (rule.until)
        until = rule.until->kind == ical::TimeKind::date ? rule.until->civil + ical::kDay - 1
                                                         : start.zone->to_civil(rule.until->civil);
    ical::RuleWalker walker(rule, start.civil, until, 3'000);
    walker.start_only_when_matched();
    std::vector<std::int64_t> out;
    while (out.size() < most) {
        const auto next = walker.next();
        if (!next)
            break;
        out.push_back(*next);
    }
    return out;
}

class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}
    int operator()(int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random_);
    }
    bool maybe(int percent) { return (*this)(1, 100) <= percent; }

private:
    std::mt19937 random_;
};

Pattern random_pattern(Dice& dice) {
    Pattern pattern;
    pattern.type = std::array{0, 1, 2, 3, 5, 6}[static_cast<std::size_t>(dice(0, 5))];
    pattern.interval = dice(1, 6);
    if (pattern.type == 1)
        pattern.day_of_week = dice(1, 127);
    if (pattern.type == 3 || pattern.type == 6) {
        constexpr std::array<int, 11> kMasks{1, 2, 4, 8, 16, 32, 64, 62, 65, 127, 42};
        pattern.day_of_week = kMasks[static_cast<std::size_t>(dice(0, 10))];
        pattern.week_of_month = dice(1, 5);
    }
    if (pattern.type == 2 || pattern.type == 5)
        pattern.day_of_month = dice(1, 31);
    if (pattern.type >= 5) {
        pattern.month_of_year = dice(1, 12);
        if (pattern.day_of_month)
            pattern.day_of_month = dice(1, 28);
    }
    if (dice.maybe(30))
        pattern.occurrences = dice(1, 99);
    if (dice.maybe(50))
        pattern.first_day_of_week = dice(0, 6);
    return pattern;
}

TEST(Recurrence, RandomPatternsComeBackWithTheSameOccurrences) {
    Dice dice(37);
    for (int i = 0; i < 600; ++i) {
        const auto pattern = random_pattern(dice);
        const PatternStart start{
            ical::civil_from(dice(2020, 2030), 1, 1) + dice(0, 364) * ical::kDay + dice(0, 86'399),
            false, false, *ical::load_zone("Europe/Berlin")
        };
        const auto rule = rule_of_pattern(pattern, start);
        const auto expected = walk(rule, start);
        if (expected.empty())
            continue;
        // Through the text of RRULE, from the first occurrence, and back.
        const auto stored = ical::parse_rule(ical::format_rule(rule));
        ASSERT_TRUE(stored);
        const PatternStart first{expected.front(), false, false, start.zone};
        const auto back = pattern_of_rule(*stored, first);
        ASSERT_TRUE(back) << ical::format_rule(rule);
        EXPECT_EQ(walk(rule_of_pattern(*back, first), first), expected) << ical::format_rule(rule);
    }
}

std::string random_rule_text(Dice& dice) {
    std::string out = fmt::format(
        "FREQ={};INTERVAL={}",
        std::array{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}[static_cast<std::size_t>(dice(0, 3))],
        dice(1, 3)
    );
    const std::array<std::string_view, 7> weekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    if (dice.maybe(30))
        out += fmt::format(
            ";BYMONTH={}",
            dice.maybe(20) ? "1,2,3,4,5,6,7,8,9,10,11,12" : fmt::format("{}", dice(1, 12))
        );
    if (dice.maybe(30))
        out += fmt::format(
            ";BYMONTHDAY={}",
            std::array{
                "1", "15", "-1", "1,2,3,4,5,6,7", "8,9,10,11,12,13,14", "2,3,4,5,6,7,8", "31",
                "1,15"
            }[static_cast<std::size_t>(dice(0, 7))]
        );
    if (dice.maybe(50)) {
        out += ";BYDAY=";
        const bool numbered =
            dice.maybe(40) && !out.starts_with("FREQ=DAILY") && !out.starts_with("FREQ=WEEKLY");
        for (int i = 0, n = dice(1, 3); i < n; ++i)
            out += fmt::format(
                "{}{}{}", i == 0 ? "" : ",",
                numbered ? fmt::format("{}", dice.maybe(30) ? -dice(1, 2) : dice(1, 5)) : "",
                weekdays[static_cast<std::size_t>(dice(0, 6))]
            );
    }
    if (dice.maybe(20))
        out += fmt::format(
            ";BYSETPOS={}", std::array{1, 2, 4, 5, -1, -2}[static_cast<std::size_t>(dice(0, 5))]
        );
    if (dice.maybe(20))
        out += ";BYHOUR=9";
    if (dice.maybe(30))
        out += fmt::format(";COUNT={}", dice(1, 40));
    return out;
}

// The claim of pattern_of_rule: what it says is so; what it cannot say it does not.
TEST(Recurrence, APatternNeverSaysAnotherSeriesThanItsRule) {
    Dice dice(2026);
    std::size_t said = 0;
    for (int i = 0; i < 800; ++i) {
        const auto text = random_rule_text(dice);
        const auto rule = *ical::parse_rule(text);
        const PatternStart any{
            ical::civil_from(dice(2020, 2030), 1, 1) + dice(0, 364) * ical::kDay + 9 * 3600, false,
            false, ical::utc_zone()
        };
        const auto expected = walk(rule, any);
        if (expected.empty())
            continue;
        const PatternStart start{expected.front(), false, false, any.zone};
        const auto pattern = pattern_of_rule(rule, start);
        if (!pattern)
            continue;
        ++said;
        // Up to the end of both walks: rules that are rare may leave their steps at different
        // places.
        auto theirs = walk(rule_of_pattern(*pattern, start), start), ours = walk(rule, start);
        const auto size = std::min(theirs.size(), ours.size());
        ASSERT_GT(size, 0U);
        theirs.resize(size);
        ours.resize(size);
        EXPECT_EQ(theirs, ours) << text << " from "
                                << ical::format_moment({ical::TimeKind::floating, start.civil, {}});
    }
    EXPECT_GT(said, 200U);
}

TEST(Recurrence, CommonRulesHaveWords) {
    const PatternStart start{
        ical::civil_from(2026, 11, 30, 9 * 3600), false, false, ical::utc_zone()
    }; // a Monday
    for (const auto* text :
         {"FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
          "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1MO",
          "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYMONTHDAY=-1",
          "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYDAY=-1MO",
          "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=8,9,10,11,12,13,14",
          "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30", "FREQ=YEARLY;INTERVAL=2",
          "FREQ=MONTHLY;BYDAY=MO"})
        EXPECT_TRUE(pattern_of_rule(*ical::parse_rule(text), start)) << text;
    for (const auto* text :
         {"FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=5MO",
          "FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=WEEKLY;BYMONTH=1",
          "FREQ=DAILY;BYHOUR=9,12", "FREQ=MONTHLY;BYMONTHDAY=-2", "FREQ=YEARLY;BYDAY=20MO",
          "FREQ=YEARLY;BYMONTH=1,7", "FREQ=DAILY;INTERVAL=1000",
          "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO"})
        EXPECT_FALSE(pattern_of_rule(*ical::parse_rule(text), start)) << text;
}

// 2.2.2.37.1
TEST(Recurrence, SpecialDaysOfTheDocument) {
    const PatternStart start{
        ical::civil_from(2026, 1, 1, 9 * 3600), false, false, ical::utc_zone()
    };
    const auto rule = [&](int type, int days, int week) {
        Pattern pattern;
        pattern.type = type;
        pattern.day_of_week = days;
        pattern.week_of_month = week;
        return ical::format_rule(rule_of_pattern(pattern, start));
    };
    EXPECT_EQ(rule(3, 127, 5), "FREQ=MONTHLY;BYMONTHDAY=-1");
    EXPECT_EQ(rule(3, 127, 2), "FREQ=MONTHLY;BYMONTHDAY=2");
    EXPECT_EQ(rule(3, 62, 1), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1");
    EXPECT_EQ(rule(3, 65, 5), "FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=-1");
    EXPECT_EQ(rule(3, 8, 4), "FREQ=MONTHLY;BYDAY=4WE");
}

// 3.2.5.3: Occurrences wins over Until.
TEST(Recurrence, OccurrencesWinOverUntil) {
    const auto pattern = read_pattern(
        tree(
            c::Recurrence,
            {leaf(c::Type, "0"), leaf(c::Occurrences, "3"), leaf(c::Until, "20261231T000000Z")}
        ),
        calendar_pattern_tags()
    );
    ASSERT_TRUE(pattern && *pattern);
    EXPECT_EQ((*pattern)->occurrences, 3);
    EXPECT_FALSE((*pattern)->until);
}

// MS-ASTASK 2.2.2.9, 2.2.2.10, 2.2.2.33, 3.2.5.3.3
TEST(Recurrence, TaskPatternsAreCheckedMoreStrictly) {
    const auto code = [](std::vector<wbxml::Node> children, bool with_start = true) {
        if (with_start)
            children.push_back(leaf(t::Start, "2026-11-24T00:00:00.000Z"));
        const auto pattern =
            read_pattern(tree(t::Recurrence, std::move(children)), task_pattern_tags());
        return pattern ? std::optional<Code>() : pattern.error().code;
    };
    EXPECT_EQ(code({leaf(t::Type, "0")}), std::nullopt);
    EXPECT_EQ(code({leaf(t::Type, "0")}, false), Code::bad_value);
    EXPECT_EQ(code({leaf(t::Type, "1")}), Code::bad_value);
    EXPECT_EQ(code({leaf(t::Type, "2")}), Code::bad_value);
    EXPECT_EQ(
        code({leaf(t::Type, "6"), leaf(t::WeekOfMonth, "1"), leaf(t::MonthOfYear, "1")}),
        Code::bad_value
    );
    EXPECT_EQ(
        code({leaf(t::Type, "1"), leaf(t::DayOfWeek, "2"), leaf(t::CalendarType, "1")}),
        Code::bad_value
    );
    EXPECT_EQ(
        code(
            {leaf(t::Type, "1"), leaf(t::DayOfWeek, "2"), leaf(t::DeadOccur, "1"),
             leaf(t::Regenerate, "1")}
        ),
        std::nullopt
    );
}

} // namespace
} // namespace lockstep::eas
