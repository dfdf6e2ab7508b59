// Escaping of vCard values.
// Spec and invariants: text.hpp.
#include "codec/vcard/text.hpp"

#include "base/limits.hpp"

namespace lockstep::vcard {

std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (const char c = text[i]) {
        case '\\':
        case ',':
        case ';':
            out += '\\';
            out += c;
            break;
        case '\r':
            if (i + 1 < text.size() && text[i + 1] == '\n')
                ++i;
            out += "\\n";
            break;
        case '\n':
            out += "\\n";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string unescape(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c != '\\' || i + 1 == value.size()) {
            out += c;
            continue;
        }
        switch (const char next = value[i + 1]) {
        case 'n':
        case 'N':
            out += '\n';
            ++i;
            break;
        case '\\':
        case ',':
        case ';':
        case ':':
            out += next;
            ++i;
            break;
        default:
            out += c; // a Windows path in a card of a careless writer: keep it readable
        }
    }
    return out;
}

std::vector<std::string_view> split_escaped(std::string_view value, char separator) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\') {
            ++i;
        } else if (value[i] == separator && parts.size() + 1 < limits::kCardComponents) {
            parts.push_back(value.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    parts.push_back(value.substr(begin));
    return parts;
}

std::string component(std::string_view value, std::size_t index) {
    const auto parts = split_escaped(value, ';');
    return index < parts.size() ? unescape(parts[index]) : std::string();
}

std::string with_component(
    std::string_view value, std::size_t index, std::string_view text, std::size_t count
) {
    auto parts = split_escaped(value, ';');
    const std::string escaped = escape(text);
    if (parts.size() < count)
        parts.resize(count);
    if (parts.size() <= index)
        parts.resize(index + 1);
    parts[index] = escaped;
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0)
            out += ';';
        out += parts[i];
    }
    return out;
}

bool all_components_empty(std::string_view value) {
    return value.find_first_not_of(";, ") == std::string_view::npos;
}

std::string decode_caret(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char next = i + 1 < value.size() ? value[i + 1] : '\0';
        if (value[i] != '^' || (next != 'n' && next != '^' && next != '\'')) {
            out += value[i];
            continue;
        }
        out += next == 'n' ? '\n' : next == '^' ? '^' : '"';
        ++i;
    }
    return out;
}

std::string encode_caret(std::string_view value) {
    std::string out;
    for (const char c : value) {
        switch (c) {
        case '^':
            out += "^^";
            break;
        case '\n':
            out += "^n";
            break;
        case '"':
            out += "^'";
            break;
        case '\r':
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace lockstep::vcard
