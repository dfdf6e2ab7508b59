// Two arbitrary messages make an answer that is a message with one header, and 7-bit output of
// parts that had 8 bits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/mime/compose.hpp"
#include "codec/mime/digest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    if (size < 2)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto cut = (data[0] * bytes.size()) >> 8U;
    const auto client = bytes.substr(0, cut);
    const auto original = bytes.substr(cut);
    for (const auto& answer :
         {mime::smart_reply(client, original), mime::smart_forward(client, original)}) {
        if (!answer)
            continue;
        const auto before = mime::make_digest(client);
        const auto after = mime::make_digest(*answer);
        if (after.subject != before.subject || after.to != before.to)
            std::abort();
    }
    const auto seven = mime::to_seven_bit(bytes);
    if (mime::parse(seven).parts.size() != mime::parse(bytes).parts.size())
        std::abort();
    return 0;
}
