// Free and busy time of a person or room, from all of its own calendars, without what is in them.
// Spec: RFC 5545 3.6.4 (what counts), MS-ASCMD 2.2.3.110 (MergedFreeBusy). Hardening X4, X10.
// Invariants: recurring events are expanded in bounds; the answer holds times only. Errors:
// forbidden (the actor may not know), not_found, bad_value (no stretch of time, or one longer than
// limits::kFreeBusyDays).
#pragma once
#include <string>
#include <vector>

#include "codec/ical/busy.hpp"
#include "office/office.hpp"
#include "store/items.hpp"

namespace lockstep::office {

/// UTC seconds, [from, to).
struct BusyTime {
    std::int64_t from = 0, to = 0;
    ical::Busy kind = ical::Busy::busy;
    friend bool operator==(const BusyTime&, const BusyTime&) = default;
};
struct FreeBusy {
    /// Ascending, disjoint, within the question; free time is left out. Where events overlap the
    /// strongest counts: away, busy, tentative, working elsewhere.
    std::vector<BusyTime> times;
    bool complete = true; ///< false: a limit ended the search, some busy time may be missing
};

/// Whose time it is, as the events name that person.
struct TimeOwner {
    model::AccountId account;
    std::string zone;                   ///< IANA: of dates and floating times
    std::vector<std::string> addresses; ///< lower case
};
[[nodiscard]] Task<Result<TimeOwner>> time_owner(Office& office, model::AccountId account);

/// Everybody may ask for the own time and for that of owners on whom the right is free_busy or
/// more; also, unless that person has set it otherwise, for that of people of the same domain.
[[nodiscard]] Task<Result<FreeBusy>> free_busy(
    Office& office, const Actor& actor, model::AccountId person, std::int64_t from, std::int64_t to
);

/// Who may see an account's free and busy time without a right on it. Default: domain.
enum class FreeBusyAudience : std::uint8_t { nobody, domain };
[[nodiscard]] FreeBusyAudience
free_busy_audience(store::Snapshot& snapshot, model::AccountId account);
void set_free_busy_audience(store::Txn& txn, model::AccountId account, FreeBusyAudience audience);

/// The same without a question of right, inside a database job. `without`: the UID of an event that
/// does not count.
[[nodiscard]] Result<FreeBusy> read_free_busy(
    store::Snapshot& snapshot, Office& office, const TimeOwner& owner, std::int64_t from,
    std::int64_t to, std::string_view without = {}
);

/// Joins what overlaps. Times may come in any order.
[[nodiscard]] std::vector<BusyTime> merge_busy(std::vector<BusyTime> times);

} // namespace lockstep::office
