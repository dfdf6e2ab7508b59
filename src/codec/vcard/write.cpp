// Cards to bytes: untouched properties as they were read, the others folded afresh.
// Spec: RFC 6350 3.2 (folding), 3.3; RFC 2426 2.6, 4; RFC 6868.
#include "base/text.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {

namespace {

constexpr std::size_t kFoldAt = 75; ///< octets of a line without its end

/// Appends the line in pieces of at most 75 octets that begin on UTF-8 boundaries.
void append_folded(std::string& out, std::string_view line) {
    std::size_t room = kFoldAt;
    while (line.size() > room) {
        auto piece = utf8_prefix(line, room);
        if (piece.empty())
            piece = line.substr(0, room); // not UTF-8: cut anywhere
        out += piece;
        out += "\r\n ";
        line.remove_prefix(piece.size());
        room = kFoldAt - 1;
    }
    out += line;
    out += "\r\n";
}

bool needs_quotes(std::string_view value) {
    return value.find_first_of(":;, ") != std::string_view::npos;
}

void append_parameter(std::string& out, const Parameter& parameter) {
    if (parameter.values.empty())
        return;
    out += ';';
    out += parameter.name;
    char separator = '=';
    for (const auto& value : parameter.values) {
        out += separator;
        separator = ',';
        const auto encoded = encode_caret(value);
        if (needs_quotes(encoded)) {
            out += '"';
            out += encoded;
            out += '"';
        } else {
            out += encoded;
        }
    }
}

/// A value never carries a line end of its own: what arrives as one is written as the escape \n.
std::string one_line(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (const char c : value) {
        if (c == '\n') {
            out += "\\n";
        } else if (c != '\r' && c != '\0') {
            out += c;
        }
    }
    return out;
}

} // namespace

std::string write_property(const Property& property) {
    if (!property.raw_.empty())
        return property.raw_;
    std::string line;
    line.reserve(property.value_.size() + 40);
    if (!property.group_.empty())
        line += property.group_ + '.';
    line += property.name_;
    for (const auto& parameter : property.parameters_)
        append_parameter(line, parameter);
    line += ':';
    line += one_line(property.value_);
    std::string out;
    out.reserve(line.size() + line.size() / 24 + 8);
    append_folded(out, line);
    return out;
}

std::string serialize(const Card& card) {
    std::string out = "BEGIN:VCARD\r\nVERSION:";
    out += card.version == Version::v4_0 ? "4.0\r\n" : "3.0\r\n";
    for (const auto& property : card.properties)
        out += write_property(property);
    out += "END:VCARD\r\n";
    return out;
}

} // namespace lockstep::vcard
