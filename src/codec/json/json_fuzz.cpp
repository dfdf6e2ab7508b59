// What the reader takes is written and read again as the same value.
#include <cstdlib>

#include "base/text.hpp"
#include "codec/json/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const auto text = as_text({data, size});
    const auto value = json::parse(text);
    if (!value)
        return 0;
    const auto again = json::parse(json::write(*value));
    if (!again || json::write(*again) != json::write(*value))
        std::abort();
    if (value->is_array() || value->is_object())
        static_cast<void>(json::follow(*value, "/*/a/*"));
    return 0;
}
