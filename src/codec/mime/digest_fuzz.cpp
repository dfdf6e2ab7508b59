// A digest of any message is stored and read back unchanged; any other bytes are refused or give a
// sound digest.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "codec/mime/digest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto digest = lockstep::mime::make_digest(bytes);
    if (!lockstep::is_utf8(digest.subject) || !lockstep::is_utf8(digest.preview))
        std::abort();
    const auto again = lockstep::mime::decode(lockstep::mime::encode(digest));
    if (!again || *again != digest)
        std::abort();
    if (const auto wild = lockstep::mime::decode(bytes)) {
        for (const auto& part : wild->parts)
            if (part.offset > wild->size || part.encoded_length > wild->size - part.offset)
                std::abort();
    }
    return 0;
}
