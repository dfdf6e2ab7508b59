// Any bytes: parsing is bounded, writing what was parsed gives a card that parses to the same and
// writes to the same bytes, and a card survives a journey through the other version.
#include <cstdlib>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/convert.hpp"
#include "codec/vcard/index.hpp"
#include "codec/vcard/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const auto part : vcard::split_cards(input))
        ENSURE(!part.empty());
    ENSURE(
        vcard::unescape(vcard::escape(input)) ==
        replace_all(replace_all(input, "\r\n", "\n"), "\r", "\n")
    );
    auto card = vcard::parse(input);
    if (!card)
        return 0;
    const auto index = vcard::index_card(*card);
    ENSURE(is_utf8(index.display_name) && is_utf8(index.uid));
    const auto written = vcard::serialize(*card);
    const auto again = vcard::parse(written);
    ENSURE(again);
    ENSURE(again->properties.size() == card->properties.size());
    for (std::size_t i = 0; i < card->properties.size(); ++i) {
        ENSURE(again->properties[i].name() == card->properties[i].name());
        ENSURE(again->properties[i].group() == card->properties[i].group());
    }
    ENSURE(vcard::serialize(*again) == written);
    for (auto& property : card->properties)
        property.set_value(property.value()); // forget the bytes
    const auto fresh = vcard::parse(vcard::serialize(*card));
    ENSURE(fresh);
    ENSURE(fresh->properties.size() == card->properties.size());
    const auto four = vcard::convert(written, vcard::Version::v4_0);
    ENSURE(four && vcard::parse(*four));
    const auto three = vcard::convert(*four, vcard::Version::v3_0);
    ENSURE(three && vcard::parse(*three));
    return 0;
}
