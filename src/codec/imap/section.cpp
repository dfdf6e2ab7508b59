// Finds parts by their path and cuts their bytes out.
#include "codec/imap/section.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/limits_imap.hpp"
#include "base/text.hpp"
#include "codec/imap/writer.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::imap {
namespace {

using mime::Message;
using What = Section::What;

bool is_multipart(const mime::Part& part) { return part.type == "multipart" && !part.leaf(); }

/// The message that a message/rfc822 part holds; the part itself otherwise.
std::uint32_t inside(const Message& message, std::uint32_t part) {
    return message.parts[part].holds_message() ? message.children_of(part).front() : part;
}

std::optional<std::uint32_t> find_part(const Message& message, const Section& section) {
    std::uint32_t at = 0;
    bool body_of_message = true; ///< a message that is no multipart has its body as part 1
    for (const auto number : section.path) {
        const auto outer = body_of_message ? at : inside(message, at);
        const bool entered = outer != at || body_of_message;
        body_of_message = false;
        if (is_multipart(message.parts[outer])) {
            const auto children = message.children_of(outer);
            if (number > children.size())
                return std::nullopt;
            at = children[number - 1];
        } else if (entered && number == 1) {
            at = outer;
        } else {
            return std::nullopt;
        }
    }
    return at;
}

std::string some_fields(std::string_view block, const Section& section) {
    const bool wanted = section.what == What::fields;
    std::string out;
    const mime::Headers headers(block);
    for (const auto& field : headers.fields()) {
        const bool named = std::ranges::any_of(section.fields, [&](const std::string& name) {
            return iequals(name, field.name);
        });
        if (named == wanted)
            out += block.substr(field.offset, field.length);
    }
    if (!out.empty() && !out.ends_with('\n'))
        out += "\r\n";
    return out + "\r\n";
}

Result<std::vector<std::string>> parse_fields(Scanner& in) {
    CHECK_OK(in.space());
    CHECK_OK(in.expect('('));
    std::vector<std::string> fields;
    do {
        if (fields.size() >= limits::kImapFields)
            return fail(Code::too_large, "too many header fields");
        TRY(auto name, in.astring());
        fields.push_back(std::move(name));
    } while (in.skip(' '));
    CHECK_OK(in.expect(')'));
    return fields;
}

} // namespace

Result<Section> parse_section(Scanner& in, bool path_only) {
    CHECK_OK(in.expect('['));
    Section section;
    bool more = is_digit(in.peek());
    while (more) {
        if (section.path.size() >= limits::kMimeDepth)
            return fail(Code::too_large, "a path deeper than any message");
        TRY(const auto number, in.nz_number());
        section.path.push_back(number);
        more = in.skip('.');
        if (more && !is_digit(in.peek()))
            break;
    }
    if (!section.path.empty() && !more && in.skip(']'))
        return section;
    if (section.path.empty() && in.skip(']'))
        return section;
    if (path_only)
        return fail(Code::bad_syntax, "BINARY takes a path only");
    if (in.skip_word("HEADER.FIELDS.NOT"))
        section.what = What::fields_not;
    else if (in.skip_word("HEADER.FIELDS"))
        section.what = What::fields;
    else if (in.skip_word("HEADER"))
        section.what = What::header;
    else if (in.skip_word("TEXT"))
        section.what = What::text;
    else if (!section.path.empty() && in.skip_word("MIME"))
        section.what = What::mime;
    else
        return fail(Code::bad_syntax, "an unknown section");
    if (section.what == What::fields || section.what == What::fields_not) {
        TRY(section.fields, parse_fields(in));
    }
    CHECK_OK(in.expect(']'));
    return section;
}

void put_section(std::string& out, const Section& section) {
    std::string text;
    for (const auto number : section.path)
        text += (text.empty() ? "" : ".") + std::to_string(number);
    constexpr std::string_view kNames[] = {"",     "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT",
                                           "MIME", "TEXT"};
    const auto name = kNames[static_cast<std::size_t>(section.what)];
    if (!name.empty())
        text += (text.empty() ? "" : ".") + std::string(name);
    out += text;
    if (section.fields.empty())
        return;
    out += " (";
    for (std::size_t i = 0; i < section.fields.size(); ++i) {
        if (i > 0)
            out += ' ';
        const auto& field = section.fields[i];
        if (!field.empty() && std::ranges::all_of(field, is_atom_char))
            out += field;
        else
            put_string(out, field);
    }
    out += ')';
}

std::optional<std::string> section_bytes(const Message& message, const Section& section) {
    const auto found = find_part(message, section);
    if (!found)
        return std::nullopt;
    const auto& part = message.parts[*found];
    if (section.what == What::all)
        return std::string(section.path.empty() ? message.bytes : message.body_of(part));
    if (section.what == What::mime)
        return std::string(message.header_of(part));
    // HEADER and TEXT are those of a message: the whole one, or one that the part holds.
    if (!section.path.empty() && !part.holds_message())
        return std::nullopt;
    const auto& whole = message.parts[inside(message, *found)];
    if (section.what == What::text)
        return std::string(message.body_of(section.path.empty() ? part : whole));
    const auto header = message.header_of(section.path.empty() ? part : whole);
    if (section.what == What::header)
        return std::string(header);
    return some_fields(header, section);
}

Result<std::optional<std::string>> binary_bytes(const Message& message, const Section& section) {
    if (section.path.empty())
        return std::optional(std::string(message.bytes));
    const auto found = find_part(message, section);
    if (!found)
        return std::optional<std::string>();
    const auto& part = message.parts[*found];
    if (part.encoding == mime::Encoding::unknown)
        return fail(Code::unsupported, "an unknown transfer encoding");
    if (is_multipart(part) || part.holds_message())
        return std::optional(std::string(message.body_of(part)));
    return std::optional(mime::decode_body(message, part));
}

} // namespace lockstep::imap
