// Recurrence rules: the examples of RFC 5545, its corners, its limits, and a second implementation
// as an oracle.
#include <cstdio>
#include <fstream>
#include <random>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/rule.hpp"
#include "codec/ical/rule_walker.hpp"

namespace lockstep::ical {
namespace {

std::int64_t at(std::string_view text) { return parse_moment(text)->civil; }

std::vector<std::string>
walk(std::string_view rule_text, std::string_view start, std::size_t most) {
    const auto rule = parse_rule(rule_text);
    if (!rule)
        return {"error"};
    std::optional<std::int64_t> until;
    if (rule->until)
        until = rule->until->civil;
    RuleWalker walker(*rule, at(start), until);
    std::vector<std::string> out;
    while (out.size() < most) {
        const auto next = walker.next();
        if (!next)
            break;
        out.push_back(format_moment({TimeKind::floating, *next, {}}));
    }
    return out;
}

std::vector<std::string> days(std::string_view rule, std::string_view start, std::size_t most) {
    auto out = walk(rule, start, most);
    for (auto& text : out)
        text.resize(8);
    return out;
}

using Texts = std::vector<std::string>;

TEST(Rule, ParsesAndFormatsEveryPart) {
    const std::string text = "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,3;BYWEEKNO=-1,20;BYYEARDAY="
                             "1,100;BYMONTHDAY=-1,13;BYDAY=-1SU,MO,2TU;"
                             "BYHOUR=9;BYMINUTE=30;BYSECOND=15;BYSETPOS=-1,1;WKST=SU";
    const auto rule = parse_rule(text);
    ASSERT_TRUE(rule);
    const auto again = parse_rule(format_rule(*rule));
    ASSERT_TRUE(again);
    EXPECT_EQ(*rule, *again);
    EXPECT_EQ(rule->by_day.size(), 3U);
}

TEST(Rule, RefusesNonsense) {
    for (const auto* text :
         {"", "COUNT=1", "FREQ=NEVER", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYHOUR=24",
          "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;BYDAY=0MO", "FREQ=DAILY;BYMONTHDAY=0",
          "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;BYSETPOS=367",
          "FREQ=DAILY;BYDAY"})
        EXPECT_EQ(parse_rule(text).error().code, Code::bad_value) << text;
    EXPECT_EQ(parse_rule("RSCALE=CHINESE;FREQ=DAILY").error().code, Code::unsupported);
    EXPECT_EQ(parse_rule("FREQ=DAILY;INTERVAL=0")->interval, 1);
    EXPECT_TRUE(parse_rule("freq=daily;X-PART=1;;"));
}

// RFC 5545 3.8.5.3, the document's own examples.
TEST(RuleWalker, Rfc5545Examples) {
    EXPECT_EQ(
        days("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "19970905T090000", 3),
        (Texts{"19970905", "19971003", "19971107"})
    );
    EXPECT_EQ(
        days("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "19970907T090000", 4),
        (Texts{"19970907", "19970928", "19971102", "19971130"})
    );
    EXPECT_EQ(
        days("FREQ=MONTHLY;BYMONTHDAY=-3", "19970928T090000", 3),
        (Texts{"19970928", "19971029", "19971128"})
    );
    EXPECT_EQ(
        days("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "19970101T090000", 5),
        (Texts{"19970101", "19970410", "19970719", "20000101", "20000409"})
    );
    EXPECT_EQ(
        days("FREQ=YEARLY;BYDAY=20MO", "19970519T090000", 3),
        (Texts{"19970519", "19980518", "19990517"})
    );
    EXPECT_EQ(
        days("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "19970512T090000", 3),
        (Texts{"19970512", "19980511", "19990517"})
    );
    EXPECT_EQ(
        days(
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            "19961105T090000", 3
        ),
        (Texts{"19961105", "20001107", "20041102"})
    );
    EXPECT_EQ(
        days("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904T090000", 9),
        (Texts{"19970904", "19971007", "19971106"})
    );
    EXPECT_EQ(
        days("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19970929T090000", 4),
        (Texts{"19970929", "19971030", "19971127", "19971230"})
    );
}

TEST(RuleWalker, Rfc5545ExamplesOfClocksAndWeeks) {
    EXPECT_EQ(
        walk("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "19970902T090000", 9),
        (Texts{"19970902T090000", "19970902T120000", "19970902T150000"})
    );
    EXPECT_EQ(
        walk("FREQ=MINUTELY;INTERVAL=90;COUNT=4", "19970902T090000", 9),
        (Texts{"19970902T090000", "19970902T103000", "19970902T120000", "19970902T133000"})
    );
    EXPECT_EQ(
        days("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805T090000", 9),
        (Texts{"19970805", "19970810", "19970819", "19970824"})
    );
    EXPECT_EQ(
        days("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805T090000", 9),
        (Texts{"19970805", "19970817", "19970819", "19970831"})
    );
    EXPECT_EQ(
        days("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "20070115T090000", 9),
        (Texts{"20070115", "20070130", "20070215", "20070315", "20070330"})
    );
    EXPECT_EQ(
        walk("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10;COUNT=7", "19970902T090000", 9),
        (Texts{
            "19970902T090000", "19970902T092000", "19970902T094000", "19970902T100000",
            "19970902T102000", "19970902T104000", "19970903T090000"
        })
    );
}

TEST(RuleWalker, SkipsDaysThatDoNotExist) {
    EXPECT_EQ(
        days("FREQ=MONTHLY", "20260131T090000", 4),
        (Texts{"20260131", "20260331", "20260531", "20260731"})
    );
    EXPECT_EQ(days("FREQ=YEARLY", "20240229", 3), (Texts{"20240229", "20280229", "20320229"}));
}

TEST(RuleWalker, StartCountsEvenWhenTheRuleDoesNotMatchIt) {
    EXPECT_EQ(
        days("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "20261123T090000", 9),
        (Texts{"20261123", "20261124", "20261201"})
    );
}

TEST(RuleWalker, SkipToFindsTheSameOccurrences) {
    for (const auto* text :
         {"FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
          "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
          "FREQ=HOURLY;INTERVAL=7", "FREQ=MINUTELY;INTERVAL=1441;BYDAY=MO"}) {
        const auto rule = *parse_rule(text);
        RuleWalker all(rule, at("20200101T103000"), std::nullopt),
            ahead(rule, at("20200101T103000"), std::nullopt);
        const auto from = at("20240301T000000");
        ahead.skip_to(from);
        auto expected = all.next();
        while (expected && *expected < from)
            expected = all.next();
        for (int i = 0; i < 20; ++i, expected = all.next())
            EXPECT_EQ(ahead.next(), expected) << text;
    }
}

TEST(RuleWalker, X4EndsRulesThatNeverMatch) {
    for (const auto* text :
         {"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
          "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31", "FREQ=SECONDLY;BYHOUR=3;BYMINUTE=61",
          "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40", "FREQ=MINUTELY;INTERVAL=4294967295",
          "FREQ=YEARLY;INTERVAL=4294967295"}) {
        const auto rule = parse_rule(text);
        if (!rule)
            continue;
        RuleWalker walker(*rule, at("20260101T000000"), std::nullopt);
        std::size_t count = 0;
        while (walker.next())
            ++count;
        EXPECT_LE(count, 1U) << text;
    }
}

TEST(RuleWalker, X4EverySecondForAHundredYearsIsCutAndSaysSo) {
    const auto rule = *parse_rule("FREQ=SECONDLY;UNTIL=21260101T000000Z");
    RuleWalker walker(rule, at("20260101T000000"), rule.until->civil);
    std::size_t count = 0;
    while (walker.next())
        ++count;
    EXPECT_LE(count, limits::kRecurrenceSteps);
    EXPECT_TRUE(walker.exhausted());
    const auto wide = *parse_rule("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6,7,8,"
                                  "9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;"
                                  "BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
                                  "21,22,23,24,25,26,27,28,29,30;BYSETPOS=-1");
    RuleWalker big(wide, at("20260101T000000"), std::nullopt);
    (void)big.next();
    EXPECT_FALSE(big.next());
    EXPECT_TRUE(big.exhausted());
}

/// A random rule whose parts mean the same to every careful implementation.
std::string random_rule(std::mt19937& random) {
    const auto pick = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    const auto maybe = [&](int percent) { return pick(1, 100) <= percent; };
    const auto list = [&](int low, int high, int most, bool negative) {
        std::string out;
        for (int i = 0, n = pick(1, most); i < n; ++i)
            out += fmt::format(
                "{}{}{}", i == 0 ? "" : ",", negative && maybe(30) ? "-" : "", pick(low, high)
            );
        return out;
    };
    const std::array<std::string_view, 7> weekdays{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    const int frequency = pick(0, 6);
    std::string out = fmt::format(
        "FREQ={};INTERVAL={}",
        std::array{
            "YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"
        }[static_cast<std::size_t>(frequency)],
        pick(1, frequency < 4 ? 4 : 50)
    );
    if (maybe(30))
        out += ";BYMONTH=" + list(1, 12, 3, false);
    if (maybe(30) && frequency != 2)
        out += ";BYMONTHDAY=" + list(1, 31, 3, true);
    if (maybe(10) && (frequency == 0 || frequency > 3))
        out += ";BYYEARDAY=" + list(1, 366, 6, true);
    const bool week = maybe(15) && frequency == 0 && out.find("BYMONTHDAY") == std::string::npos;
    if (week)
        out += ";BYWEEKNO=" + list(1, 53, 3, true);
    if (week || maybe(40)) {
        out += ";BYDAY=";
        const bool numbered =
            maybe(40); // mixed lists mean something else to the other implementation
        for (int i = 0, n = pick(1, 4); i < n; ++i) {
            if (i > 0)
                out += ',';
            if (frequency == 1 && numbered)
                out += fmt::format("{}{}", maybe(40) ? "-" : "", pick(1, 5));
            if (frequency == 0 && !week && numbered)
                out += fmt::format(
                    "{}{}", maybe(40) ? "-" : "",
                    pick(1, out.find("BYMONTH=") != std::string::npos ? 5 : 53)
                );
            out += weekdays[static_cast<std::size_t>(pick(0, 6))];
        }
    }
    if (maybe(20))
        out += ";BYHOUR=" + list(0, 23, 3, false);
    if (maybe(15))
        out += ";BYMINUTE=" + list(0, 59, 2, false);
    if (maybe(15))
        out += fmt::format(";BYSETPOS={}", maybe(50) ? pick(1, 4) : -pick(1, 4));
    if (maybe(30))
        out += fmt::format(";WKST={}", weekdays[static_cast<std::size_t>(pick(0, 6))]);
    return out;
}

// X4: property test against a second implementation (python3-dateutil).
TEST(RuleWalker, X4AgreesWithASecondImplementation) {
    if (std::system("/usr/bin/python3 -c 'import dateutil.rrule' 2>/dev/null") != 0)
        GTEST_SKIP() << "python3-dateutil is not installed";
    std::mt19937 random(5545);
    std::vector<std::pair<std::string, std::string>> cases;
    for (int i = 0; i < 800; ++i) {
        const auto day = std::uniform_int_distribution<
            std::int64_t>(at("20100101") / kDay, at("20301231") / kDay)(random);
        cases.emplace_back(
            random_rule(random),
            format_moment({TimeKind::floating, day * kDay + 9 * 3600 + 15 * 60, {}})
        );
    }
    const auto folder = testing::TempDir();
    const auto input = folder + "lockstep_rules.txt", output = folder + "lockstep_rules_out.txt",
               script = folder + "lockstep_rules.py";
    {
        std::ofstream file(input);
        for (const auto& [rule, start] : cases)
            file << rule << ' ' << start << '\n';
        std::ofstream code(script);
        code
            << "import sys, signal\nfrom datetime import datetime\nfrom dateutil.rrule import "
               "rrulestr\n"
               "def late(*a): raise TimeoutError()\nsignal.signal(signal.SIGALRM, late)\n"
               "for line in open(sys.argv[1]):\n"
               "    rule, start = line.split()\n    start = datetime.strptime(start, "
               "'%Y%m%dT%H%M%S')\n    out = []\n"
               "    try:\n        signal.setitimer(signal.ITIMER_REAL, 0.03)\n"
               "        for at in rrulestr(rule, dtstart=start):\n"
               "            if at == start: continue\n"
               "            if len(out) == 12: break\n            "
               "out.append(at.strftime('%Y%m%dT%H%M%S').rjust(15, '0'))\n"
               "    except TimeoutError: out = ['late']\n    except ValueError: out = ['invalid']\n"
               "    signal.setitimer(signal.ITIMER_REAL, 0)\n    print(','.join(out))\n";
    }
    ASSERT_EQ(
        std::system(("/usr/bin/python3 " + script + " " + input + " > " + output).c_str()), 0
    );
    std::ifstream file(output);
    std::string line;
    std::size_t compared = 0;
    for (const auto& [rule, start] : cases) {
        ASSERT_TRUE(std::getline(file, line));
        if (line == "late" || line == "invalid")
            continue;
        auto ours = walk(rule, start, 13);
        ASSERT_FALSE(ours.empty());
        ours.erase(ours.begin()
        ); // the start, which the other one leaves out when the rule does not match it
        ours.resize(std::min<std::size_t>(ours.size(), 12));
        auto theirs = line;
        if (ours.size() < 12)
            theirs.resize(std::min(theirs.size(), ours.empty() ? 0 : ours.size() * 16 - 1)
            ); // our steps end earlier
        EXPECT_EQ(join(ours, ","), theirs) << rule << " from " << start;
        compared += ours.empty() ? 0U : 1U;
    }
    EXPECT_GT(compared, 400U);
}

} // namespace
} // namespace lockstep::ical
