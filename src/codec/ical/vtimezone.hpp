// VTIMEZONE components: read as zones when the TZID says nothing, and written for zones that an
// object names. Spec: RFC 5545 3.6.5. Hardening X5: our own zone data comes first; rules are
// followed in bounds; references cannot be circular. Errors: bad_value (no usable observance).
#pragma once
#include <string_view>

#include "base/result.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/zone.hpp"

namespace lockstep::ical {

/// The zone that a VTIMEZONE describes, until the year 2100, with at most limits::kZoneTransitions
/// changes.
[[nodiscard]] Result<Zone> read_vtimezone(const Component& vtimezone);

/// A VTIMEZONE for the zone's present rules (those in force at `around`, UTC seconds), TZID = the
/// zone's name.
[[nodiscard]] Component write_vtimezone(const Zone& zone, std::int64_t around);

/// Adds a VTIMEZONE for every zone that the components' dates name and the object does not define;
/// in front of all else.
void add_missing_zones(Component& calendar, std::int64_t around);

/// Zones of one object: by TZID from the system, else from the object's own VTIMEZONE, else the
/// fallback.
class ObjectZones {
public:
    ObjectZones(const Component& calendar, ZonePtr fallback);
    [[nodiscard]] ZonePtr find(std::string_view tzid);
    [[nodiscard]] const ZonePtr& fallback() const { return fallback_; }

private:
    const Component* calendar_;
    ZonePtr fallback_;
    std::vector<std::pair<std::string, ZonePtr>> found_;
};

} // namespace lockstep::ical
