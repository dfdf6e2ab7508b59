// What is read of an item for a search: digest, keywords, texts.
#include "office/search_match.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/message.hpp"
#include "codec/mime/transfer.hpp"
#include "office/jobs.hpp"
#include "office/objects.hpp"

namespace lockstep::office {
namespace {

void add_line(std::string& out, std::string_view text) {
    out += text;
    out += '\n';
}

std::string addresses(const std::vector<mime::Address>& list) {
    std::string out;
    for (const auto& each : list)
        add_line(out, each.name + " " + each.text());
    return out;
}

/// Text of every part that has some, names of attachments included.
std::string body_text(std::string_view bytes) {
    std::string out;
    const auto message = mime::parse(bytes);
    for (const auto& part : message.parts) {
        if (!part.any_name().empty())
            add_line(out, part.any_name());
        if (part.type != "text" || !part.leaf() || out.size() >= limits::kSearchText)
            continue;
        const auto room = limits::kSearchText - out.size();
        const auto text =
            mime::decode_text_body(part.encoding, part.charset, message.body_of(part), room);
        add_line(out, part.subtype == "html" ? mime::html_to_text(text.text, room) : text.text);
    }
    return out;
}

/// Header fields of a name, or (empty) all of them, decoded.
std::string header_text(std::string_view bytes, std::string_view name) {
    std::string out;
    const mime::Headers headers(bytes.substr(0, mime::header_length(bytes)));
    for (const auto& field : headers.fields()) {
        if (!name.empty() && !iequals(field.name, name))
            continue;
        if (name.empty())
            out += std::string(field.name) + ": ";
        add_line(out, mime::decode_text(field.value));
    }
    return out;
}

} // namespace

const mime::Digest& SearchItem::digest() {
    if (!digest_) {
        digest_.emplace();
        if (item_.item_class == model::ItemClass::mail)
            if (auto read = mime::decode(find_digest(snapshot_, item_.owner, item_.id)))
                digest_ = std::move(*read);
    }
    return *digest_;
}

const MailProps& SearchItem::props() {
    if (!props_)
        props_ = unpack_mail_props(item_.props);
    return *props_;
}

const std::set<std::string>& SearchItem::keywords() {
    if (!keywords_)
        keywords_ = keywords_of(item_.flags, props());
    return *keywords_;
}

ConversationId SearchItem::conversation() {
    if (!conversation_)
        conversation_ = conversation_of(snapshot_, item_.owner, item_.id);
    return *conversation_;
}

const std::string& SearchItem::bytes() {
    if (!bytes_)
        bytes_ = read_bytes(snapshot_, office_, item_, 0, UINT64_MAX).value_or(std::string());
    return *bytes_;
}

const std::string& SearchItem::folded(SearchField field, const std::string& name) {
    const auto key = std::pair(field, lower(name));
    const auto known = folded_.find(key);
    if (known != folded_.end())
        return known->second;
    auto text = text_of(field, name);
    return folded_[key] = mime::casemap(utf8_prefix(text, limits::kSearchText));
}

std::string SearchItem::text_of(SearchField field, const std::string& name) {
    if (item_.item_class != model::ItemClass::mail)
        return object_text();
    switch (field) {
    case SearchField::from:
        return addresses(digest().from) + addresses(digest().sender) + addresses(digest().reply_to);
    case SearchField::to:
        return addresses(digest().to);
    case SearchField::cc:
        return addresses(digest().cc);
    case SearchField::bcc:
        return addresses(digest().bcc);
    case SearchField::subject:
        return digest().subject;
    case SearchField::attachment: {
        std::string out;
        for (const auto& part : digest().parts)
            if (part.is_attachment())
                add_line(out, part.filename);
        return out;
    }
    case SearchField::body:
        return body_text(bytes());
    case SearchField::header:
        return header_text(bytes(), name);
    case SearchField::any:
        break;
    }
    return header_text(bytes(), {}) + body_text(bytes());
}

/// The values of an object's properties, folds undone.
std::string SearchItem::object_text() {
    std::string out;
    for (const auto line :
         split(replace_all(replace_all(bytes(), "\r\n ", ""), "\r\n", "\n"), '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || istarts_with(line, "BEGIN:") ||
            istarts_with(line, "END:") || istarts_with(line, "PHOTO"))
            continue;
        add_line(out, replace_all(line.substr(colon + 1), "\\n", "\n"));
    }
    return out;
}

} // namespace lockstep::office
