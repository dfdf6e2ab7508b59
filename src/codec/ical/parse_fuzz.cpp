// Fuzzer of calendar objects: whatever parses is written, read again as the same, indexed and
// expanded in bounds.
#include <cstdlib>

#include "codec/ical/component.hpp"
#include "codec/ical/index.hpp"
#include "codec/ical/series.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep::ical;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto tree = parse(bytes);
    if (!tree)
        return 0;
    const auto written = serialize(*tree);
    const auto again = parse(written);
    if (!again || *again != *tree || serialize(*again) != written)
        std::abort();
    for (const auto* kind : {"VEVENT", "VTODO"}) {
        const auto series = Series::read(*tree, kind, zone_or_utc("Europe/Berlin"));
        if (!series)
            continue;
        const auto expansion = series->expand(1'700'000'000, 1'800'000'000, 500);
        if (expansion.occurrences.size() > 500)
            std::abort();
        for (const auto& occurrence : expansion.occurrences)
            if (occurrence.end < occurrence.start || occurrence.component == nullptr)
                std::abort();
    }
    (void)index_event(bytes, "Europe/Berlin");
    (void)index_todo(bytes, "Europe/Berlin");
    (void)index_journal(bytes);
    return 0;
}
