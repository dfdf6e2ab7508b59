// Names of time zones: Windows names and the IANA zone that stands for each.
// Spec: the "001" rows of Unicode CLDR's windowsZones; names as Windows and Exchange write them
// into TZID and time zone blobs.
#pragma once
#include <span>
#include <string_view>

namespace lockstep::ical {

struct ZoneName {
    std::string_view windows; ///< "W. Europe Standard Time"
    std::string_view iana;    ///< "Europe/Berlin"
};

/// Every row, in order of the UTC offset.
[[nodiscard]] std::span<const ZoneName> zone_names();
/// IANA name of a Windows name (case-insensitive), or empty.
[[nodiscard]] std::string_view iana_of_windows(std::string_view windows);
/// Windows name of an IANA name that stands for one, or empty.
[[nodiscard]] std::string_view windows_of_iana(std::string_view iana);

} // namespace lockstep::ical
