// The occurrences of a recurrence rule, in order, on the wall clock.
// Spec: RFC 5545 3.3.10 (all parts, all frequencies), 3.8.5.3. Hardening X4: every period and every
// instance costs a step. Invariants: occurrences ascend strictly; the first is the start, whether
// the rule matches it or not (3.8.5.3).
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "codec/ical/rule.hpp"

namespace lockstep::ical {

/// Civil times only: the caller turns them into instants. The rule must outlive the walker.
class RuleWalker {
public:
    /// `until`: last civil time that counts (the caller converts UNTIL), if any.
    RuleWalker(
        const Rule& rule, std::int64_t start, std::optional<std::int64_t> until,
        std::size_t steps = limits::kRecurrenceSteps
    );

    /// The next occurrence; none at the end of the series, after the year 9999, or when the steps
    /// are used up.
    [[nodiscard]] std::optional<std::int64_t> next();
    /// Passes over occurrences before `civil` without cost where the rule allows it (no COUNT).
    /// Call before the first next().
    void skip_to(std::int64_t civil);
    /// Leaves out a start that the rule itself does not match. Call before the first next().
    void start_only_when_matched();
    /// The steps were used up: there may be more occurrences.
    [[nodiscard]] bool exhausted() const { return exhausted_; }
    /// What is left of the steps, for walks that share one budget.
    [[nodiscard]] std::size_t steps_left() const { return steps_; }

private:
    struct Times {
        std::vector<int> hours, minutes, seconds;
    };
    [[nodiscard]] bool spend(std::size_t steps);
    [[nodiscard]] std::int64_t period_start(std::int64_t index) const;
    [[nodiscard]] std::int64_t index_of(std::int64_t civil) const;
    void fill();
    void fill_days(std::int64_t first_day, std::int64_t days, std::vector<std::int64_t>& out);
    void fill_times(std::int64_t day, const Times& times, std::vector<std::int64_t>& out);
    void fill_clock(std::int64_t at, std::vector<std::int64_t>& out);
    void pick_positions(std::vector<std::int64_t>& set) const;
    [[nodiscard]] bool day_matches(std::int64_t day) const;
    [[nodiscard]] bool nth_matches(const Civil& c) const;
    [[nodiscard]] bool week_matches(std::int64_t day) const;
    void derive_defaults();

    Rule rule_; ///< with what it leaves to the start filled in
    std::int64_t start_;
    std::optional<std::int64_t> until_;
    std::size_t steps_;
    std::int64_t index_ = 0;  ///< number of the next period, in units of the interval
    std::uint32_t given_ = 0; ///< occurrences handed out, for COUNT
    std::deque<std::int64_t> ready_;
    std::int64_t last_; ///< last occurrence put into ready_
    std::int64_t skip_before_;
    bool start_given_ = false;
    bool ended_ = false;
    bool exhausted_ = false;
};

} // namespace lockstep::ical
