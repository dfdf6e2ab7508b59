// Making a digest from a parsed message; see digest.hpp.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/mime/bodies.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/classify.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/digest.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kPreviewPlain = 8U << 10U;    // bytes of text looked at for a preview
constexpr std::size_t kPreviewHtml = 128U << 10U;   // style sheets stand in front of the text
constexpr std::size_t kCalendarBytes = 256U << 10U; // enough for any invitation's attendee line

DigestPart digest_part(const Message& message, std::uint32_t index, const PartRole& role) {
    const Part& part = message.parts[index];
    DigestPart out;
    out.path = message.path_of(index);
    out.type = part.type + "/" + part.subtype;
    out.charset = clean_utf8(part.charset);
    out.encoding = part.encoding;
    out.disposition = part.disposition;
    out.offset = part.body.offset;
    out.encoded_length = part.body.length;
    out.decoded_size = decoded_size(part.encoding, message.body_of(part));
    out.filename = part.any_name();
    out.content_id = part.content_id;
    out.content_location = part.content_location;
    out.flowed = part.flowed;
    out.del_sp = part.del_sp;
    out.is_body_plain = role.plain;
    out.is_body_html = role.html;
    out.is_related = role.related;
    out.is_hidden = role.hidden;
    out.inside_message = part.embedded;
    out.is_message = part.is("message", "rfc822") || part.is("message", "global");
    return out;
}

/// The part that carries the invitation: text/calendar with a method, not one of an embedded
/// message.
std::uint32_t calendar_part(const Message& message) {
    for (std::uint32_t i = 0; i < message.parts.size(); ++i) {
        const Part& part = message.parts[i];
        if (part.is("text", "calendar") && !part.embedded && !part.method.empty())
            return i;
    }
    return kNoPart;
}

void read_headers(const Headers& headers, Digest& out) {
    const auto addresses = [&headers](std::string_view name) {
        const auto raw = headers.first(name);
        return raw ? parse_addresses(*raw) : std::vector<Address>();
    };
    const auto ids = [&headers](std::string_view name) {
        const auto raw = headers.first(name);
        return raw ? decode_ids(*raw) : std::vector<std::string>();
    };
    out.subject = headers.text("subject");
    out.from = addresses("from");
    out.sender = addresses("sender");
    out.reply_to = addresses("reply-to");
    out.to = addresses("to");
    out.cc = addresses("cc");
    out.bcc = addresses("bcc");
    if (const auto date = headers.first("date"))
        out.date = parse_date(*date);
    if (auto id = ids("message-id"); !id.empty())
        out.message_id = std::move(id.front());
    out.in_reply_to = ids("in-reply-to");
    out.references = ids("references");
    out.importance = importance_of(headers);
    out.thread_topic =
        headers.first("thread-topic") ? headers.text("thread-topic") : topic_of(out.subject);
    if (const auto index = headers.first("thread-index"))
        out.thread_index = decode_transfer(Encoding::base64, *index);
    out.is_list = is_list_mail(headers);
    out.is_auto = is_auto_mail(headers);
    // RFC 5322 3.6: each at most once. Who shows the first and who checks the last disagree
    // (hardening S11).
    constexpr std::array<std::string_view, 9> kOnce{"from",    "sender", "reply-to",   "to", "cc",
                                                    "subject", "date",   "message-id", "bcc"};
    out.ambiguous = out.ambiguous || std::ranges::any_of(kOnce, [&](std::string_view name) {
                        return headers.count(name) > 1;
                    });
}

std::string preview_of(const Message& message, const DigestPart& part) {
    const bool html = part.type == "text/html";
    const auto bytes = message.bytes.substr(part.offset, part.encoded_length);
    const auto text =
        decode_text_body(part.encoding, part.charset, bytes, html ? kPreviewHtml : kPreviewPlain)
            .text;
    return html ? preview_of_html(text, kPreviewCharacters)
                : preview_of_text(text, kPreviewCharacters);
}

void read_bodies(const Message& message, Digest& out) {
    const DigestPart* shown = nullptr;
    for (const auto& part : out.parts) {
        if (part.is_body_html && part.type == "text/html") {
            shown = &part;
            out.native_body = Native::html;
            break;
        }
        if (part.is_body_plain && shown == nullptr) {
            shown = &part;
            out.native_body = Native::plain;
        }
    }
    if (shown != nullptr && !shown->charset.empty())
        out.codepage = codepage(shown->charset);
    for (const auto& part : out.parts) {
        if (!part.is_body_plain || !out.preview.empty())
            continue;
        out.preview = preview_of(message, part);
    }
}

} // namespace

Digest make_digest(std::string_view bytes) { return make_digest(parse(bytes)); }

Digest make_digest(const Message& message) {
    Digest out;
    out.size = message.bytes.size();
    out.ambiguous = message.ambiguous;
    read_headers(Headers(message.header_of(message.parts.front())), out);
    const auto roles = body_roles(message);
    const auto invitation = calendar_part(message);
    std::string calendar;
    for (std::uint32_t i = 0; i < message.parts.size(); ++i) {
        const Part& part = message.parts[i];
        if (!part.leaf() && part.type != "message")
            continue;
        auto entry = digest_part(message, i, roles[i]);
        if (i == invitation) {
            entry.is_calendar = true;
            out.calendar_method = clean_utf8(part.method);
            calendar = decode_body(message, part, kCalendarBytes);
        }
        out.has_attachments = out.has_attachments ||
                              (entry.is_attachment() && !entry.is_related && !entry.is_calendar);
        out.parts.push_back(std::move(entry));
    }
    out.secure = secure_of(message);
    out.message_class = class_of(message, out.secure, out.calendar_method, calendar);
    // The one blob of an opaque S/MIME mail is its body, which only the client can open.
    if (out.secure == Secure::opaque)
        out.has_attachments = false;
    read_bodies(message, out);
    return out;
}

} // namespace lockstep::mime
