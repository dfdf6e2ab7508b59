// Quoted-printable, character sets and 2.1 values.
// Spec: legacy.hpp.
#include "codec/vcard/legacy.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/// windows-1252 at 0x80 to 0x9F (WHATWG's table; the five holes map to themselves).
constexpr std::array<char16_t, 32> k1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

char32_t latin9(unsigned char c) {
    switch (c) {
    case 0xA4:
        return 0x20AC;
    case 0xA6:
        return 0x0160;
    case 0xA8:
        return 0x0161;
    case 0xB4:
        return 0x017D;
    case 0xB8:
        return 0x017E;
    case 0xBC:
        return 0x0152;
    case 0xBD:
        return 0x0153;
    case 0xBE:
        return 0x0178;
    default:
        return c;
    }
}

bool is_structured(std::string_view name) {
    return name == "N" || name == "ADR" || name == "ORG" || name == "GENDER";
}

/// Values that are URIs, dates or other forms without text escapes.
bool is_verbatim(std::string_view name, const std::vector<Parameter>& parameters) {
    for (const auto& parameter : parameters)
        if (parameter.name == "VALUE" && !parameter.values.empty() &&
            (iequals(parameter.values[0], "URL") || iequals(parameter.values[0], "URI")))
            return true;
    static constexpr std::array<std::string_view, 7> names = {"URL", "BDAY", "GEO",       "REV",
                                                              "TZ",  "UID",  "CATEGORIES"};
    return std::ranges::find(names, name) != names.end();
}

/// 2.1 knows one escape only, \; between components; everything else is literal.
std::string escape_2_1(std::string_view name, std::string_view value) {
    if (!is_structured(name))
        return escape(value);
    std::string out;
    for (const auto part : split_escaped(value, ';')) {
        if (!out.empty() || part.data() != value.data())
            out += ';';
        out += escape(replace_all(part, "\\;", ";"));
    }
    return out;
}

/// What makes a value go through decode_charset: other than printable ASCII.
bool is_unclean(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte < 0x20 && c != '\t');
}

/// Takes the parameter out and returns its first value, lower-case.
std::string take(std::vector<Parameter>& parameters, std::string_view name) {
    std::string found;
    for (const auto& parameter : parameters)
        if (parameter.name == name && !parameter.values.empty())
            found = lower(parameter.values.front());
    std::erase_if(parameters, [&](const Parameter& parameter) { return parameter.name == name; });
    return found;
}

} // namespace

std::string decode_quoted_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i];
            continue;
        }
        const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else if (text.substr(i + 1, 2) == "\r\n") {
            i += 2;
        } else if (text.substr(i + 1, 1) == "\n") {
            i += 1;
        } else if (i + 1 != text.size()) {
            out += '=';
        }
    }
    return out;
}

std::string decode_charset(std::string_view bytes, std::string_view charset) {
    const bool latin15 = iequals(charset, "iso-8859-15");
    const bool single = latin15 || iequals(charset, "iso-8859-1") ||
                        iequals(charset, "windows-1252") || iequals(charset, "latin1");
    if (!single && is_utf8(bytes))
        return clean_utf8(bytes);
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 4);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else if (latin15) {
            append_utf8(out, latin9(byte));
        } else {
            append_utf8(out, byte < 0xA0 ? k1252[byte - 0x80U] : byte);
        }
    }
    return clean_utf8(out);
}

void normalize(
    std::string_view name, std::vector<Parameter>& parameters, std::string& value, bool is_2_1
) {
    const auto charset = take(parameters, "CHARSET");
    const auto encoding = take(parameters, "ENCODING");
    const bool base64 = encoding == "base64" || encoding == "b";
    const bool quoted = encoding == "quoted-printable";
    if (quoted)
        value = decode_quoted_printable(value);
    if (quoted || std::ranges::any_of(value, is_unclean))
        value = decode_charset(value, charset);
    if (base64) {
        std::erase_if(value, [](char c) { return is_space(c); });
        parameters.push_back({"ENCODING", {"b"}});
        return;
    }
    if (is_2_1 && !is_verbatim(name, parameters))
        value = escape_2_1(name, value);
    // A line end inside of a value, decoded or stray, is the escape of one.
    if (value.find_first_of("\r\n") != std::string::npos)
        value = replace_all(replace_all(replace_all(value, "\r\n", "\n"), "\r", "\n"), "\n", "\\n");
}

} // namespace lockstep::vcard
