// Charset decoding; see charset.hpp.
#include "codec/mime/charset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include <unicode/ucnv.h>

#include "base/text.hpp"

namespace lockstep::mime {

namespace {

/// Unicode of windows-1252 0x80 to 0x9F; the five unassigned bytes stay C1 as in the WHATWG table.
constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

std::string windows1252(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            append_utf8(
                out, byte < 0xA0 ? kWindows1252[byte - 0x80U] : static_cast<char32_t>(byte)
            );
        }
    }
    return out;
}

bool is_latin1(std::string_view charset) {
    constexpr std::array<std::string_view, 7> kNames{"iso-8859-1", "windows-1252", "latin1",
                                                     "cp1252",     "iso8859-1",    "iso_8859-1",
                                                     "l1"};
    return std::ranges::any_of(kNames, [&](std::string_view name) {
        return iequals(name, charset);
    });
}

/// Names that mail uses and ICU does not know, or knows in a narrower sense than senders mean.
std::string icu_name(std::string_view charset) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kAliases{{
        {"gb2312", "gb18030"},
        {"gbk", "gb18030"},
        {"x-gbk", "gb18030"},
        {"ks_c_5601-1987", "windows-949"},
        {"ks_c_5601", "windows-949"},
        {"euc-kr", "windows-949"},
        {"shift_jis", "windows-31j"},
        {"x-sjis", "windows-31j"},
        {"iso-8859-9", "windows-1254"},
        {"iso-8859-8-i", "iso-8859-8"},
        {"tis-620", "windows-874"},
        {"cp-850", "ibm-850"},
    }};
    for (const auto& [name, known] : kAliases)
        if (iequals(name, charset))
            return std::string(known);
    return lower(charset);
}

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

/// nullptr when ICU does not know the charset.
Converter open_converter(std::string_view charset) {
    UErrorCode status = U_ZERO_ERROR;
    Converter converter(ucnv_open(icu_name(charset).c_str(), &status), &ucnv_close);
    if (U_FAILURE(status))
        converter.reset();
    return converter;
}

/// Converts through UTF-16 in pieces, so that memory stays near the size of the result.
std::string convert(UConverter* converter, std::string_view bytes) {
    std::string out;
    std::array<UChar, 4096> units{};
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    char32_t high = 0;
    for (bool more = true; more;) {
        UErrorCode status = U_ZERO_ERROR;
        UChar* target = units.data();
        ucnv_toUnicode(
            converter, &target, units.data() + units.size(), &source, end, nullptr, 1, &status
        );
        more = status == U_BUFFER_OVERFLOW_ERROR;
        for (const UChar* unit = units.data(); unit != target; ++unit) {
            const char32_t c = *unit;
            const bool low = c >= 0xDC00 && c < 0xE000;
            if (high != 0 && low) {
                append_utf8(out, 0x10000 + ((high - 0xD800) << 10U) + (c - 0xDC00));
                high = 0;
                continue;
            }
            if (high != 0)
                append_utf8(out, 0xFFFD);
            high = c >= 0xD800 && c < 0xDC00 ? c : 0;
            if (high == 0)
                append_utf8(out, c);
        }
    }
    if (high != 0)
        append_utf8(out, 0xFFFD);
    return out;
}

/// Length of the leading run of ASCII without controls that must go: eight bytes at a time, since
/// nearly all text of nearly every message is such a run.
std::size_t clean_ascii_prefix(std::string_view text) {
    constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
    constexpr std::uint64_t kBlanks = 0x2020202020202020ULL;
    const auto is_clean = [](char c) {
        return static_cast<signed char>(c) >= 0x20 || c == '\r' || c == '\n' || c == '\t';
    };
    std::size_t at = 0;
    while (text.size() - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        const bool plain = ((word | ((word - kBlanks) & ~word)) & kHigh) == 0;
        if (!plain && !std::ranges::all_of(text.substr(at, 8), is_clean))
            break;
        at += 8;
    }
    while (at < text.size() && is_clean(text[at]))
        ++at;
    return at;
}

