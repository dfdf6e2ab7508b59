// Recurrence of calendar and task items: the protocol's pattern, and what of RFC 5545 it can say.
// Spec: MS-ASCAL 2.2.2.37, 2.2.2.37.1, 3.2.5.3; MS-ASTASK 2.2.2.20, 3.2.5.3.3, 3.2.5.3.4; RFC
// 5545 3.3.10. Invariants: a pattern made of a rule has the rule's occurrences, all of them and no
// others, from any start that the rule matches. Errors: bad_value (missing or contradicting
// elements: Status 6).
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "codec/ical/rule.hpp"
#include "codec/ical/zone.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {

/// The elements of Recurrence. Until and start are UTC seconds as on the wire.
struct Pattern {
    int type = 0;
    int interval = 1;
    std::optional<int> occurrences;
    std::optional<std::int64_t> until;
    std::optional<int> day_of_week, week_of_month, day_of_month, month_of_year;
    std::optional<int> first_day_of_week, calendar_type;
    bool leap_month = false;
    std::optional<std::int64_t> start;         ///< tasks only
    std::optional<int> regenerate, dead_occur; ///< tasks only
};
/// Whether two patterns say the same; what one of them leaves to the server counts as said by the
/// other.
[[nodiscard]] bool same_pattern(const Pattern& a, const Pattern& b);

/// The element names of a class, and how strict it is.
struct PatternTags {
    wbxml::Tag recurrence, type, occurrences, interval, week_of_month, day_of_week, month_of_year,
        until, day_of_month;
    wbxml::Tag calendar_type, leap_month, first_day_of_week;
    std::optional<wbxml::Tag> start, regenerate, dead_occur;
    int most_occurrences = 999;
    bool iso_dates = false;
};
[[nodiscard]] const PatternTags& calendar_pattern_tags();
[[nodiscard]] const PatternTags& task_pattern_tags();

/// Reads a Recurrence element; none when it is empty (16.x: the series becomes a single event).
[[nodiscard]] Result<std::optional<Pattern>>
read_pattern(const wbxml::Node& recurrence, const PatternTags& tags);
void write_pattern(wbxml::Writer& out, const Pattern& pattern, const PatternTags& tags);

/// Where a series starts, for what patterns and rules leave to the start.
struct PatternStart {
    std::int64_t civil = 0; ///< on the series' clock
    bool all_day = false;
    bool wire_dates = false; ///< 16.x: days travel as midnights of UTC, not of the zone
    ical::ZonePtr zone;
};

/// The rule that a pattern means.
[[nodiscard]] ical::Rule rule_of_pattern(const Pattern& pattern, const PatternStart& start);
/// The pattern of a rule, or none when the protocol has no words for it.
[[nodiscard]] std::optional<Pattern>
pattern_of_rule(const ical::Rule& rule, const PatternStart& start);

} // namespace lockstep::eas
