// A time zone: when its offset from UTC changes, and the way between instants and wall clocks.
// Spec: RFC 8536 (TZif, read from the system's tzdata), POSIX TZ strings with the extensions of RFC
// 8536 3.3.1; RFC 5545 3.3.5 (a local time that occurs twice is the first one; one that does not
// exist is read with the offset before the gap). Invariants: a zone never changes once made, so
// that shared pointers to it may be used from every thread. Errors: not_found (no such zone),
// corrupt (a zone file that is none).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::ical {

/// From `at` on (UTC seconds), local time is UTC + offset seconds.
struct Transition {
    std::int64_t at = 0;
    std::int64_t offset = 0;
    friend bool operator==(const Transition&, const Transition&) = default;
};

/// A day of the year at which a rule changes the offset.
struct YearDay {
    enum class Kind : std::uint8_t { nth_weekday, julian, zero_based } kind = Kind::nth_weekday;
    int month = 1, week = 1, weekday = 0; ///< week 5 is the last; weekday 0 is Sunday
    int day = 0;                ///< of the kinds julian (1-365, no leap day) and zero_based (0-365)
    std::int64_t second = 7200; ///< local seconds after midnight, may be negative or beyond a day
    friend bool operator==(const YearDay&, const YearDay&) = default;
};
/// The civil time of a rule day in a year.
[[nodiscard]] std::int64_t civil_of(const YearDay& day, int year);

/// What holds after the last transition of a zone's table.
struct YearRule {
    std::int64_t standard = 0;            ///< offset in seconds
    std::optional<std::int64_t> daylight; ///< none: no changes
    YearDay to_daylight, to_standard;
    friend bool operator==(const YearRule&, const YearRule&) = default;
};
/// Reads a POSIX TZ string ("CET-1CEST,M3.5.0,M10.5.0/3").
[[nodiscard]] Result<YearRule> parse_posix_rule(std::string_view text);

class Zone {
public:
    /// `transitions` ascend; `before` is the offset before the first of them.
    Zone(
        std::string name, std::int64_t before, std::vector<Transition> transitions,
        std::optional<YearRule> rule
    );
    [[nodiscard]] static Result<Zone> parse_tzif(std::string name, std::string_view bytes);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// UTC offset in seconds at an instant.
    [[nodiscard]] std::int64_t offset_at(std::int64_t utc) const;
    [[nodiscard]] std::int64_t to_civil(std::int64_t utc) const { return utc + offset_at(utc); }
    [[nodiscard]] std::int64_t to_utc(std::int64_t civil) const;
    /// Changes of the offset in [from, to), at most limits::kZoneTransitions.
    [[nodiscard]] std::vector<Transition> changes(std::int64_t from, std::int64_t to) const;
    /// The rule after the table, if the zone has one.
    [[nodiscard]] const std::optional<YearRule>& rule() const { return rule_; }

private:
    void
    append_rule_changes(std::int64_t from, std::int64_t to, std::vector<Transition>& out) const;

    std::string name_;
    std::int64_t before_;
    std::vector<Transition> transitions_;
    std::optional<YearRule> rule_;
};

using ZonePtr = std::shared_ptr<const Zone>;

/// UTC, always there.
[[nodiscard]] ZonePtr utc_zone();
/// A zone of the system's tzdata by its exact IANA name; loaded once. Names cannot leave the zone
/// folder.
[[nodiscard]] Result<ZonePtr> load_zone(std::string_view iana_name);
/// The same from any TZID that clients use: IANA names, Windows names, and names with a vendor's
/// prefix
/// ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin").
[[nodiscard]] Result<ZonePtr> find_zone(std::string_view tzid);
/// load_zone, or UTC when there is no such zone.
[[nodiscard]] ZonePtr zone_or_utc(std::string_view iana_name);

} // namespace lockstep::ical
