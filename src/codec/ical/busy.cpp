// Reads TRANSP, STATUS, PARTSTAT and Outlook's busy status.
#include "codec/ical/busy.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace lockstep::ical {
namespace {

constexpr std::array<std::string_view, 5> kBusyNames{
    "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE"
};

bool has_address(std::span<const std::string> addresses, std::string_view value) {
    return std::ranges::find(addresses, calendar_address(value)) != addresses.end();
}

} // namespace

std::string_view name_of(Busy busy) { return kBusyNames[static_cast<std::size_t>(busy)]; }

Busy busy_of(const Component& component) {
    const auto said = trim(component.value_of("X-MICROSOFT-CDO-BUSYSTATUS"));
    const bool is_free = iequals(trim(component.value_of("TRANSP")), "TRANSPARENT");
    for (std::size_t i = 0; i < kBusyNames.size(); ++i)
        if (iequals(said, kBusyNames[i]) && is_free == (i == 0 || i == 4))
            return static_cast<Busy>(i);
    if (is_free)
        return Busy::free;
    return iequals(trim(component.value_of("STATUS")), "TENTATIVE") ? Busy::tentative : Busy::busy;
}

Busy busy_for(const Component& component, std::span<const std::string> addresses) {
    if (iequals(trim(component.value_of("STATUS")), "CANCELLED"))
        return Busy::free;
    const auto busy = busy_of(component);
    if (has_address(addresses, component.value_of("ORGANIZER")))
        return busy;
    for (const auto& property : component.properties) {
        if (property.name() != "ATTENDEE" || !has_address(addresses, property.value()))
            continue;
        const auto answer = property.parameter("PARTSTAT");
        if (iequals(answer, "DECLINED"))
            return Busy::free;
        if (busy == Busy::busy &&
            (answer.empty() || iequals(answer, "NEEDS-ACTION") || iequals(answer, "TENTATIVE")))
            return Busy::tentative;
    }
    return busy;
}

std::string calendar_address(std::string_view value) {
    value = trim(value);
    if (istarts_with(value, "mailto:"))
        value.remove_prefix(7);
    return lower(trim(value));
}

} // namespace lockstep::ical
