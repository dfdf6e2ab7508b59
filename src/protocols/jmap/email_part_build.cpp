// Parts with their header, encoding and boundary.
#include "protocols/jmap/email_part_build.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/mime/transfer.hpp"
#include "protocols/jmap/header_build.hpp"

namespace lockstep::jmap {
namespace {

using Built = std::expected<std::string, MethodError>;

bool is_token(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                                  "WXYZ0123456789!#$&-^_.+") == std::string_view::npos;
}

/// "type/subtype" of two tokens.
bool is_media_type(std::string_view text) {
    const auto slash = text.find('/');
    return slash != std::string_view::npos && is_token(text.substr(0, slash)) &&
           is_token(text.substr(slash + 1));
}

bool short_lines(std::string_view text) {
    for (const auto line : split(text, '\n'))
        if (line.size() > 900)
            return false;
    return true;
}

/// Text with CRLF, in the encoding that it needs.
std::string text_body(std::string_view text, std::string& encoding) {
    const auto lines = replace_all(replace_all(text, "\r\n", "\n"), "\n", "\r\n");
    if (is_ascii(lines) && short_lines(lines) && lines.find('\r') == lines.find("\r\n")) {
        encoding = "7bit";
        return lines;
    }
    encoding = "quoted-printable";
    return mime::encode_quoted_printable(lines);
}

/// The fields of a part that its own properties give.
Built part_fields(const json::Object& part, const std::string& type, bool text) {
    auto content_type = "Content-Type: " + type;
    if (text)
        content_type += "; charset=utf-8";
    const auto name = json::text_of(part, "name");
    if (name)
        content_type += mime::write_parameter("name", *name);
    std::string out = content_type + "\r\n";
    const auto disposition = json::text_of(part, "disposition");
    if (disposition && !is_token(*disposition))
        return refuse_property("disposition", "is no disposition");
    if (disposition || name)
        out += "Content-Disposition: " + std::string(disposition.value_or("attachment")) +
               (name ? mime::write_parameter("filename", *name) : std::string()) + "\r\n";
    if (const auto cid = json::text_of(part, "cid"))
        out += mime::write_ids_field("Content-ID", {std::string(*cid)});
    if (const auto location = json::text_of(part, "location"))
        out += mime::write_text_field("Content-Location", *location);
    if (const auto* languages = json::find(part, "language");
        languages != nullptr && languages->is_array()) {
        std::vector<std::string> all;
        for (const auto& each : languages->get_array())
            if (each.is_string() && is_token(json::view(each.get_string())))
                all.emplace_back(json::view(each.get_string()));
        out += "Content-Language: " + join(all, ", ") + "\r\n";
    }
    return out;
}

/// The header:... properties of a part.
Built own_fields(const json::Object& part) {
    std::string out;
    for (const auto& member : part) {
        const std::string property(member.key().data(), member.key().size());
        if (property == "headers")
            return refuse_property(property, "is set by the server");
        if (!property.starts_with("header:"))
            continue;
        auto field = build_field(property, member.value());
        if (!field)
            return std::unexpected(std::move(field).error());
        const auto name = lower(field->name);
        if (name == "content-transfer-encoding" || name == "content-type" ||
            name == "content-disposition" || name == "content-id")
            return refuse_property(property, "follows from the other properties");
        out += field->text;
    }
    return out;
}

Built leaf(const json::Object& part, const json::Object& values, const BuildContext& context) {
    std::string type(json::text_of(part, "type").value_or(""));
    const auto part_id = json::text_of(part, "partId");
    const auto blob = json::text_of(part, "blobId");
    if (part_id && blob)
        return refuse_property("partId", "contradicts blobId");
    if (part_id && json::find(part, "charset") != nullptr)
        return refuse_property("charset", "follows from the body value");
    if (type.empty())
        type = part_id ? "text/plain" : "application/octet-stream";
    if (!is_media_type(type))
        return refuse_property("type", "is no media type");
    auto own = own_fields(part);
    if (!own)
        return own;
    std::string encoding, body;
    bool text = false;
    if (part_id) {
        const auto* value = json::find(values, *part_id);
        const auto content = value != nullptr && value->is_object()
                                 ? json::text_of(value->get_object(), "value")
                                 : std::nullopt;
        if (!content)
            return refuse_property("bodyValues", fmt::format("has no value for part {}", *part_id));
        for (const auto* flag : {"isEncodingProblem", "isTruncated"}) {
            const auto* given = json::find(value->get_object(), flag);
            if (given != nullptr && *given != json::Value(false))
                return refuse_property("bodyValues", fmt::format("{} cannot be true", flag));
        }
        text = type.starts_with("text/");
        body = text_body(*content, encoding);
    } else if (blob) {
        const auto& bytes = context.blobs.at(std::string(*blob));
        if (type == "message/rfc822" || type == "message/global") {
            encoding = is_ascii(bytes) ? "7bit" : "8bit";
            body = bytes;
        } else {
            encoding = "base64";
            body = mime::encode_base64_lines(bytes);
        }
    } else {
        encoding = "7bit";
        text = type.starts_with("text/");
    }
    auto fields = part_fields(part, type, text);
    if (!fields)
        return fields;
    if (const auto charset = json::text_of(part, "charset"); blob && charset && is_token(*charset))
        *fields = replace_all(
            *fields, "Content-Type: " + type,
            fmt::format("Content-Type: {}; charset={}", type, *charset)
        );
    return *fields + *own + "Content-Transfer-Encoding: " + encoding + "\r\n\r\n" + body;
}

/// The parts as one multipart; a boundary of 128 random bits occurs in none of them.
Built multipart(const json::Object& part, std::vector<std::string> parts) {
    const std::string type(json::text_of(part, "type").value_or("multipart/mixed"));
    if (!is_media_type(type) || !type.starts_with("multipart/"))
        return refuse_property("type", "holds parts, but is no multipart");
    auto own = own_fields(part);
    if (!own)
        return own;
    const auto boundary = "lockstep-" + hex(random_bytes(16));
    std::string out = fmt::format("Content-Type: {}; boundary=\"{}\"\r\n", type, boundary);
    out += *own + "\r\n";
    for (const auto& each : parts)
        out += "--" + boundary + "\r\n" + each + "\r\n";
    return out + "--" + boundary + "--\r\n";
}

/// A multipart under way.
struct Open {
    const json::Object* part;
    std::size_t next = 0;
    std::vector<std::string> done;
};

const json::Array* below(const json::Object& part) {
    const auto* parts = json::find(part, "subParts");
    return parts != nullptr && parts->is_array() ? &parts->get_array() : nullptr;
}

} // namespace

Built build_part(const json::Object& top, const json::Object& values, const BuildContext& context) {
    if (below(top) == nullptr)
        return leaf(top, values, context);
    std::vector<Open> open;
    open.push_back({&top, 0, {}});
    for (;;) {
        auto& level = open.back();
        const auto& parts = *below(*level.part);
        if (level.next < parts.size()) {
            const auto& each = parts[level.next++];
            if (!each.is_object())
                return refuse_property("subParts", "holds something that is no part");
            if (below(each.get_object()) != nullptr) {
                open.push_back({&each.get_object(), 0, {}});
                continue;
            }
            auto made = leaf(each.get_object(), values, context);
            if (!made)
                return made;
            level.done.push_back(std::move(*made));
            continue;
        }
        auto made = multipart(*level.part, std::move(level.done));
        open.pop_back();
        if (!made || open.empty())
            return made;
        open.back().done.push_back(std::move(*made));
    }
}

} // namespace lockstep::jmap
