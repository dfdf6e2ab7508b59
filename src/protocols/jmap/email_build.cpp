// Header and structure of a new message.
#include "protocols/jmap/email_build.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"
#include "protocols/jmap/email_part_build.hpp"
#include "protocols/jmap/header_build.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kStorage{"mailboxIds", "keywords", "receivedAt"};
const std::set<std::string, std::less<>> kServerSet{"id",     "blobId",        "threadId",
                                                    "size",   "hasAttachment", "preview",
                                                    "headers"};
const std::set<std::string, std::less<>> kBody{
    "bodyStructure", "bodyValues", "textBody", "htmlBody", "attachments"
};

struct HeaderLines {
    std::string text;
    std::set<std::string> names; ///< lower-case
};

/// Every header property as a field. Two for one field contradict each other.
std::expected<HeaderLines, MethodError> header_of(const json::Object& email) {
    HeaderLines out;
    for (const auto& member : email) {
        const std::string property(member.key().data(), member.key().size());
        if (kStorage.contains(property) || kBody.contains(property))
            continue;
        if (kServerSet.contains(property))
            return std::unexpected(invalid_properties(property, "is set by the server"));
        auto field = build_field(property, member.value());
        if (!field)
            return std::unexpected(std::move(field).error());
        if (lower(field->name).starts_with("content-"))
            return std::unexpected(
                invalid_properties(property, "belongs to a part, not to the message")
            );
        if (!out.names.insert(lower(field->name)).second)
            return std::unexpected(invalid_properties(property, "is given twice"));
        out.text += field->text;
    }
    return out;
}

void complete(HeaderLines& header, const BuildContext& context) {
    if (!header.names.contains("date"))
        header.text += "Date: " + mime::format_date(context.now_us / 1'000'000) + "\r\n";
    if (!header.names.contains("message-id"))
        header.text += fmt::format("Message-ID: <{}@{}>\r\n", hex(random_bytes(16)), context.host);
    if (!header.names.contains("mime-version"))
        header.text += "MIME-Version: 1.0\r\n";
}

const json::Object* object_of(const json::Object& email, std::string_view name) {
    const auto* value = json::find(email, name);
    return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

/// The one part of textBody or htmlBody, which must be of its type.
std::expected<const json::Object*, MethodError>
only_part(const json::Object& email, const char* list, const char* type) {
    const auto* value = json::find(email, list);
    if (value == nullptr || value->is_null())
        return nullptr;
    if (!value->is_array() || value->get_array().size() != 1 || !value->get_array()[0].is_object())
        return std::unexpected(invalid_properties(list, "is no list of one part"));
    const auto& part = value->get_array()[0].get_object();
    if (json::text_of(part, "type").value_or(type) != type)
        return std::unexpected(invalid_properties(list, fmt::format("must be {}", type)));
    return &part;
}

/// textBody, htmlBody and attachments as the structure that they stand for.
std::expected<json::Object, MethodError> structure_of_lists(const json::Object& email) {
    const auto text = only_part(email, "textBody", "text/plain");
    if (!text)
        return std::unexpected(text.error());
    const auto html = only_part(email, "htmlBody", "text/html");
    if (!html)
        return std::unexpected(html.error());
    const auto typed = [](const json::Object& part, const char* type) {
        json::Object out = part;
        out["type"] = type;
        return out;
    };
    json::Array forms;
    if (*text != nullptr)
        forms.push_back(typed(**text, "text/plain"));
    if (*html != nullptr)
        forms.push_back(typed(**html, "text/html"));
    json::Array related, attached;
    if (const auto* files = json::find(email, "attachments");
        files != nullptr && !files->is_null()) {
        if (!files->is_array())
            return std::unexpected(invalid_properties("attachments", "is no list"));
        for (const auto& file : files->get_array()) {
            if (!file.is_object())
                return std::unexpected(invalid_properties("attachments", "holds no object"));
            const bool shown = *html != nullptr && json::text_of(file.get_object(), "cid") &&
                               json::text_of(file.get_object(), "disposition") == "inline";
            (shown ? related : attached).push_back(file);
        }
    }
    const auto wrap = [](const char* type, json::Array parts) {
        return json::Object{{"type", type}, {"subParts", std::move(parts)}};
    };
    if (!related.empty()) {
        json::Array with{forms.back()};
        for (auto& file : related)
            with.push_back(std::move(file));
        forms.back() = wrap("multipart/related", std::move(with));
    }
    json::Object body = forms.size() == 1 ? forms[0].get_object()
                        : forms.empty()   ? json::Object{{"type", "text/plain"}}
                                          : wrap("multipart/alternative", std::move(forms));
    if (attached.empty())
        return body;
    json::Array mixed;
    if (body.contains("partId") || body.contains("blobId") || body.contains("subParts"))
        mixed.push_back(std::move(body));
    for (auto& file : attached)
        mixed.push_back(std::move(file));
    return wrap("multipart/mixed", std::move(mixed));
}

std::expected<json::Object, MethodError> structure_of(const json::Object& email) {
    const auto* structure = object_of(email, "bodyStructure");
    if (json::find(email, "bodyStructure") == nullptr)
        return structure_of_lists(email);
    if (structure == nullptr)
        return std::unexpected(invalid_properties("bodyStructure", "is no object"));
    for (const auto* other : {"textBody", "htmlBody", "attachments"})
        if (json::find(email, other) != nullptr)
            return std::unexpected(invalid_properties(other, "contradicts bodyStructure"));
    return *structure;
}

} // namespace

std::set<std::string> blobs_of(const json::Object& email) {
    std::set<std::string> ids;
    std::vector<const json::Value*> open;
    for (const auto* name : {"bodyStructure", "textBody", "htmlBody", "attachments"})
        if (const auto* value = json::find(email, name))
            open.push_back(value);
    while (!open.empty()) {
        const auto& value = *open.back();
        open.pop_back();
        if (value.is_array())
            for (const auto& each : value.get_array())
                open.push_back(&each);
        if (!value.is_object())
            continue;
        if (const auto id = json::text_of(value.get_object(), "blobId"))
            ids.emplace(*id);
        if (const auto* parts = json::find(value.get_object(), "subParts"))
            open.push_back(parts);
    }
    return ids;
}

std::expected<std::string, MethodError>
build_message(const json::Object& email, const BuildContext& context) {
    auto header = header_of(email);
    if (!header)
        return std::unexpected(std::move(header).error());
    complete(*header, context);
    const auto structure = structure_of(email);
    if (!structure)
        return std::unexpected(structure.error());
    const auto* values = object_of(email, "bodyValues");
    static const json::Object kNone;
    auto body = build_part(*structure, values == nullptr ? kNone : *values, context);
    if (!body)
        return std::unexpected(std::move(body).error());
    return header->text + *body;
}

} // namespace lockstep::jmap
