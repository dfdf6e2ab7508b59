// Reading a client's change of a mail; see email.hpp.
// Spec: MS-ASEMAIL 3.2.5.3 (what a Sync request may hold), 2.2.2.21 ConversationId;
// MS-ASAIRS 2.2.2.2, 2.2.2.8, 2.2.2.9.
#include <array>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar_files.hpp"
#include "codec/eas/email.hpp"
#include "codec/eas/email_flags.hpp"

namespace lockstep::eas {

namespace {

namespace email = wbxml::email;
namespace email2 = wbxml::email2;
namespace base = wbxml::air_sync_base;

constexpr std::size_t kClientCategories = 300; // MS-ASEMAIL 2.2.2.17
constexpr std::size_t kFileChanges = 500;      // files added and removed by one Change

void read_text(const wbxml::Node& data, wbxml::Tag tag, std::optional<std::string>& out) {
    if (const auto* const node = data.find(tag))
        out = clean_utf8(node->text);
}

Result<> read_body_change(const wbxml::Node& data, EmailChange& out) {
    const auto* const body = data.find(base::Body);
    if (body == nullptr || !body->has(base::Data))
        return {};
    const auto type = parse_int<int>(trim(body->text_of(base::Type, "1")));
    if (!type || (*type != 1 && *type != 2 && *type != 4))
        return fail(Code::bad_value, "a draft body of a form that cannot be stored");
    out.body_type = *type;
    const auto& bytes = body->find(base::Data)->text;
    out.body = *type == 4 ? bytes : clean_utf8(bytes);
    return {};
}

AttachmentAdd read_attachment_add(const wbxml::Node& node) {
    AttachmentAdd add;
    add.client_id = clean_utf8(node.text_of(base::ClientId));
    add.name = clean_utf8(node.text_of(base::DisplayName));
    add.content_type = clean_utf8(node.text_of(base::ContentType));
    add.content_id = clean_utf8(node.text_of(base::ContentId));
    add.content_location = clean_utf8(node.text_of(base::ContentLocation));
    add.is_inline = node.has(base::IsInline);
    add.method = trim(node.text_of(base::Method, "1")) == "5" ? 5 : 1;
    return add;
}

/// Content travels as opaque bytes or as base64 text; clients do both.
Result<std::string> attachment_content(const wbxml::Node& content) {
    if (content.opaque)
        return content.text;
    std::string compact;
    for (const char c : content.text)
        if (!is_space(c))
            compact += c;
    auto bytes = unbase64(compact);
    if (!bytes)
        return fail(Code::bad_value, "attachment content that is not base64");
    return bytes;
}

} // namespace

Result<FileChange> read_file_change(const wbxml::Node& data) {
    FileChange out;
    const auto* const attachments = data.find(base::Attachments);
    if (attachments == nullptr)
        return out;
    for (const auto& child : attachments->children) {
        if (out.add.size() + out.remove.size() >= kFileChanges)
            return fail(Code::too_large, "too many attachments in one change");
        if (child.tag == base::Delete) {
            out.remove.emplace_back(child.text_of(base::FileReference));
            continue;
        }
        if (child.tag != base::Add)
            continue;
        const auto* const content = child.find(base::Content);
        // iOS 16.2 sends Adds without content when it only moves an item: there is nothing to add.
        if (content == nullptr || content->text.empty())
            continue;
        auto add = read_attachment_add(child);
        TRY(add.content, attachment_content(*content));
        out.add.push_back(std::move(add));
    }
    return out;
}

namespace {

Result<> read_importance(const wbxml::Node& data, EmailChange& out) {
    const auto* const node = data.find(email::Importance);
    if (node == nullptr)
        return {};
    const auto value = parse_int<int>(trim(node->text));
    if (!value || *value < 0 || *value > 2)
        return fail(Code::bad_value, "unknown importance");
    out.importance = *value;
    return {};
}

} // namespace

Result<EmailChange> parse_email_change(const wbxml::Node& data) {
    for (const auto tag :
         {email2::ConversationId, email2::ConversationIndex, email2::IsDraft, email2::UmCallerID,
          email2::UmUserNotes, email2::ReceivedAsBcc, email2::Sender})
        if (data.has(tag))
            return fail(Code::bad_value, "an element that only the server sets");
    EmailChange out;
    if (const auto* const read = data.find(email::Read)) {
        const auto text = trim(read->text);
        if (text != "0" && text != "1")
            return fail(Code::bad_value, "Read is neither 0 nor 1");
        out.read = text == "1";
    }
    if (const auto* const flag = data.find(email::Flag)) {
        TRY(out.flag, parse_flag(*flag));
    }
    if (const auto* const categories = data.find(email::Categories)) {
        out.categories.emplace();
        for (const auto& category : categories->all(email::Category)) {
            if (out.categories->size() >= kClientCategories)
                return fail(Code::bad_value, "too many categories");
            out.categories->push_back(clean_utf8(category.text));
        }
    }
    read_text(data, email::To, out.to);
    read_text(data, email::Cc, out.cc);
    read_text(data, email2::Bcc, out.bcc);
    read_text(data, email::ReplyTo, out.reply_to);
    read_text(data, email::Subject, out.subject);
    CHECK_OK(read_importance(data, out));
    CHECK_OK(read_body_change(data, out));
    TRY(auto files, read_file_change(data));
    out.add = std::move(files.add);
    out.remove = std::move(files.remove);
    out.send = data.has(email2::Send);
    return out;
}

} // namespace lockstep::eas
