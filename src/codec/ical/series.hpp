// An event or to-do with its occurrences: rule, extra and excluded dates, and changed occurrences.
// Spec: RFC 5545 3.8.5 (recurrence properties), 3.8.4.4 (RECURRENCE-ID), 3.6.1, 3.6.2.
// RANGE=THISANDFUTURE is read as this alone. Invariants: occurrences come in order of their
// original start; nothing is looked at beyond limits::kRecurrenceSteps. Errors: bad_syntax (no
// calendar), bad_value (no component of the kind, or no usable start), too_large (a limit).
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/rule.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/vtimezone.hpp"
#include "codec/ical/zone.hpp"

namespace lockstep::ical {

/// One occurrence. Instants are UTC seconds; those of dates are their local midnights in the
/// fallback zone.
struct Occurrence {
    std::int64_t civil = 0; ///< original start on the series' wall clock: what RECURRENCE-ID says
    std::int64_t original = 0; ///< the same as an instant
    std::int64_t start = 0, end = 0;
    const Component* component = nullptr; ///< the override, or the master
    bool overridden = false;
};

struct Expansion {
    std::vector<Occurrence> occurrences;
    bool complete = true; ///< false: a limit ended it before the window's end
};

/// Start and end of one component.
struct TimeRange {
    Moment start;
    std::optional<Moment> end;  ///< DTEND or DUE
    std::optional<Span> length; ///< DURATION
};

/// Views into a calendar object, which must outlive it and stay where it is.
class Series {
public:
    /// `kind`: "VEVENT" or "VTODO". `fallback`: zone of dates, floating times and unknown TZIDs.
    [[nodiscard]] static Result<Series>
    read(const Component& calendar, std::string_view kind, ZonePtr fallback);

    [[nodiscard]] const Component& master() const { return *master_; }
    [[nodiscard]] const Moment& start() const { return range_.start; }
    [[nodiscard]] bool all_day() const { return range_.start.kind == TimeKind::date; }
    /// The zone in which the series recurs: that of DTSTART.
    [[nodiscard]] const ZonePtr& zone() const { return zone_; }
    [[nodiscard]] bool recurs() const { return !rules_.empty() || !extra_.empty(); }
    [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
    /// RDATE starts on the series' clock, ascending, with the end of those that have one of their
    /// own.
    [[nodiscard]] const std::map<std::int64_t, std::optional<std::int64_t>>& extra() const {
        return extra_;
    }
    /// EXDATE starts on the series' clock.
    [[nodiscard]] bool is_excluded(std::int64_t civil) const;
    [[nodiscard]] const std::vector<std::int64_t>& excluded() const { return excluded_; }
    /// EXDATEs that are dates though the series is timed: midnights.
    [[nodiscard]] const std::vector<std::int64_t>& excluded_days() const { return excluded_days_; }
    /// Overrides by their original start on the series' clock.
    [[nodiscard]] const std::map<std::int64_t, const Component*>& overrides() const {
        return overrides_;
    }

    [[nodiscard]] std::int64_t start_utc() const { return start_; }
    [[nodiscard]] std::int64_t end_utc() const { return end_; }
    [[nodiscard]] std::int64_t to_utc(std::int64_t civil) const { return zone_->to_utc(civil); }
    /// A moment as a civil time of the series' clock (dates as they are).
    [[nodiscard]] std::int64_t on_clock(const Moment& moment) const;
    /// A moment as an instant.
    [[nodiscard]] std::int64_t instant(const Moment& moment) const;
    /// Start and end of an override (or the master) as instants.
    [[nodiscard]] Result<std::pair<std::int64_t, std::int64_t>> range_of(const Component& component
    ) const;

    /// Occurrences that overlap [from, to), at most `most`; excluded ones are left out. An event
    /// without length overlaps at its start.
    [[nodiscard]] Expansion expand(std::int64_t from, std::int64_t to, std::size_t most) const;
    /// The first occurrences, whenever they are.
    [[nodiscard]] Expansion first(std::size_t most) const;
    /// Original starts in [from, to] of the series' clock, at most `most`, with the excluded ones.
    [[nodiscard]] std::vector<std::int64_t>
    original_starts(std::int64_t from, std::int64_t to, std::size_t most) const;
    /// End of the last occurrence, overrides included; none when it recurs for ever (or too long to
    /// tell).
    [[nodiscard]] std::optional<std::int64_t> series_end() const;
    /// Start of the first occurrence, overrides included.
    [[nodiscard]] std::int64_t series_start() const;

private:
    Series(const Component& calendar, ZonePtr fallback);
    [[nodiscard]] Result<> read_master();
    [[nodiscard]] Result<> read_override(const Component& component);
    [[nodiscard]] Result<> read_extra(const Property& property);
    [[nodiscard]] Result<> read_excluded(const Property& property);
    [[nodiscard]] std::optional<std::int64_t> until_of(const Rule& rule) const;
    [[nodiscard]] std::optional<Occurrence> occurrence_at(std::int64_t civil) const;
    [[nodiscard]] std::vector<std::int64_t> starts(
        std::int64_t from, std::int64_t to, std::size_t most, bool& complete,
        bool with_excluded = false
    ) const;
    [[nodiscard]] std::int64_t longest() const;

    const Component* calendar_;
    const Component* master_ = nullptr;
    mutable ObjectZones zones_;
    ZonePtr zone_;
    TimeRange range_;
    std::int64_t start_ = 0, end_ = 0; ///< of the master, as instants
    std::vector<Rule> rules_;
    std::map<std::int64_t, std::optional<std::int64_t>> extra_;
    std::vector<std::int64_t> excluded_;      ///< ascending
    std::vector<std::int64_t> excluded_days_; ///< EXDATEs that are dates though the series is timed
    std::map<std::int64_t, const Component*> overrides_;
};

/// DTSTART with DTEND, DUE or DURATION of one component. Error: bad_value without DTSTART.
[[nodiscard]] Result<TimeRange> read_range(const Component& component);

} // namespace lockstep::ical
