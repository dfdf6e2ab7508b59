// Emails into JSON.
#include "codec/json/date.hpp"
#include "protocols/jmap/body_parts.hpp"
#include "protocols/jmap/email_get.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string> kStored{"id",       "blobId", "threadId",  "mailboxIds",
                                    "keywords", "size",   "receivedAt"};
const std::set<std::string> kFromDigest{"subject",    "from",          "to",
                                        "cc",         "bcc",           "sender",
                                        "replyTo",    "messageId",     "inReplyTo",
                                        "references", "hasAttachment", "preview"};
const std::set<std::string> kFromBytes{"headers",  "sentAt",   "bodyStructure", "bodyValues",
                                       "textBody", "htmlBody", "attachments"};

bool is_email_property(const std::string& name) {
    return kStored.contains(name) || kFromDigest.contains(name) || kFromBytes.contains(name) ||
           parse_header_property(name).has_value();
}

void add_digest_properties(
    json::Object& out, const mime::Digest& digest, const EmailWishes& wishes
) {
    const auto add = [&](const char* name, json::Value value) {
        if (wishes.wants(name))
            out[name] = std::move(value);
    };
    add("subject", digest.subject.empty() ? json::Value(nullptr) : json::Value(digest.subject));
    add("from", addresses_or_null(digest.from));
    add("sender", addresses_or_null(digest.sender));
    add("replyTo", addresses_or_null(digest.reply_to));
    add("to", addresses_or_null(digest.to));
    add("cc", addresses_or_null(digest.cc));
    add("bcc", addresses_or_null(digest.bcc));
    add("messageId", digest.message_id.empty() ? json::Value(nullptr)
                                               : json::Value(json::Array{digest.message_id}));
    add("inReplyTo", ids_value(digest.in_reply_to));
    add("references", ids_value(digest.references));
    add("hasAttachment", json::Value(digest.has_attachments));
    add("preview", json::Value(digest.preview));
}

json::Array part_list(const PartView& view, const std::vector<std::uint32_t>& parts) {
    json::Array list;
    for (const auto part : parts)
        list.push_back(part_object(view, part));
    return list;
}

json::Object values(const PartView& view, const BodyLists& lists, const EmailWishes& wishes) {
    std::set<std::uint32_t> wanted;
    if (wishes.text_values)
        wanted.insert(lists.text.begin(), lists.text.end());
    if (wishes.html_values)
        wanted.insert(lists.html.begin(), lists.html.end());
    if (wishes.all_values)
        for (std::uint32_t i = 0; i < view.message.parts.size(); ++i)
            if (!view.message.parts[i].embedded)
                wanted.insert(i);
    json::Object out;
    for (const auto index : wanted) {
        const auto& part = view.message.parts[index];
        if (part.type == "text")
            out[std::to_string(index)] = body_value(view.message, part, wishes.value_bytes);
    }
    return out;
}

} // namespace

const std::set<std::string>& default_email_properties() {
    static const std::set<std::string> kDefault{
        "id",         "blobId",     "threadId",      "mailboxIds",
        "keywords",   "size",       "receivedAt",    "messageId",
        "inReplyTo",  "references", "sender",        "from",
        "to",         "cc",         "bcc",           "replyTo",
        "subject",    "sentAt",     "hasAttachment", "preview",
        "bodyValues", "textBody",   "htmlBody",      "attachments"
    };
    return kDefault;
}

const std::set<std::string>& default_parse_properties() {
    static const std::set<std::string> kDefault{
        "messageId", "inReplyTo",  "references", "sender",   "from",       "to",
        "cc",        "bcc",        "replyTo",    "subject",  "sentAt",     "hasAttachment",
        "preview",   "bodyValues", "textBody",   "htmlBody", "attachments"
    };
    return kDefault;
}

bool EmailWishes::needs_bytes() const {
    if (!headers.empty())
        return true;
    return std::ranges::any_of(kFromBytes, [this](const std::string& name) { return wants(name); });
}

std::expected<EmailWishes, MethodError> read_wishes(
    Arguments& arguments, const std::optional<std::set<std::string>>& properties,
    const std::set<std::string>& by_default
) {
    EmailWishes wishes;
    wishes.properties = properties.value_or(by_default);
    for (const auto& each : wishes.properties) {
        if (!is_email_property(each))
            return refuse("invalidArguments", each + " is no property");
        if (auto header = parse_header_property(each))
            wishes.headers.push_back(std::move(*header));
    }
    wishes.part_properties = default_part_properties();
    if (const auto parts = arguments.texts("bodyProperties")) {
        for (const auto& each : *parts)
            if (!is_part_property(each))
                return refuse("invalidArguments", each + " is no property of a part");
        wishes.part_properties = {parts->begin(), parts->end()};
    }
    wishes.text_values = arguments.truth("fetchTextBodyValues").value_or(false);
    wishes.html_values = arguments.truth("fetchHTMLBodyValues").value_or(false);
    wishes.all_values = arguments.truth("fetchAllBodyValues").value_or(false);
    wishes.value_bytes = static_cast<std::size_t>(arguments.count("maxBodyValueBytes").value_or(0));
    return wishes;
}

void add_message_properties(
    json::Object& out, std::string_view bytes, const mime::Digest& digest, model::ItemId item,
    model::ChangeSeq content, const EmailWishes& wishes
) {
    add_digest_properties(out, digest, wishes);
    if (!wishes.needs_bytes())
        return;
    const auto message = mime::parse(bytes);
    const mime::Headers headers(message.header_of(message.parts[0]));
    for (const auto& each : wishes.headers)
        out[each.property] = header_value(each, headers);
    if (wishes.wants("headers"))
        out["headers"] = header_list(headers);
    if (wishes.wants("sentAt")) {
        const auto raw = headers.first("Date");
        out["sentAt"] = raw ? date_value(*raw) : json::Value(nullptr);
    }
    const PartView view{message, item, content, wishes.part_properties};
    if (wishes.wants("bodyStructure"))
        out["bodyStructure"] = structure_object(view);
    const auto lists = body_lists(message);
    if (wishes.wants("textBody"))
        out["textBody"] = part_list(view, lists.text);
    if (wishes.wants("htmlBody"))
        out["htmlBody"] = part_list(view, lists.html);
    if (wishes.wants("attachments"))
        out["attachments"] = part_list(view, lists.attachments);
    if (wishes.wants("bodyValues"))
        out["bodyValues"] = values(view, lists, wishes);
}

json::Object email_object(const StoredEmail& email, const EmailWishes& wishes) {
    const auto& item = email.item;
    json::Object out{{"id", item_id(item.id)}};
    const auto add = [&](const char* name, json::Value value) {
        if (wishes.wants(name))
            out[name] = std::move(value);
    };
    add("blobId",
        json::Value(blob_id({BlobRef::Kind::item, item.id.value, item.content.value, 0})));
    add("threadId", json::Value(email.thread));
    add("mailboxIds", json::Object{{collection_id(item.collection), true}});
    if (wishes.wants("keywords")) {
        json::Object keywords;
        for (const auto& each :
             office::keywords_of(item.flags, office::unpack_mail_props(item.props)))
            keywords[each] = true;
        out["keywords"] = std::move(keywords);
    }
    add("size", json::Value(item.size));
    add("receivedAt", json::Value(json::utc_date(item.received_us / 1'000'000 * 1'000'000)));
    add_message_properties(out, email.bytes, email.digest, item.id, item.content, wishes);
    return out;
}

} // namespace lockstep::jmap
