// Describes messages.
#include "codec/imap/structure.hpp"

#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/imap/writer.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"

namespace lockstep::imap {
namespace {

using mime::Address;
using mime::Headers;
using mime::Message;
using mime::Part;

/// Text for a client that knows only ASCII: as it is, or as encoded-words.
std::string ascii_text(std::string_view text) {
    if (is_ascii(text))
        return std::string(text);
    const auto field = mime::write_text_field("X", clean_utf8(text));
    return mime::unfold(std::string_view(field).substr(2));
}

std::optional<std::string> field_text(const Headers& headers, std::string_view name) {
    const auto raw = headers.first(name);
    if (!raw)
        return std::nullopt;
    auto text = mime::unfold(*raw);
    if (!is_ascii(text))
        text = ascii_text(mime::to_clean_line(text));
    return text;
}

void put_address(std::string& out, const Address& address) {
    out += '(';
    put_nstring(out, address.name.empty() ? std::nullopt : std::optional(ascii_text(address.name)));
    out += " NIL ";
    put_nstring(
        out, address.local.empty() ? std::nullopt : std::optional(ascii_text(address.local))
    );
    out += ' ';
    // A NIL host would say that a group begins or ends.
    put_string(out, address.domain.empty() ? "" : ascii_text(address.domain));
    out += ')';
}

void put_addresses(std::string& out, const std::vector<Address>& addresses) {
    if (addresses.empty()) {
        out += "NIL";
        return;
    }
    out += '(';
    std::string group;
    const auto end_group = [&] {
        if (!std::exchange(group, "").empty())
            out += "(NIL NIL NIL NIL)";
    };
    for (const auto& each : addresses) {
        if (each.group != group) {
            end_group();
            group = each.group;
            if (!group.empty()) {
                out += "(NIL NIL ";
                put_string(out, ascii_text(group));
                out += " NIL)";
            }
        }
        if (!each.local.empty() || !each.domain.empty())
            put_address(out, each);
    }
    end_group();
    out += ')';
}

std::vector<Address> addresses_of(const Headers& headers, std::string_view name) {
    const auto raw = headers.first(name);
    return raw ? mime::parse_addresses(*raw) : std::vector<Address>();
}

/// One parameter as it stands in the field, not decoded: "filename*0" stays what it is.
struct RawParameter {
    std::string name;
    std::string value;
};

/// Steps over blanks, folds and comments.
void skip_blanks(std::string_view& rest) {
    int depth = 0;
    while (!rest.empty() && (depth > 0 || is_space(rest.front()) || rest.front() == '(')) {
        if (rest.front() == '\\' && depth > 0 && rest.size() > 1)
            rest.remove_prefix(1);
        else if (rest.front() == '(')
            ++depth;
        else if (rest.front() == ')')
            --depth;
        rest.remove_prefix(1);
    }
}

std::string take_value(std::string_view& rest) {
    std::string value;
    if (!rest.starts_with('"')) {
        const auto end = std::min(rest.find_first_of("; \t\r\n("), rest.size());
        value = rest.substr(0, end);
        rest.remove_prefix(end);
        return value;
    }
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() != '"') {
        if (rest.front() == '\\' && rest.size() > 1)
            rest.remove_prefix(1);
        value += rest.front();
        rest.remove_prefix(1);
    }
    if (!rest.empty())
        rest.remove_prefix(1);
    return mime::unfold(value);
}

std::vector<RawParameter> raw_parameters(std::string_view rest) {
    std::vector<RawParameter> all;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    while (!rest.empty() && all.size() < limits::kMimeParameters) {
        rest.remove_prefix(1);
        skip_blanks(rest);
        const auto name_end = std::min(rest.find_first_of("=;"), rest.size());
        RawParameter one;
        one.name = trim(rest.substr(0, name_end));
        rest.remove_prefix(name_end);
        if (rest.starts_with('=')) {
            rest.remove_prefix(1);
            skip_blanks(rest);
            one.value = take_value(rest);
        }
        if (!one.name.empty())
            all.push_back(std::move(one));
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    }
    return all;
}

void put_parameters(std::string& out, std::optional<std::string_view> field) {
    const auto all = field ? raw_parameters(*field) : std::vector<RawParameter>();
    if (all.empty()) {
        out += "NIL";
        return;
    }
    out += '(';
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0)
            out += ' ';
        put_string(out, ascii_text(mime::to_clean_line(all[i].name)));
        out += ' ';
        put_string(out, ascii_text(mime::to_clean_line(all[i].value)));
    }
    out += ')';
}

/// The type and subtype, their parameters, id, description, encoding, size.
void put_basics(std::string& out, const Headers& headers, const Part& part, bool opaque) {
    put_string(out, opaque ? "APPLICATION" : ascii_text(upper(part.type)));
    out += ' ';
    put_string(out, opaque ? "OCTET-STREAM" : ascii_text(upper(part.subtype)));
    out += ' ';
    const auto type = headers.first("Content-Type");
    if (!type && part.type == "text" && part.subtype == "plain")
        out += "(\"CHARSET\" \"US-ASCII\")";
    else
        put_parameters(out, type);
    out += ' ';
    put_nstring(out, field_text(headers, "Content-ID"));
    out += ' ';
    put_nstring(out, field_text(headers, "Content-Description"));
    out += ' ';
    const auto encoding = field_text(headers, "Content-Transfer-Encoding");
    put_string(out, encoding && !encoding->empty() ? upper(*encoding) : "7BIT");
    out += ' ' + std::to_string(part.body.length);
}

