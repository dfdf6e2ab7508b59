// Header text of any kind decodes to clean text on one line; addresses and dates that are written
// are read back.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/mime/parameters.hpp"

namespace {

void need(bool condition) {
    if (!condition)
        std::abort();
}

bool on_one_line(std::string_view text) {
    return lockstep::is_utf8(text) && text.find_first_of("\r\n") == std::string_view::npos;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const auto text = mime::decode_text(raw);
    need(on_one_line(text));
    // One field in, one field out, whatever the value holds.
    const auto field = mime::write_text_field("Subject", text);
    need(is_ascii(field) && mime::Headers(field + "\r\n").fields().size() == 1);
    for (const auto& address : mime::parse_addresses(raw)) {
        need(
            on_one_line(address.name) && on_one_line(address.local) && on_one_line(address.domain)
        );
        const auto written = mime::write_address_field("To", {address});
        need(written.empty() || mime::Headers(written + "\r\n").fields().size() == 1);
    }
    for (const auto& [name, value] : mime::parse_parameters(raw).items)
        need(is_utf8(value));
    if (const auto date = mime::parse_date(raw);
        date && *date > -62'000'000'000 && *date < 250'000'000'000)
        need(mime::parse_date(mime::format_date(*date)) == date);
    for (const auto& id : mime::decode_ids(raw))
        need(on_one_line(id));
    return 0;
}
