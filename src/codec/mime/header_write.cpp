// See header_write.hpp.
#include "codec/mime/header_write.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kLine = 76;
constexpr std::size_t kWord = 75; // RFC 2047 2: the longest encoded-word

std::string without_controls(std::string_view text) {
    std::string out = clean_utf8(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    return std::string(trim(out));
}

bool is_q_plain(char c) {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
           std::string_view("!*+-/").contains(c);
}

std::string q_encoded(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        if (c == ' ') {
            out += '_';
        } else if (is_q_plain(c)) {
            out += c;
        } else {
            out += '=';
            out += upper(hex(std::string_view(&c, 1)));
        }
    }
    return out;
}

/// Bytes of text, cut between characters, whose encoded-word still fits.
std::size_t word_bytes(std::string_view text, bool use_q) {
    constexpr std::size_t kFrame = 12; // =?utf-8?X?..?=
    std::size_t bytes = 0;
    std::size_t width = 0;
    while (bytes < text.size()) {
        std::size_t next = bytes + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U)
            ++next;
        for (auto i = bytes; i < next; ++i)
            width += is_q_plain(text[i]) || text[i] == ' ' ? 1 : 3;
        const auto total = use_q ? width : (next + 2) / 3 * 4;
        if (total + kFrame > kWord && bytes > 0)
            break;
        bytes = next;
    }
    return bytes;
}

/// Appends text as encoded-words, folding between them.
void append_words(std::string& out, std::size_t& column, std::string_view text) {
    const auto other = static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return !is_q_plain(c) && c != ' ';
    }));
    const bool use_q = other * 3 < text.size();
    while (!text.empty()) {
        const auto part = text.substr(0, word_bytes(text, use_q));
        const auto word =
            use_q ? "=?utf-8?Q?" + q_encoded(part) + "?=" : "=?utf-8?B?" + base64(part) + "?=";
        if (column > 1 && column + word.size() > kLine) {
            if (out.ends_with(' '))
                out.pop_back();
            out += "\r\n ";
            column = 1;
        }
        out += word;
        column += word.size();
        text.remove_prefix(part.size());
        if (!text.empty()) {
            out += "\r\n ";
            column = 1;
        }
    }
}

bool needs_words(std::string_view text) {
    if (!is_ascii(text) || text.contains("=?"))
        return true;
    // A word that no fold can break would exceed the hard limit of a line (RFC 5322 2.1.1).
    std::size_t run = 0;
    for (const char c : text) {
        run = c == ' ' ? 0 : run + 1;
        if (run > 900)
            return true;
    }
    return false;
}

/// Appends words separated by blanks, breaking lines at blanks.
void append_folded(std::string& out, std::size_t& column, std::string_view text) {
    while (!text.empty()) {
        auto end = text.find(' ', text.find_first_not_of(' '));
        end = std::min(end, text.size());
        const auto word = text.substr(0, end);
        if (column > 1 && column + word.size() > kLine && word.starts_with(' ')) {
            out += "\r\n";
            column = 0;
        }
        out += word;
        column += word.size();
        text.remove_prefix(end);
    }
}

bool is_atom_text(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
               std::string_view("!#$%&'*+-/=?^_`{|}~ ").contains(c);
    });
}

std::string quoted_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

void append_phrase(std::string& out, std::size_t& column, const std::string& name) {
    if (needs_words(name)) {
        append_words(out, column, name);
    } else if (is_atom_text(name)) {
        append_folded(out, column, name);
    } else {
        append_folded(out, column, quoted_string(name));
    }
}

bool is_token_char(char c) {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
           std::string_view("!#$&+-.^_`{|}~").contains(c);
}

std::string percent_encoded(char c) {
    return is_token_char(c) ? std::string(1, c) : "%" + upper(hex(std::string_view(&c, 1)));
}

} // namespace

std::string write_text_field(std::string_view name, std::string_view text) {
    const auto clean = without_controls(text);
    std::string out = std::string(name) + ": ";
    auto column = out.size();
    if (needs_words(clean)) {
        append_words(out, column, clean);
    } else {
        append_folded(out, column, clean);
    }
    return out + "\r\n";
}

std::string write_address_field(std::string_view name, const std::vector<Address>& addresses) {
    std::string out = std::string(name) + ": ";
    auto column = out.size();
    bool first = true;
    for (const auto& address : addresses) {
        const auto spec = without_controls(address.text());
        const auto phrase = without_controls(address.name);
        const auto group = without_controls(address.group);
        if (spec.empty() && phrase.empty() && group.empty())
            continue;
        if (!first) {
            out += ",\r\n ";
            column = 1;
        }
        first = false;
        if (spec.empty()) {
            // Only a name: an empty group keeps it valid (RFC 5322 3.4).
            append_phrase(out, column, phrase.empty() ? group : phrase);
            out += ":;";
            continue;
        }
        if (!phrase.empty()) {
            append_phrase(out, column, phrase);
            append_folded(out, column, " <" + spec + ">");
        } else {
            append_folded(out, column, spec);
        }
    }
    return first ? std::string() : out + "\r\n";
}

std::string write_ids_field(std::string_view name, const std::vector<std::string>& ids) {
    std::string out = std::string(name) + ":";
    auto column = out.size();
    for (const auto& id : ids)
        append_folded(out, column, " <" + without_controls(id) + ">");
    return ids.empty() ? std::string() : out + "\r\n";
}

std::string write_parameter(std::string_view name, std::string_view value) {
    const auto clean = without_controls(value);
    const std::string prefix = ";\r\n " + std::string(name);
    if (is_ascii(clean) && clean.size() + name.size() < kLine - 6) {
        const bool token = !clean.empty() && std::ranges::all_of(clean, is_token_char);
        return prefix + "=" + (token ? clean : quoted_string(clean));
    }
    std::vector<std::string> pieces(1, "utf-8''");
    for (const char c : clean) {
        const auto encoded = percent_encoded(c);
        if (pieces.back().size() + encoded.size() + name.size() > kLine - 10)
            pieces.emplace_back();
        pieces.back() += encoded;
    }
    if (pieces.size() == 1)
        return prefix + "*=" + pieces.front();
    std::string out;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        out += prefix + "*" + std::to_string(i) + "*=" + pieces[i];
    return out;
}

} // namespace lockstep::mime
