// A message made fit for channels that carry only ASCII; see compose.hpp.
#include <utility>

#include "base/text.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/mime/parameters.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

/// A Content-* field with raw 8-bit parameters, written anew. One of a multipart is kept: its
/// boundary must stay what the delimiters are, even where it is not ASCII.
std::string
ascii_content_field(std::string_view name, std::string_view value, std::string_view bytes) {
    const auto parameters = parse_parameters(value);
    if (parameters.value.starts_with("multipart/") || !is_ascii(parameters.value))
        return std::string(bytes);
    std::string out = std::string(name) + ": " + parameters.value;
    for (const auto& [key, item] : parameters.items)
        if (is_ascii(key))
            out += write_parameter(key, item);
    return out + "\r\n";
}

/// Header fields with raw 8-bit text, encoded; everything else as it is.
std::string ascii_header(std::string_view block) {
    if (is_ascii(block))
        return std::string(block);
    std::string out;
    std::size_t at = 0;
    const Headers headers(block);
    for (const auto& field : headers.fields()) {
        out += block.substr(at, field.offset - at);
        at = field.offset + field.length;
        const auto bytes = block.substr(field.offset, field.length);
        if (is_ascii(bytes)) {
            out += bytes;
        } else if (istarts_with(field.name, "content-")) {
            out += ascii_content_field(field.name, field.value, bytes);
        } else if (const auto people = parse_addresses(field.value);
                   field.value.contains('@') && !people.empty()) {
            out += write_address_field(to_clean_line(field.name), people);
        } else {
            out += write_text_field(to_clean_line(field.name), decode_text(field.value));
        }
    }
    return out += block.substr(at);
}

/// A header that ends with its empty line even where the original had none, so that what follows
/// cannot become part of it.
std::string closed_header(std::string fields) {
    const std::string_view view = fields;
    if (is_empty_line(view) || view.ends_with("\n\r\n") || view.ends_with("\n\n"))
        return fields;
    if (!fields.empty() && !fields.ends_with('\n'))
        fields += "\r\n";
    return fields + "\r\n";
}

/// Whether every line ends in CRLF, so that quoted-printable gives back the same bytes.
bool has_proper_lines(std::string_view text) {
    char before = 0;
    for (const char c : text) {
        if ((c == '\n') != (before == '\r'))
            return false;
        before = c;
    }
    return before != '\r';
}

} // namespace

std::string to_seven_bit(std::string_view bytes) {
    const auto message = parse(bytes);
    std::string out;
    std::size_t at = 0;
    for (const auto& part : message.parts) {
        const auto header = message.header_of(part);
        const auto body = message.body_of(part);
        const bool encode = part.leaf() && part.type != "multipart" && part.type != "message" &&
                            part.encoding == Encoding::identity && !is_ascii(body);
        out += bytes.substr(at, part.header.offset - at);
        at = part.header.end();
        auto fields = ascii_header(header);
        if (!encode) {
            out += closed_header(std::move(fields));
            continue;
        }
        const bool quoted = part.type == "text" && has_proper_lines(body);
        out += HeaderEdit(fields)
                   .replace(
                       "Content-Transfer-Encoding",
                       quoted ? "Content-Transfer-Encoding: quoted-printable\r\n"
                              : "Content-Transfer-Encoding: base64\r\n"
                   )
                   .header();
        out += quoted ? encode_quoted_printable(body) : encode_base64_lines(body);
        at = part.body.end();
    }
    return out += bytes.substr(at);
}

} // namespace lockstep::mime
