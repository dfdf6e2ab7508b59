// Decoding of everything that is text.
#include "codec/mime/search_text.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/bodies.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/message.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {
namespace {

/// Adds "NAME:VALUE\n" of every field; `out` stays within `most` bytes.
void add_fields(std::string& out, std::string_view block, std::size_t most) {
    const Headers headers(block);
    for (const auto& field : headers.fields()) {
        if (out.size() >= most)
            return;
        const auto value = decode_text(field.value);
        auto line = casemap(field.name) + ":" + casemap(value);
        line.resize(utf8_prefix(line, most - out.size()).size());
        out += line;
        out += '\n';
    }
}

void add_file_name(FoldedText& out, const std::string& name) {
    if (name.empty() || out.header.size() >= limits::kSearchHeader)
        return;
    const auto folded = casemap(name);
    out.header += std::string(kFileLine) + ":" + folded + "\n";
    out.body += folded + "\n";
}

/// Text of one part in UTF-8, at most `most` bytes.
std::string text_of_part(const Message& message, const Part& part, std::size_t most) {
    const auto bytes = message.body_of(part);
    // A style sheet may stand in front of the text.
    const bool html = part.subtype == "html";
    auto text = decode_text_body(part.encoding, part.charset, bytes, html ? most * 2 : most).text;
    return html ? html_to_text(text, most) : text;
}

bool is_readable(const Part& part) {
    return part.leaf() && (part.type == "text" || part.type == "multipart" ||
                           part.is("message", "delivery-status"));
}

} // namespace

FoldedText folded_text(std::string_view bytes) {
    const auto message = parse(bytes);
    FoldedText out;
    add_fields(out.header, message.header_of(message.parts.front()), limits::kSearchHeader);
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const auto& part = message.parts[i];
        // Header fields of a message inside belong to the body of the one around it.
        if (i > 0 && message.parts[part.parent].type == "message" &&
            out.body.size() < limits::kSearchText)
            add_fields(out.body, message.header_of(part), limits::kSearchText);
        if (is_readable(part) && out.body.size() < limits::kSearchText) {
            out.body += casemap(text_of_part(message, part, limits::kSearchText - out.body.size()));
            out.body += '\n';
        }
        add_file_name(out, part.any_name());
    }
    out.body.resize(utf8_prefix(out.body, limits::kSearchText).size());
    return out;
}

std::string plain_text(std::string_view bytes, std::size_t most) {
    const auto message = parse(bytes);
    const auto roles = body_roles(message);
    std::string out;
    for (std::size_t i = 0; i < message.parts.size() && out.size() < most; ++i) {
        if (!roles[i].plain || !is_readable(message.parts[i]))
            continue;
        out += text_of_part(message, message.parts[i], most - out.size());
        out += '\n';
    }
    out.resize(utf8_prefix(out, most).size());
    return out;
}

} // namespace lockstep::mime
