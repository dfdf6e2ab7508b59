// Expansion of a series into occurrences, in bounds.
// Spec: RFC 5545 3.8.5.3, 3.8.5.1, 3.8.5.2. Hardening X4: one budget of steps for all rules of an
// object.
#include <algorithm>
#include <limits>
#include <utility>

#include "base/limits.hpp"
#include "codec/ical/rule_walker.hpp"
#include "codec/ical/series.hpp"

namespace lockstep::ical {
namespace {

/// UTC instants and civil times differ by less than this.
constexpr std::int64_t kClockSlack = 2 * kDay;

} // namespace

std::optional<std::int64_t> Series::until_of(const Rule& rule) const {
    if (!rule.until)
        return std::nullopt;
    if (rule.until->kind == TimeKind::date)
        return rule.until->civil + kDay - 1;
    if (rule.until->kind == TimeKind::utc && !all_day())
        return zone_->to_civil(rule.until->civil);
    return all_day() ? midnight_of(rule.until->civil) : rule.until->civil;
}

std::int64_t Series::longest() const {
    auto longest = end_utc() - start_utc();
    for (const auto& [civil, end] : extra_)
        if (end)
            longest = std::max(longest, *end - to_utc(civil));
    return longest;
}

/// Original starts in [from, to] of the clock, ascending, without EXDATEs, with overrides in their
/// places.
std::vector<std::int64_t> Series::starts(
    std::int64_t from, std::int64_t to, std::size_t most, bool& complete, bool with_excluded
) const {
    std::vector<std::int64_t> out;
    const auto first = range_.start.civil;
    const auto add = [&](std::int64_t civil) {
        if (civil >= from && civil <= to && (with_excluded || !is_excluded(civil)))
            out.push_back(civil);
    };
    if (rules_.empty())
        add(first);
    std::size_t steps = limits::kRecurrenceSteps;
    for (const auto& rule : rules_) {
        RuleWalker walker(rule, first, until_of(rule), steps / rules_.size());
        walker.skip_to(from);
        std::size_t taken = 0;
        // Excluded occurrences are walked over, too: they are bounded by the number of EXDATEs.
        while (taken <= most + excluded_.size() + excluded_days_.size()) {
            const auto civil = walker.next();
            if (!civil || *civil > to)
                break;
            if (*civil >= from)
                ++taken;
            add(*civil);
        }
        if (walker.exhausted())
            complete = false;
    }
    for (const auto& [civil, end] : extra_)
        add(civil);
    std::ranges::sort(out);
    const auto tail = std::ranges::unique(out);
    out.erase(tail.begin(), tail.end());
    if (out.size() > most) {
        out.resize(most);
        complete = false;
    }
    return out;
}

std::optional<Occurrence> Series::occurrence_at(std::int64_t civil) const {
    Occurrence out{civil, to_utc(civil), 0, 0, master_, false};
    if (const auto it = overrides_.find(civil); it != overrides_.end()) {
        const auto range = range_of(*it->second);
        if (!range)
            return std::nullopt;
        out.component = it->second;
        out.overridden = true;
        std::tie(out.start, out.end) = *range;
        return out;
    }
    out.start = out.original;
    if (const auto it = extra_.find(civil); it != extra_.end() && it->second) {
        out.end = std::max(out.start, *it->second);
    } else if (all_day() || range_.length) {
        // Nominal length: days of 23 or 25 hours count as days.
        const auto days = range_.length ? range_.length->days
                          : range_.end  ? (range_.end->civil - range_.start.civil) / kDay
                                        : 1;
        out.end = to_utc(civil + days * kDay) + (range_.length ? range_.length->seconds : 0);
    } else {
        out.end = out.start + (end_utc() - start_utc());
    }
    out.end = std::max(out.start, out.end); // an end before its start is none
    return out;
}

Expansion Series::expand(std::int64_t from, std::int64_t to, std::size_t most) const {
    Expansion out;
    const auto overlaps = [&](const Occurrence& o) {
        return o.start < to && (o.end > from || (o.end == o.start && o.start >= from));
    };
    const auto low =
        std::max(from, kFirstCivil + longest() + kClockSlack) - longest() - kClockSlack;
    const auto high = std::min(to, kLastCivil - kClockSlack) + kClockSlack;
    // Overrides moved into the window from outside are found below, so the window is not widened
    // for them.
    for (const auto civil : starts(low, high, most + 8, out.complete)) {
        if (overrides_.contains(civil))
            continue;
        if (const auto occurrence = occurrence_at(civil); occurrence && overlaps(*occurrence))
            out.occurrences.push_back(*occurrence);
    }
    for (const auto& [civil, component] : overrides_) {
        if (is_excluded(civil))
            continue;
        if (const auto occurrence = occurrence_at(civil); occurrence && overlaps(*occurrence))
            out.occurrences.push_back(*occurrence);
    }
    std::ranges::sort(out.occurrences, {}, &Occurrence::civil);
    if (out.occurrences.size() > most) {
        out.occurrences.resize(most);
        out.complete = false;
    }
    return out;
}

Expansion Series::first(std::size_t most) const {
    Expansion out;
    for (const auto civil : starts(kFirstCivil, kLastCivil, most, out.complete))
        if (const auto occurrence = occurrence_at(civil))
            out.occurrences.push_back(*occurrence);
    return out;
}

std::vector<std::int64_t>
Series::original_starts(std::int64_t from, std::int64_t to, std::size_t most) const {
    bool complete = true;
    return starts(from, to, most, complete, true);
}

std::int64_t Series::series_start() const {
    auto first = start_utc();
    if (!extra_.empty())
        first = std::min(first, to_utc(extra_.begin()->first));
    for (const auto& [civil, component] : overrides_)
        if (const auto range = range_of(*component))
            first = std::min(first, range->first);
    return first;
}

std::optional<std::int64_t> Series::series_end() const {
    auto last = end_utc();
    for (const auto& rule : rules_) {
        const auto until = until_of(rule);
        if (!rule.count && !until)
            return std::nullopt;
        // Only the last occurrence matters. A rule too long to walk ends, at the latest, with its
        // UNTIL.
        RuleWalker walker(rule, range_.start.civil, until);
        if (until)
            walker.skip_to(*until - 400 * kDay);
        auto civil = range_.start.civil;
        while (const auto next = walker.next())
            civil = *next;
        if (walker.exhausted() && !until)
            return std::nullopt;
        if (until && (walker.exhausted() || (civil == range_.start.civil && *until > civil)))
            civil = std::max(civil, *until);
        last = std::max(last, to_utc(civil) + longest());
    }
    for (const auto& [civil, end] : extra_)
        last = std::max(last, end ? *end : to_utc(civil) + longest());
    for (const auto& [civil, component] : overrides_)
        if (const auto range = range_of(*component))
            last = std::max(last, range->second);
    return last;
}

} // namespace lockstep::ical
