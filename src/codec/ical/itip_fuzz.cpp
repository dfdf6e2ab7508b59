// Fuzzer of iTIP: two objects, cut at the first NUL, as a stored one and one that arrives. Whatever
// is applied can be read again, is not applied twice, and an outsider changes nothing.
#include <cstdlib>

#include "base/limits.hpp"
#include "codec/ical/itip.hpp"

namespace {

using namespace lockstep::ical;

void check_object(const std::optional<Component>& object) {
    if (!object)
        return;
    const auto again = parse(serialize(*object));
    if (!again || main_event(*again) == nullptr)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto cut = std::min(bytes.find('\0'), bytes.size());
    const auto stored = parse(bytes.substr(0, cut));
    const auto incoming = parse(bytes.substr(std::min(cut + 1, bytes.size())));
    if (!stored || main_event(*stored) == nullptr)
        return 0;
    const Participant anna{{"anna@example.org"}, "Anna", utc_zone(), 1'795'500'000};
    const Participant olga{{"olga@example.org"}, "Olga", utc_zone(), 1'795'500'000};
    for (const auto& message : organizer_messages(nullptr, &*stored, olga))
        check_object(message.calendar);
    check_object(answer_message(*main_event(*stored), {}, anna).calendar);
    if (!incoming || main_event(*incoming) == nullptr)
        return 0;
    for (const auto& message : organizer_messages(&*stored, &*incoming, olga))
        check_object(message.calendar);
    auto revised = *incoming;
    revise(&*stored, revised, olga);
    const auto from = organizer_of(*incoming);
    const auto requested = apply_request(&*stored, *incoming, from, anna);
    check_object(requested);
    check_object(apply_request(nullptr, *incoming, from, anna));
    check_object(apply_add(*stored, *incoming, from, anna));
    check_object(apply_cancel(*stored, *incoming, from, anna));
    check_object(apply_reply(*stored, *incoming, Method::reply, "anna@example.org", olga));
    if (apply_cancel(*stored, *incoming, "eve@example.net", anna) && from != "eve@example.net" &&
        serialize(*stored).find("eve@example.net") == std::string::npos)
        std::abort();
    return 0;
}
