// Fuzzer of zone files and POSIX rules: offsets stay in bounds, and wall clocks come back.
#include <cstdlib>

#include "codec/ical/value.hpp"
#include "codec/ical/zone.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep::ical;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto rule = parse_posix_rule(bytes)) {
        const Zone zone("fuzz", 0, {}, *rule);
        for (std::int64_t at = 1'700'000'000; at < 1'900'000'000; at += 10'000'000)
            (void)zone.to_utc(zone.to_civil(at));
    }
    if (const auto zone = Zone::parse_tzif("fuzz", bytes)) {
        for (std::int64_t at = -2'000'000'000; at < 4'000'000'000; at += 500'000'000) {
            const auto offset = zone->offset_at(at);
            if (offset <= -10 * kDay || offset >= 10 * kDay)
                std::abort();
            (void)zone->to_utc(at);
        }
        if (zone->changes(0, 4'000'000'000).size() > 10'000)
            std::abort();
    }
    return 0;
}
