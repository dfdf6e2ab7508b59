// A stored card and a client's data, both any bytes: merging never makes a card that cannot be
// read, what was merged is what is written, and sending it back changes nothing.
#include <cstdint>

#include "base/ensure.hpp"
#include "codec/eas/contacts.hpp"
#include "codec/eas/options.hpp"
#include "codec/vcard/card.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"

namespace {

using namespace lockstep;

wbxml::Node written(std::string_view card) {
    wbxml::Writer out(wbxml::Version::v16_1);
    out.open(wbxml::air_sync::ApplicationData);
    ENSURE(eas::write_contact(out, card, eas::ItemOptions{}));
    out.close();
    const auto bytes = out.finish();
    ENSURE(bytes);
    auto node = wbxml::parse(*bytes);
    ENSURE(node);
    return *std::move(node);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(bytes), size);
    if (size < 2)
        return 0;
    const std::size_t cut = 1 + static_cast<std::uint8_t>(input[0]) * (size - 1) / 256;
    const auto data = wbxml::parse(input.substr(cut));
    auto stored = input.substr(1, cut - 1);
    if (!vcard::parse(stored))
        stored = {};
    const std::set<wbxml::Tag> none;
    const auto* supported = (input[0] & 1) != 0 ? &none : nullptr;
    if (!data) {
        if (!stored.empty()) {
            const auto same = eas::merge_contact(stored, written(stored), wbxml::Version::v16_1);
            ENSURE(same);
            ENSURE(vcard::parse(*same));
        }
        return 0;
    }
    const auto merged = eas::merge_contact(stored, *data, wbxml::Version::v16_1, supported);
    if (!merged)
        return 0;
    ENSURE(vcard::parse(*merged));
    const auto first = written(*merged);
    const auto again = eas::merge_contact(*merged, first, wbxml::Version::v16_1);
    ENSURE(again);
    ENSURE(written(*again) == first);
    return 0;
}
