// Transfer encoders; see transfer.hpp.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kLineCharacters = 76;
constexpr std::size_t kBytesPerBase64Line = kLineCharacters / 4 * 3;

} // namespace

std::string encode_base64_lines(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() / 3 * 4 + bytes.size() / kBytesPerBase64Line * 2 + 8);
    while (!bytes.empty()) {
        out += base64(bytes.substr(0, kBytesPerBase64Line));
        out += "\r\n";
        bytes.remove_prefix(std::min(bytes.size(), kBytesPerBase64Line));
    }
    return out;
}

std::string encode_quoted_printable(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\r' || c == '\n') {
            if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n')
                ++at;
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool line_end = at + 1 == text.size() || text[at + 1] == '\r' || text[at + 1] == '\n';
        const auto byte = static_cast<unsigned char>(c);
        // Blanks at a line's end would be eaten on the way; a leading dot or "From " is changed by
        // some relays.
        const bool plain =
            (byte > 0x20 && byte < 0x7F && c != '=' && !(column == 0 && (c == '.' || c == 'F'))) ||
            ((c == ' ' || c == '\t') && !line_end);
        const std::size_t width = plain ? 1 : 3;
        if (column + width > kLineCharacters - (line_end ? 0 : 1)) {
            out += "=\r\n";
            column = 0;
        }
        if (plain) {
            out += c;
        } else {
            out += '=';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
        column += width;
    }
    return out;
}

} // namespace lockstep::mime
