// Writes strings.
#include "codec/imap/writer.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/imap/name.hpp"

namespace lockstep::imap {
namespace {

constexpr std::size_t kQuotedMost = 1'000; ///< longer ones are literals: old clients cut lines

bool fits_quotes(std::string_view text, bool utf8) {
    if (text.size() > kQuotedMost)
        return false;
    const bool plain = std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte != 0x7F;
    });
    return plain && (is_ascii(text) || (utf8 && is_utf8(text)));
}

void put_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

} // namespace

void put_string(std::string& out, std::string_view text, bool utf8) {
    if (fits_quotes(text, utf8))
        return put_quoted(out, text);
    put_literal(out, replace_all(text, std::string_view("\0", 1), ""));
}

void put_nstring(std::string& out, const std::optional<std::string>& text, bool utf8) {
    if (text)
        put_string(out, *text, utf8);
    else
        out += "NIL";
}

void put_literal(std::string& out, std::string_view bytes) {
    if (bytes.contains('\0'))
        out += '~';
    out += '{';
    out += std::to_string(bytes.size());
    out += "}\r\n";
    out += bytes;
}

void put_mailbox(std::string& out, std::string_view name, bool utf8) {
    put_string(out, utf8 ? std::string(name) : encode_utf7(name), utf8);
}

std::string human_text(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 400)) {
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte >= 0x7F ? '?' : c;
    }
    return out;
}

} // namespace lockstep::imap
