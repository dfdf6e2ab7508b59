// Rich text from clients: nothing crashes, and what we write comes back.
#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "codec/eas/rtf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto unpacked = eas::unpack_rtf(bytes);
    const auto text = eas::rtf_to_text(unpacked ? *unpacked : bytes);
    if (!is_utf8(clean_utf8(text)))
        std::abort();
    if (eas::unpack_rtf(eas::pack_rtf(bytes)).value_or("") != bytes)
        std::abort();
    return 0;
}