/// Disposition, language and location.
void put_extension(std::string& out, const Headers& headers) {
    const auto disposition = headers.first("Content-Disposition");
    if (disposition) {
        out += " (";
        const auto word = trim(disposition->substr(0, disposition->find(';')));
        put_string(out, upper(ascii_text(mime::to_clean_line(word))));
        out += ' ';
        put_parameters(out, disposition);
        out += ')';
    } else {
        out += " NIL";
    }
    const auto language = field_text(headers, "Content-Language");
    if (language && !language->empty()) {
        out += " (";
        bool first = true;
        for (const auto each : split(*language, ',')) {
            if (!std::exchange(first, false))
                out += ' ';
            put_string(out, trim(each));
        }
        out += ')';
    } else {
        out += " NIL";
    }
    out += ' ';
    put_nstring(out, field_text(headers, "Content-Location"));
}

/// What one part is described by, its children's descriptions being at hand.
struct Described {
    std::string body;
    std::string structure;
};

void describe_multipart(
    Described& out, const Message& message, std::uint32_t index, const Headers& headers,
    std::vector<Described>& all
) {
    const auto& part = message.parts[index];
    for (const auto child : message.children_of(index)) {
        out.body += all[child].body;
        out.structure += all[child].structure;
        all[child] = {};
    }
    const auto close = [&](std::string& text) {
        // A multipart without parts is no body; clients expect one at least.
        if (text.empty())
            text = "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 0 0)";
        text.insert(0, 1, '(');
        text += ' ';
        put_string(text, ascii_text(upper(part.subtype)));
    };
    close(out.body);
    out.body += ')';
    close(out.structure);
    out.structure += ' ';
    put_parameters(out.structure, headers.first("Content-Type"));
    put_extension(out.structure, headers);
    out.structure += ')';
}

void describe_leaf(
    Described& out, const Message& message, std::uint32_t index, const Headers& headers,
    std::vector<Described>& all
) {
    const auto& part = message.parts[index];
    const bool is_message =
        part.type == "message" && (part.subtype == "rfc822" || part.subtype == "global");
    const bool opaque = (is_message && !part.holds_message()) || part.type == "multipart";
    std::string text = "(";
    put_basics(text, headers, part, opaque);
    std::string nested = text;
    if (part.holds_message() && is_message) {
        const auto child = message.children_of(index).front();
        const auto envelope = make_envelope(message.header_of(message.parts[child]));
        text += ' ' + envelope + ' ' + all[child].body + ' ' + std::to_string(part.lines);
        nested += ' ' + envelope + ' ' + all[child].structure + ' ' + std::to_string(part.lines);
        all[child] = {};
    } else if (part.type == "text") {
        text += ' ' + std::to_string(part.lines);
        nested += ' ' + std::to_string(part.lines);
    }
    out.body = text + ')';
    nested += ' ';
    put_nstring(nested, field_text(headers, "Content-MD5"));
    put_extension(nested, headers);
    out.structure = nested + ')';
}

} // namespace

std::string make_envelope(std::string_view header) {
    const Headers headers(header);
    std::string out = "(";
    put_nstring(out, field_text(headers, "Date"));
    out += ' ';
    put_nstring(out, field_text(headers, "Subject"));
    const auto from = addresses_of(headers, "From");
    const auto or_from = [&](std::string_view name) {
        const auto own = addresses_of(headers, name);
        return own.empty() ? from : own;
    };
    for (const auto& list :
         {from, or_from("Sender"), or_from("Reply-To"), addresses_of(headers, "To"),
          addresses_of(headers, "Cc"), addresses_of(headers, "Bcc")}) {
        out += ' ';
        put_addresses(out, list);
    }
    out += ' ';
    put_nstring(out, field_text(headers, "In-Reply-To"));
    out += ' ';
    put_nstring(out, field_text(headers, "Message-ID"));
    return out + ')';
}

Structure make_structure(const Message& message) {
    std::vector<Described> all(message.parts.size());
    // Children stand behind their parents: backwards they are ready when they are needed.
    for (auto index = static_cast<std::uint32_t>(message.parts.size()); index-- > 0;) {
        const auto& part = message.parts[index];
        const Headers headers(message.header_of(part));
        if (part.type == "multipart" && !part.leaf())
            describe_multipart(all[index], message, index, headers, all);
        else
            describe_leaf(all[index], message, index, headers, all);
    }
    return {
        make_envelope(message.header_of(message.parts.front())), std::move(all.front().body),
        std::move(all.front().structure)
    };
}

} // namespace lockstep::imap
