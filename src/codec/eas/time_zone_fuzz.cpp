// Fuzzer of TimeZone structures: whatever is one has a zone, and is written back as itself.
#include <cstdlib>

#include "base/text.hpp"
#include "codec/eas/time_zone.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)eas::parse_zone_blob(bytes);
    const auto blob = eas::parse_zone_blob(base64(bytes));
    if (!blob)
        return 0;
    static const auto berlin = ical::zone_or_utc("Europe/Berlin");
    const auto zone = eas::zone_of_blob(*blob, berlin, 1'795'514'580);
    if (zone == nullptr)
        std::abort();
    if (!eas::parse_zone_blob(eas::format_zone_blob(eas::blob_of_zone(*zone, 1'795'514'580))))
        std::abort();
    return 0;
}
