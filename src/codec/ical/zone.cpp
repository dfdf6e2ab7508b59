// Offsets at instants and wall clocks, from a table of transitions and the yearly rule after it.
// Spec: RFC 8536 3.2, 3.3; RFC 5545 3.3.5.
#include "codec/ical/zone.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::ical {
namespace {

/// The two changes of a rule in a year, in order of time.
std::vector<Transition> rule_changes(const YearRule& rule, int year) {
    if (!rule.daylight)
        return {};
    std::vector<Transition> two{
        {civil_of(rule.to_daylight, year) - rule.standard, *rule.daylight},
        {civil_of(rule.to_standard, year) - *rule.daylight, rule.standard},
    };
    if (two[1].at < two[0].at)
        std::swap(two[0], two[1]);
    // Daylight time all year ends in the instant in which it begins again (RFC 8536 3.3.1): no
    // change at all.
    return two;
}

std::int64_t rule_offset(const YearRule& rule, std::int64_t utc) {
    if (!rule.daylight)
        return rule.standard;
    const int year = civil_of(utc + rule.standard).year;
    std::int64_t offset = rule.standard;
    for (int y = year - 1; y <= year + 1; ++y)
        for (const auto& change : rule_changes(rule, y))
            if (change.at <= utc)
                offset = change.offset;
    return offset;
}

} // namespace

std::int64_t civil_of(const YearDay& day, int year) {
    if (day.kind == YearDay::Kind::zero_based)
        return civil_from(year, 1, 1) + day.day * kDay + day.second;
    if (day.kind == YearDay::Kind::julian) {
        const bool leap = days_in_month(year, 2) == 29;
        return civil_from(year, 1, 1) + (day.day - 1 + (leap && day.day >= 60 ? 1 : 0)) * kDay +
               day.second;
    }
    const auto month = static_cast<unsigned>(day.month);
    const auto first = civil_of(civil_from(year, month, 1));
    int date = 1 + (day.weekday - static_cast<int>(first.weekday) + 7) % 7 + (day.week - 1) * 7;
    while (date > static_cast<int>(days_in_month(year, month)))
        date -= 7;
    return civil_from(year, month, static_cast<unsigned>(date)) + day.second;
}

Zone::Zone(
    std::string name, std::int64_t before, std::vector<Transition> transitions,
    std::optional<YearRule> rule
)
    : name_(std::move(name)), before_(before), transitions_(std::move(transitions)),
      rule_(std::move(rule)) {}

std::int64_t Zone::offset_at(std::int64_t utc) const {
    if (transitions_.empty())
        return rule_ ? rule_offset(*rule_, utc) : before_;
    if (rule_ && utc >= transitions_.back().at) {
        // Until the rule's first change the table's last offset holds; that is the rule's offset,
        // too (RFC 8536 3.3).
        return rule_offset(*rule_, utc);
    }
    const auto after = std::ranges::upper_bound(transitions_, utc, {}, &Transition::at);
    return after == transitions_.begin() ? before_ : std::prev(after)->offset;
}

std::int64_t Zone::to_utc(std::int64_t civil) const {
    const auto before = offset_at(civil - kDay), after = offset_at(civil + kDay);
    const auto fits = [&](std::int64_t offset) { return offset_at(civil - offset) == offset; };
    const auto early = std::max(before, after), late = std::min(before, after);
    if (fits(early))
        return civil - early; // the greater offset gives the earlier instant
    if (fits(late))
        return civil - late;
    return civil - before;
}

void Zone::append_rule_changes(std::int64_t from, std::int64_t to, std::vector<Transition>& out)
    const {
    if (!rule_ || !rule_->daylight)
        return;
    const auto begin = std::max(from, transitions_.empty() ? from : transitions_.back().at + 1);
    if (begin >= to)
        return;
    auto offset = offset_at(begin - 1);
    const int last = civil_of(std::min(to, kLastCivil)).year + 1;
    for (int year = civil_of(std::max(begin, kFirstCivil)).year - 1; year <= last; ++year) {
        for (const auto& change : rule_changes(*rule_, year)) {
            if (change.at < begin || change.at >= to || change.offset == offset)
                continue;
            if (out.size() >= limits::kZoneTransitions)
                return;
            offset = change.offset;
            out.push_back(change);
        }
    }
}

std::vector<Transition> Zone::changes(std::int64_t from, std::int64_t to) const {
    std::vector<Transition> out;
    auto offset = offset_at(from - 1);
    auto next = std::ranges::lower_bound(transitions_, from, {}, &Transition::at);
    for (; next != transitions_.end() && next->at < to; ++next) {
        if (next->offset == offset)
            continue; // only the name or the DST flag changes
        offset = next->offset;
        out.push_back(*next);
    }
    append_rule_changes(from, to, out);
    return out;
}

} // namespace lockstep::ical
