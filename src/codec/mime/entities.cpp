// Character references; see entities.hpp.
#include "codec/mime/entities.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"
#include "codec/mime/charset.hpp"

namespace lockstep::mime {

namespace {

struct NamedEntity {
    std::string_view name;
    char32_t code;
};

// Sorted by name (byte order) for the binary search: Latin-1, punctuation, arrows, Greek.
// clang-format off
constexpr std::array kEntities = std::to_array<NamedEntity>({
    {"AElig", 0xC6}, {"Aacute", 0xC1}, {"Acirc", 0xC2}, {"Agrave", 0xC0}, {"Alpha", 0x391},
    {"Aring", 0xC5}, {"Atilde", 0xC3}, {"Auml", 0xC4}, {"Beta", 0x392}, {"Ccedil", 0xC7},
    {"Chi", 0x3A7}, {"Dagger", 0x2021}, {"Delta", 0x394}, {"ETH", 0xD0}, {"Eacute", 0xC9},
    {"Ecirc", 0xCA}, {"Egrave", 0xC8}, {"Epsilon", 0x395}, {"Eta", 0x397}, {"Euml", 0xCB},
    {"Gamma", 0x393}, {"Iacute", 0xCD}, {"Icirc", 0xCE}, {"Igrave", 0xCC}, {"Iota", 0x399},
    {"Iuml", 0xCF}, {"Kappa", 0x39A}, {"Lambda", 0x39B}, {"Mu", 0x39C}, {"Ntilde", 0xD1},
    {"Nu", 0x39D}, {"OElig", 0x152}, {"Oacute", 0xD3}, {"Ocirc", 0xD4}, {"Ograve", 0xD2},
    {"Omega", 0x3A9}, {"Omicron", 0x39F}, {"Oslash", 0xD8}, {"Otilde", 0xD5}, {"Ouml", 0xD6},
    {"Phi", 0x3A6}, {"Pi", 0x3A0}, {"Prime", 0x2033}, {"Psi", 0x3A8}, {"Rho", 0x3A1},
    {"Scaron", 0x160}, {"Sigma", 0x3A3}, {"THORN", 0xDE}, {"Tau", 0x3A4}, {"Theta", 0x398},
    {"Uacute", 0xDA}, {"Ucirc", 0xDB}, {"Ugrave", 0xD9}, {"Upsilon", 0x3A5}, {"Uuml", 0xDC},
    {"Xi", 0x39E}, {"Yacute", 0xDD}, {"Yuml", 0x178}, {"Zeta", 0x396}, {"aacute", 0xE1},
    {"acirc", 0xE2}, {"acute", 0xB4}, {"aelig", 0xE6}, {"agrave", 0xE0}, {"alpha", 0x3B1},
    {"amp", 0x26}, {"apos", 0x27}, {"aring", 0xE5}, {"asymp", 0x2248}, {"atilde", 0xE3},
    {"auml", 0xE4}, {"bdquo", 0x201E}, {"beta", 0x3B2}, {"brvbar", 0xA6}, {"bull", 0x2022},
    {"ccedil", 0xE7}, {"cedil", 0xB8}, {"cent", 0xA2}, {"check", 0x2713}, {"chi", 0x3C7},
    {"circ", 0x2C6}, {"clubs", 0x2663}, {"copy", 0xA9}, {"curren", 0xA4}, {"dagger", 0x2020},
    {"darr", 0x2193}, {"deg", 0xB0}, {"delta", 0x3B4}, {"diams", 0x2666}, {"divide", 0xF7},
    {"eacute", 0xE9}, {"ecirc", 0xEA}, {"egrave", 0xE8}, {"emsp", 0x2003}, {"ensp", 0x2002},
    {"epsilon", 0x3B5}, {"eta", 0x3B7}, {"eth", 0xF0}, {"euml", 0xEB}, {"euro", 0x20AC},
    {"fnof", 0x192}, {"frac12", 0xBD}, {"frac14", 0xBC}, {"frac34", 0xBE}, {"gamma", 0x3B3},
    {"ge", 0x2265}, {"gt", 0x3E}, {"harr", 0x2194}, {"hearts", 0x2665}, {"hellip", 0x2026},
    {"iacute", 0xED}, {"icirc", 0xEE}, {"iexcl", 0xA1}, {"igrave", 0xEC}, {"infin", 0x221E},
    {"iota", 0x3B9}, {"iquest", 0xBF}, {"iuml", 0xEF}, {"kappa", 0x3BA}, {"lArr", 0x21D0},
    {"lambda", 0x3BB}, {"laquo", 0xAB}, {"larr", 0x2190}, {"ldquo", 0x201C}, {"le", 0x2264},
    {"loz", 0x25CA}, {"lrm", 0x200E}, {"lsaquo", 0x2039}, {"lsquo", 0x2018}, {"lt", 0x3C},
    {"macr", 0xAF}, {"mdash", 0x2014}, {"micro", 0xB5}, {"middot", 0xB7}, {"minus", 0x2212},
    {"mu", 0x3BC}, {"nbsp", 0xA0}, {"ndash", 0x2013}, {"ne", 0x2260}, {"not", 0xAC},
    {"ntilde", 0xF1}, {"nu", 0x3BD}, {"oacute", 0xF3}, {"ocirc", 0xF4}, {"oelig", 0x153},
    {"ograve", 0xF2}, {"oline", 0x203E}, {"omega", 0x3C9}, {"omicron", 0x3BF}, {"ordf", 0xAA},
    {"ordm", 0xBA}, {"oslash", 0xF8}, {"otilde", 0xF5}, {"ouml", 0xF6}, {"para", 0xB6},
    {"permil", 0x2030}, {"phi", 0x3C6}, {"phone", 0x260E}, {"pi", 0x3C0}, {"plusmn", 0xB1},
    {"pound", 0xA3}, {"prime", 0x2032}, {"psi", 0x3C8}, {"quot", 0x22}, {"rArr", 0x21D2},
    {"radic", 0x221A}, {"raquo", 0xBB}, {"rarr", 0x2192}, {"rdquo", 0x201D}, {"reg", 0xAE},
    {"rho", 0x3C1}, {"rlm", 0x200F}, {"rsaquo", 0x203A}, {"rsquo", 0x2019}, {"sbquo", 0x201A},
    {"scaron", 0x161}, {"sect", 0xA7}, {"shy", 0xAD}, {"sigma", 0x3C3}, {"sigmaf", 0x3C2},
    {"spades", 0x2660}, {"star", 0x2606}, {"starf", 0x2605}, {"sum", 0x2211}, {"sup1", 0xB9},
    {"sup2", 0xB2}, {"sup3", 0xB3}, {"szlig", 0xDF}, {"tau", 0x3C4}, {"theta", 0x3B8},
    {"thinsp", 0x2009}, {"thorn", 0xFE}, {"tilde", 0x2DC}, {"times", 0xD7}, {"trade", 0x2122},
    {"uacute", 0xFA}, {"uarr", 0x2191}, {"ucirc", 0xFB}, {"ugrave", 0xF9}, {"uml", 0xA8},
    {"upsilon", 0x3C5}, {"uuml", 0xFC}, {"xi", 0x3BE}, {"yacute", 0xFD}, {"yen", 0xA5},
    {"yuml", 0xFF}, {"zeta", 0x3B6}, {"zwj", 0x200D}, {"zwnj", 0x200C},
});
// clang-format on
static_assert(std::ranges::is_sorted(kEntities, {}, &NamedEntity::name));

constexpr std::size_t kNameBytes = 8; // the longest name above
constexpr std::size_t kDigits = 8;    // U+10FFFF has seven decimal digits

std::size_t numeric_entity(std::string_view text, std::string& out) {
    const bool hexadecimal = text.size() > 2 && ascii_lower(text[2]) == 'x';
    const std::size_t start = hexadecimal ? 3 : 2;
    std::size_t end = start;
    while (end < text.size() && end - start < kDigits &&
           (hexadecimal ? unhex(std::string("0") + text[end]).has_value() : is_digit(text[end])))
        ++end;
    std::uint32_t code = 0;
    const auto [last, error] =
        std::from_chars(text.data() + start, text.data() + end, code, hexadecimal ? 16 : 10);
    if (end == start || error != std::errc{})
        return 0;
    if (code >= 0x80 && code < 0xA0) {
        // The standard maps C1 numbers as windows-1252, since that is what pages meant.
        const char byte = static_cast<char>(code);
        out += to_utf8(std::string_view(&byte, 1), "windows-1252");
    } else if (code == 0) {
        append_utf8(out, 0xFFFD);
    } else if (code >= 0x20 || code == '\t' || code == '\n' || code == '\r') {
        append_utf8(out, code);
    }
    return end + (end < text.size() && text[end] == ';' ? 1 : 0);
}

} // namespace

std::size_t decode_entity(std::string_view text, std::string& out) {
    if (text.size() < 3)
        return 0;
    if (text[1] == '#')
        return numeric_entity(text, out);
    std::size_t end = 1;
    while (end < text.size() && end <= kNameBytes &&
           (is_digit(text[end]) || (ascii_lower(text[end]) >= 'a' && ascii_lower(text[end]) <= 'z'))
    )
        ++end;
    const auto name = text.substr(1, end - 1);
    const auto* const found = std::ranges::lower_bound(kEntities, name, {}, &NamedEntity::name);
    if (found == kEntities.end() || found->name != name)
        return 0;
    append_utf8(out, found->code);
    return end + (end < text.size() && text[end] == ';' ? 1 : 0);
}

std::string decode_entities(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto amp = std::min(text.find('&'), text.size());
        out += text.substr(0, amp);
        text.remove_prefix(amp);
        if (text.empty())
            break;
        auto length = decode_entity(text, out);
        if (length == 0) {
            out += '&';
            length = 1;
        }
        text.remove_prefix(length);
    }
    return out;
}

} // namespace lockstep::mime
