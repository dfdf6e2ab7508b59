// Decoders: the size pass agrees with the decoding, a bounded decode is a prefix, and what is
// encoded is decoded again. HTML conversion and charsets give clean, bounded text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/transfer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    if (size < 2)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    for (const auto encoding :
         {mime::Encoding::base64, mime::Encoding::quoted_printable, mime::Encoding::uuencode,
          mime::Encoding::identity}) {
        const auto whole = mime::decode_transfer(encoding, bytes);
        if (mime::decoded_size(encoding, bytes) != whole.size())
            std::abort();
        const std::size_t bound = data[0];
        if (mime::decode_transfer(encoding, bytes, bound) != whole.substr(0, bound))
            std::abort();
    }
    if (mime::decode_transfer(mime::Encoding::base64, mime::encode_base64_lines(bytes)) != bytes)
        std::abort();
    constexpr std::string_view kCharsets[] = {"",       "utf-8",       "iso-8859-1",
                                              "utf-7",  "iso-2022-jp", "gb2312",
                                              "utf-16", "big5"};
    const auto text = mime::to_utf8(bytes, kCharsets[data[1] % 8]);
    if (!is_utf8(text))
        std::abort();
    const auto plain = mime::html_to_text(text, data[0]);
    if (!is_utf8(plain) || plain.size() > data[0])
        std::abort();
    if (!is_utf8(mime::preview_of_text(text, 255)) || !is_utf8(mime::text_to_html(text)))
        std::abort();
    const auto prefix = mime::decode_text_body(mime::Encoding::identity, "utf-8", bytes, data[0]);
    if (prefix.text.size() > data[0] || !is_utf8(prefix.text))
        std::abort();
    return 0;
}
