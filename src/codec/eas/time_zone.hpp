// The TimeZone structure of calendar items and IANA zones, by their rules.
// Spec: MS-ASDTYPE 2.7.4 (172 bytes, base64); MS-ASCAL 2.2.2.44; SYSTEMTIME of MS-DTYP 2.3.13, in
// which wDay is the week of the month (5: the last) and wDayOfWeek the weekday when wYear is 0.
// Invariants: a blob written for a zone reads back as that zone (given as preferred) at the same
// date. Errors: bad_value (not such a structure).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/ical/zone.hpp"

namespace lockstep::eas {

/// One change of a TimeZone structure.
struct ZoneChange {
    int year = 0, month = 0, week = 0, weekday = 0, hour = 0, minute = 0,
        second = 0; ///< month 0: no change
    friend bool operator==(const ZoneChange&, const ZoneChange&) = default;
};

/// The structure, in minutes; UTC = local time + bias + the bias of the season.
struct ZoneBlob {
    std::int32_t bias = 0;
    std::string standard_name;
    ZoneChange to_standard;
    std::int32_t standard_bias = 0;
    std::string daylight_name;
    ZoneChange to_daylight;
    std::int32_t daylight_bias = 0;

    /// Whether it says nothing at all: the Z-Push family and others send zeros.
    [[nodiscard]] bool empty() const;
};

[[nodiscard]] Result<ZoneBlob> parse_zone_blob(std::string_view base64_text);
[[nodiscard]] std::string format_zone_blob(const ZoneBlob& blob);

/// The rules of a zone in the year of `at` (UTC seconds), with Windows names where there are any.
[[nodiscard]] ZoneBlob blob_of_zone(const ical::Zone& zone, std::int64_t at);

/// The zone whose changes around `at` are those of the blob: `preferred` when it fits, then the
/// zone of the blob's names, then the first that fits; a fixed offset zone, or `preferred`, when
/// none does.
[[nodiscard]] ical::ZonePtr
zone_of_blob(const ZoneBlob& blob, const ical::ZonePtr& preferred, std::int64_t at);

} // namespace lockstep::eas
