// The system's zones: found by name, read once, shared by every thread.
// Spec: RFC 8536; names of the tz database (Theory: at most "[A-Za-z0-9._+-]" between slashes).
// Invariants: only files below the zone folder are opened; the cache holds only names that exist,
// so it is bounded.
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include "base/locked.hpp"
#include "base/text.hpp"
#include "codec/ical/zone.hpp"
#include "codec/ical/zone_names.hpp"

namespace lockstep::ical {
namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kZoneFileBytes = 64U << 10U;

using ZoneCache = LockGuarded<std::map<std::string, ZonePtr, std::less<>>>;

ZoneCache& zone_cache() {
    static ZoneCache cache;
    return cache;
}

bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/')
        return false;
    for (const auto part : split(name, '/')) {
        if (part.empty() || part.front() == '.')
            return false;
        for (const char c : part)
            if (!is_digit(c) && (ascii_lower(c) < 'a' || ascii_lower(c) > 'z') && c != '_' &&
                c != '-' && c != '+')
                return false;
    }
    return true;
}

Result<std::string> read_zone_file(std::string_view name) {
    const auto path = std::string(kZoneFolder) + std::string(name);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        std::fopen(path.c_str(), "rb"), &std::fclose
    );
    if (!file)
        return fail(Code::not_found, "no such time zone");
    std::string bytes(kZoneFileBytes, '\0');
    bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
    return bytes;
}

/// Names that clients write for UTC, and zones of one country that have another name in the tz
/// database.
std::string_view plain_name(std::string_view name) {
    for (const std::string_view utc :
         {"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z", "Zulu", "Etc/Zulu", "Universal",
          "tzone://Microsoft/Utc"})
        if (iequals(name, utc))
            return "Etc/UTC";
    return name;
}

} // namespace

ZonePtr utc_zone() {
    static const ZonePtr utc =
        std::make_shared<const Zone>("Etc/UTC", 0, std::vector<Transition>{}, std::nullopt);
    return utc;
}

Result<ZonePtr> load_zone(std::string_view iana_name) {
    if (iana_name == "Etc/UTC" || iana_name == "UTC")
        return utc_zone();
    if (!is_zone_name(iana_name))
        return fail(Code::not_found, "not a time zone name");
    auto known = zone_cache().with([&](auto& zones) {
        const auto it = zones.find(iana_name);
        return it == zones.end() ? ZonePtr{} : it->second;
    });
    if (known)
        return known;
    TRY(const auto bytes, read_zone_file(iana_name));
    TRY(auto zone, Zone::parse_tzif(std::string(iana_name), bytes));
    auto made = std::make_shared<const Zone>(std::move(zone));
    zone_cache().with([&](auto& zones) { zones.emplace(std::string(iana_name), made); });
    return made;
}

Result<ZonePtr> find_zone(std::string_view tzid) {
    tzid = trim(tzid);
    if (tzid.size() > 2 && tzid.front() == '"' && tzid.back() == '"')
        tzid = tzid.substr(1, tzid.size() - 2);
    tzid = plain_name(tzid);
    if (auto zone = load_zone(tzid))
        return zone;
    if (const auto iana = iana_of_windows(tzid); !iana.empty())
        return load_zone(iana);
    // Vendor prefixes end in the IANA name: try the last three, two, and one parts of the path.
    const auto parts = split(tzid, '/');
    for (std::size_t keep = std::min<std::size_t>(3, parts.size() - 1); keep > 0; --keep) {
        const auto* begin = parts[parts.size() - keep].data();
        const std::string_view tail(
            begin, static_cast<std::size_t>(tzid.data() + tzid.size() - begin)
        );
        if (auto zone = load_zone(tail))
            return zone;
    }
    return fail(Code::not_found, "no such time zone");
}

ZonePtr zone_or_utc(std::string_view iana_name) {
    auto zone = find_zone(iana_name);
    return zone ? *zone : utc_zone();
}

} // namespace lockstep::ical
