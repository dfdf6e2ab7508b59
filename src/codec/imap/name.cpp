// Modified UTF-7: base64 of UTF-16 with "," for "/", between "&" and "-".
#include "codec/imap/name.hpp"

#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace lockstep::imap {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool stands_for_itself(char c) { return c >= 0x20 && c <= 0x7E; }

/// The next code point of valid UTF-8, and steps over it.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    int more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t value = more == 0 ? lead : lead & (0x3FU >> static_cast<unsigned>(more));
    for (; more > 0 && at < text.size(); --more)
        value = value << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    return value;
}

void add_utf16(std::vector<std::uint16_t>& units, char32_t c) {
    if (c < 0x10000) {
        units.push_back(static_cast<std::uint16_t>(c));
        return;
    }
    units.push_back(static_cast<std::uint16_t>(0xD800 + ((c - 0x10000) >> 10U)));
    units.push_back(static_cast<std::uint16_t>(0xDC00 + ((c - 0x10000) & 0x3FFU)));
}

std::string shifted(const std::vector<std::uint16_t>& units) {
    std::string out = "&";
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const auto unit : units) {
        bits = bits << 16U | unit;
        for (have += 16; have >= 6; have -= 6)
            out += kAlphabet[bits >> (have - 6) & 63U];
        bits &= (1U << have) - 1;
    }
    if (have > 0)
        out += kAlphabet[bits << (6 - have) & 63U];
    return out + "-";
}

/// What stands between "&" and "-"; leniently, as the caller compares with the canonical form.
std::string unshifted(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    char32_t high = 0;
    for (const char c : text) {
        const auto value = kAlphabet.find(c);
        if (value == std::string_view::npos)
            return {};
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        have += 6;
        if (have < 16)
            continue;
        have -= 16;
        const char32_t unit = bits >> have & 0xFFFFU;
        bits &= (1U << have) - 1;
        if (unit >= 0xD800 && unit < 0xDC00)
            high = unit;
        else if (unit >= 0xDC00 && unit < 0xE000 && high != 0)
            append_utf8(out, 0x10000 + ((std::exchange(high, 0) - 0xD800) << 10U) + unit - 0xDC00);
        else
            append_utf8(out, unit);
    }
    return out;
}

} // namespace

std::string encode_utf7(std::string_view name) {
    std::string out;
    std::vector<std::uint16_t> units;
    for (std::size_t at = 0; at < name.size();) {
        if (stands_for_itself(name[at])) {
            out += name[at] == '&' ? std::string("&-") : std::string(1, name[at]);
            ++at;
            continue;
        }
        units.clear();
        while (at < name.size() && !stands_for_itself(name[at]))
            add_utf16(units, next_code_point(name, at));
        out += shifted(units);
    }
    return out;
}

Result<std::string> decode_utf7(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '&') {
            out += text[at++];
            continue;
        }
        const auto end = text.find('-', at);
        if (end == std::string_view::npos)
            return fail(Code::bad_value, "a name in modified UTF-7 that does not end");
        out += end == at + 1 ? std::string("&") : unshifted(text.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    if (!is_utf8(out) || encode_utf7(out) != text)
        return fail(Code::bad_value, "a name that is not in canonical modified UTF-7");
    return out;
}

} // namespace lockstep::imap
