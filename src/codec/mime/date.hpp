// Dates of header fields: reading every form that mail contains, writing the one that RFC 5322
// wants. Spec: RFC 5322 3.3, 4.3 (two-digit years, named zones); RFC 850 and asctime forms as found
// in old mail.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::mime {

/// Unix seconds; nullopt when there is no date in it. Comments are skipped; a missing zone means
/// UTC.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view raw);

struct ZonedDate {
    std::int64_t seconds = 0; ///< Unix time
    int zone_minutes = 0;     ///< east of UTC, as it was written
    /// What the date says without regard to its zone, as Unix seconds.
    [[nodiscard]] std::int64_t local_seconds() const { return seconds + zone_minutes * 60LL; }
};
/// The same with the zone that was written.
[[nodiscard]] std::optional<ZonedDate> parse_zoned_date(std::string_view raw);
/// `Tue, 24 Nov 2026 11:40:08 +0000`.
[[nodiscard]] std::string format_date(std::int64_t unix_seconds);

} // namespace lockstep::mime