bool is_clean_ascii(std::string_view text) { return clean_ascii_prefix(text) == text.size(); }

/// clean_utf8, with long ASCII runs copied at once. A run never cuts a sequence, so the result is
/// the same.
std::string cleaned(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto run = clean_ascii_prefix(text);
        out += text.substr(0, run);
        text.remove_prefix(run);
        std::size_t other = 0;
        while (other < text.size() && (static_cast<signed char>(text[other]) < 0x20))
            ++other;
        if (other > 0)
            out += clean_utf8(text.substr(0, other));
        text.remove_prefix(other);
    }
    return out;
}

} // namespace

bool is_utf8_charset(std::string_view charset) {
    return iequals(charset, "utf-8") || iequals(charset, "utf8") || iequals(charset, "us-ascii") ||
           iequals(charset, "ascii") || iequals(charset, "ansi_x3.4-1968");
}

bool is_known_charset(std::string_view charset) {
    if (charset.empty() || is_utf8_charset(charset))
        return true;
    UErrorCode error = U_ZERO_ERROR;
    return ucnv_countAliases(std::string(charset).c_str(), &error) > 0 && U_SUCCESS(error);
}

std::string to_utf8(std::string_view bytes, std::string_view charset) {
    if (is_clean_ascii(bytes) &&
        (charset.empty() || is_utf8_charset(charset) || is_latin1(charset)))
        return std::string(bytes);
    if (is_latin1(charset))
        return cleaned(windows1252(bytes));
    const bool declared_utf8 = iequals(charset, "utf-8") || iequals(charset, "utf8");
    if (declared_utf8)
        return cleaned(bytes);
    if (!charset.empty() && !is_utf8_charset(charset)) {
        if (const auto converter = open_converter(charset))
            return cleaned(convert(converter.get(), bytes));
    }
    return is_utf8(bytes) ? cleaned(bytes) : cleaned(windows1252(bytes));
}

std::size_t source_bytes_per_utf8_byte(std::string_view charset) {
    if (charset.empty() || is_utf8_charset(charset) || is_latin1(charset))
        return 1;
    const auto name = lower(charset);
    // 8-bit sets and two-byte sets never need more source bytes than UTF-8 bytes.
    for (const std::string_view one :
         {"iso-8859", "windows-", "koi8", "gb", "big5", "euc", "shift", "ks_c", "tis", "cp"})
        if (name.starts_with(one))
            return 1;
    return name.starts_with("utf-16") ? 2 : 4;
}

int codepage(std::string_view charset) {
    struct Entry {
        std::string_view name;
        int page;
    };
    constexpr std::array<Entry, 27> kPages{{
        {"utf-8", 65001},       {"utf8", 65001},
        {"us-ascii", 20127},    {"utf-7", 65000},
        {"utf-16", 1200},       {"utf-16le", 1200},
        {"utf-16be", 1201},     {"shift_jis", 932},
        {"x-sjis", 932},        {"windows-31j", 932},
        {"iso-2022-jp", 50220}, {"euc-jp", 51932},
        {"gb2312", 936},        {"gbk", 936},
        {"gb18030", 54936},     {"hz-gb-2312", 52936},
        {"big5", 950},          {"big5-hkscs", 950},
        {"euc-kr", 51949},      {"ks_c_5601-1987", 949},
        {"iso-2022-kr", 50225}, {"koi8-r", 20866},
        {"koi8-u", 21866},      {"tis-620", 874},
        {"windows-874", 874},   {"ibm850", 850},
        {"macintosh", 10000},
    }};
    for (const auto& entry : kPages)
        if (iequals(entry.name, charset))
            return entry.page;
    if (istarts_with(charset, "windows-125") || istarts_with(charset, "cp125"))
        return parse_int<int>(charset.substr(charset.size() - 4)).value_or(20127);
    if (istarts_with(charset, "iso-8859-")) {
        const auto number = parse_int<int>(charset.substr(9));
        if (number && *number >= 1 && *number <= 16)
            return 28590 + *number;
    }
    return 20127;
}

} // namespace lockstep::mime
