// Header edits, assemblies, parts; see compose.hpp. Quoting and forwarding are in smart.cpp.
#include "codec/mime/compose.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kHardLine = 998; // RFC 5322 2.1.1

/// Seven-bit text whose lines end in CRLF and are short enough to travel as they are.
bool travels_plain(std::string_view text) {
    if (!is_ascii(text))
        return false;
    std::size_t column = 0;
    char before = 0;
    for (const char c : text) {
        if (c == '\n' && before != '\r')
            return false;
        if (before == '\r' && c != '\n')
            return false;
        if (c == 0 || (c == '\r' && column > 0 && before == ' '))
            return false;
        column = c == '\n' ? 0 : column + 1;
        if (column > kHardLine)
            return false;
        before = c;
    }
    return before != '\r';
}

std::uint64_t mixed_hash(const Assembly& assembly) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    assembly.for_each([&hash](std::string_view piece) {
        // Sizes and a sample: the boundary only has to differ between messages, and is checked
        // against the content.
        hash = (hash ^ piece.size()) * 0x100000001B3ULL;
        for (const char c : piece.substr(0, 256))
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    });
    return hash;
}

std::string free_boundary(const std::vector<Assembly>& parts) {
    std::uint64_t seed = 0;
    for (const auto& part : parts)
        seed = seed * 31 + mixed_hash(part);
    for (;; ++seed) {
        auto boundary =
            "=_" + hex(std::string_view(reinterpret_cast<const char*>(&seed), sizeof seed)) + "_=";
        if (std::ranges::none_of(parts, [&](const Assembly& part) {
                return part.contains(boundary);
            }))
            return boundary;
    }
}

} // namespace

HeaderEdit::HeaderEdit(std::string_view message) {
    const Headers headers(message);
    body_offset_ = headers.size();
    std::size_t at = 0;
    for (const auto& field : headers.fields()) {
        if (field.offset > at)
            lines_.push_back({{}, std::string(message.substr(at, field.offset - at))});
        std::string bytes(message.substr(field.offset, field.length));
        if (!bytes.ends_with('\n'))
            bytes += "\r\n";
        lines_.push_back({lower(field.name), std::move(bytes)});
        at = field.offset + field.length;
    }
    // Fields beyond the limits of Headers are kept as they are; the empty line is written anew.
    auto rest = message.substr(at, body_offset_ - at);
    if (rest.ends_with("\r\n")) {
        rest.remove_suffix(2);
    } else if (rest.ends_with('\n')) {
        rest.remove_suffix(1);
    }
    if (!rest.empty())
        lines_.push_back({{}, std::string(rest)});
}

HeaderEdit& HeaderEdit::prepend(std::string_view fields) {
    lines_.insert(lines_.begin(), {{}, std::string(fields)});
    return *this;
}

HeaderEdit& HeaderEdit::append(std::string_view fields) {
    lines_.push_back({{}, std::string(fields)});
    return *this;
}

HeaderEdit& HeaderEdit::remove(std::string_view name) {
    const auto key = lower(name);
    std::erase_if(lines_, [&](const Line& line) { return line.name == key; });
    return *this;
}

HeaderEdit& HeaderEdit::replace(std::string_view name, std::string_view field) {
    const auto key = lower(name);
    const auto first = std::ranges::find(lines_, key, &Line::name);
    if (first == lines_.end())
        return append(field);
    first->bytes = field;
    lines_.erase(
        std::remove_if(first + 1, lines_.end(), [&](const Line& line) { return line.name == key; }),
        lines_.end()
    );
    return *this;
}

bool HeaderEdit::has(std::string_view name) const {
    return std::ranges::find(lines_, lower(name), &Line::name) != lines_.end();
}

std::string HeaderEdit::header() const {
    std::string out;
    for (const auto& line : lines_)
        out += line.bytes;
    return out + "\r\n";
}

void Assembly::add(std::string text) { pieces_.push_back({std::move(text), {}}); }

void Assembly::borrow(std::string_view bytes) {
    if (!bytes.empty())
        pieces_.push_back({{}, bytes});
}

void Assembly::add(Assembly other) {
    std::ranges::move(other.pieces_, std::back_inserter(pieces_));
}

std::size_t Assembly::size() const {
    std::size_t size = 0;
    for_each([&size](std::string_view piece) { size += piece.size(); });
    return size;
}

bool Assembly::contains(std::string_view needle) const {
    bool found = false;
    for_each([&](std::string_view piece) { found = found || piece.contains(needle); });
    return found;
}

std::string Assembly::text() const {
    std::string out;
    out.reserve(size());
    for_each([&out](std::string_view piece) { out += piece; });
    return out;
}

Assembly text_part(std::string_view subtype, std::string_view text) {
    Assembly out;
    std::string header = "Content-Type: text/" + std::string(subtype) +
                         "; charset=utf-8\r\nContent-Transfer-Encoding: ";
    if (travels_plain(text)) {
        out.add(header + "7bit\r\n\r\n" + std::string(text));
        return out;
    }
    const auto high = static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return static_cast<unsigned char>(c) >= 0x80;
    }));
    if (high * 3 < text.size()) {
        out.add(header + "quoted-printable\r\n\r\n" + encode_quoted_printable(text));
    } else {
        out.add(header + "base64\r\n\r\n" + encode_base64_lines(text));
    }
    return out;
}

Assembly file_part(const FilePart& file) {
    // RFC 2046 5.2.1: a message may not be base64.
    const bool message = istarts_with(file.content_type, "message/");
    std::string type;
    for (const char c : file.content_type)
        if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
            static_cast<unsigned char>(c) < 0x80)
            type += c;
    if (!type.contains('/') || type.contains(';'))
        type = "application/octet-stream";
    std::string header = "Content-Type: " + type;
    if (!file.name.empty())
        header += write_parameter("name", file.name);
    header +=
        file.is_inline ? "\r\nContent-Disposition: inline" : "\r\nContent-Disposition: attachment";
    if (!file.name.empty())
        header += write_parameter("filename", file.name);
    header += "\r\n";
    if (!file.content_id.empty())
        header += write_ids_field("Content-ID", {file.content_id});
    if (!file.content_location.empty())
        header += write_text_field("Content-Location", file.content_location);
    Assembly out;
    if (message) {
        out.add(header + "\r\n" + file.content);
    } else {
        out.add(
            header + "Content-Transfer-Encoding: base64\r\n\r\n" + encode_base64_lines(file.content)
        );
    }
    return out;
}

Assembly multipart(std::string_view subtype, std::vector<Assembly> parts) {
    if (parts.size() == 1)
        return std::move(parts.front());
    const auto boundary = free_boundary(parts);
    Assembly out;
    out.add(
        "Content-Type: multipart/" + std::string(subtype) + ";\r\n boundary=\"" + boundary +
        "\"\r\n\r\n"
    );
    for (auto& part : parts) {
        out.add("--" + boundary + "\r\n");
        out.add(std::move(part));
        out.add("\r\n");
    }
    out.add("--" + boundary + "--\r\n");
    return out;
}

} // namespace lockstep::mime
