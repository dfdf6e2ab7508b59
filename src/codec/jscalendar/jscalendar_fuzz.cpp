// Hostile calendar objects and hostile JSCalendar: whatever can be read can be written and read
// again.
#include <cstdint>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/jscalendar/note.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const auto bytes = as_text({data, size});
    constexpr std::int64_t kNow = 1'770'000'000;
    for (const auto kind : {jscalendar::Kind::event, jscalendar::Kind::task}) {
        if (auto object = jscalendar::read_object(bytes, kind)) {
            const auto same = jscalendar::write_object(bytes, *object, kind, kNow);
            ENSURE(same && *same == bytes);
            (*object)["title"] = "x";
            if (const auto edited = jscalendar::write_object(bytes, *object, kind, kNow))
                ENSURE(jscalendar::read_object(*edited, kind).has_value());
            const auto found =
                jscalendar::instances_of(bytes, kind, kNow, kNow + 864'000, 20, ical::utc_zone());
            if (found)
                for (const auto& each : found->all)
                    if (!each.id.empty())
                        static_cast<void>(jscalendar::instance_of(*object, each.id));
        }
        const auto value = json::parse(bytes);
        if (value && value->is_object())
            if (const auto made = jscalendar::write_object({}, value->get_object(), kind, kNow))
                ENSURE(jscalendar::read_object(*made, kind).has_value());
    }
    if (const auto note = jscalendar::read_note(bytes)) {
        const auto same = jscalendar::write_note(bytes, *note, kNow);
        ENSURE(same && *same == bytes);
    }
    return 0;
}
