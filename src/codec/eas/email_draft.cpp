// Drafts as messages; see email.hpp.
// Spec: MS-ASCMD 2.2.1.21 (drafts at 16.0), MS-ASEMAIL 2.2.2.9 Bcc, 2.2.2.42 IsDraft;
// MS-ASAIRS 2.2.2.2.
#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::eas {

namespace {

/// The message that gives what the change does not.
struct DraftBase {
    explicit DraftBase(std::string_view text)
        : bytes(text), message(mime::parse(text)), digest(mime::make_digest(message)) {}

    std::string_view bytes;
    mime::Message message;
    mime::Digest digest;

    [[nodiscard]] std::string text_of(const mime::DigestPart& part) const {
        return mime::decode_text_body(
                   part.encoding, part.charset, bytes.substr(part.offset, part.encoded_length)
        )
            .text;
    }
    /// Header and body of a listed part.
    [[nodiscard]] std::string_view raw(const mime::DigestPart& part) const {
        for (std::uint32_t i = 0; i < message.parts.size(); ++i) {
            const auto& candidate = message.parts[i];
            if (candidate.embedded || message.path_of(i) != part.path ||
                !(candidate.leaf() || candidate.type == "message"))
                continue;
            return bytes.substr(
                candidate.header.offset, candidate.body.end() - candidate.header.offset
            );
        }
        return {};
    }
};

std::string people_field(std::string_view name, const std::string& value) {
    // A reply list is separated by semicolons on the wire (MS-ASEMAIL 2.2.2.66); no client sends
    // groups.
    return mime::write_address_field(name, mime::parse_addresses(value));
}

void set_field(mime::HeaderEdit& header, std::string_view name, const std::string& field) {
    if (field.empty()) {
        header.remove(name);
    } else {
        header.replace(name, field);
    }
}

std::string
draft_header(const EmailChange& change, std::string_view base, const DraftContext& context) {
    mime::HeaderEdit header(base);
    for (const std::string_view name :
         {"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
          "Content-ID"})
        header.remove(name);
    if (!header.has("From"))
        header.append("From: " + context.from + "\r\n");
    if (change.to)
        set_field(header, "To", people_field("To", *change.to));
    if (change.cc)
        set_field(header, "Cc", people_field("Cc", *change.cc));
    if (change.bcc)
        set_field(header, "Bcc", people_field("Bcc", *change.bcc));
    if (change.reply_to)
        set_field(header, "Reply-To", people_field("Reply-To", *change.reply_to));
    if (change.subject)
        set_field(header, "Subject", mime::write_text_field("Subject", *change.subject));
    if (change.importance) {
        constexpr std::array<std::string_view, 3> kNames{"low", "normal", "high"};
        header.remove("X-Priority");
        set_field(
            header, "Importance",
            *change.importance == 1
                ? std::string()
                : mime::write_text_field(
                      "Importance", kNames[static_cast<std::size_t>(*change.importance)]
                  )
        );
    }
    header.replace("Date", "Date: " + mime::format_date(context.now) + "\r\n");
    if (!header.has("Message-ID"))
        header.append(mime::write_ids_field("Message-ID", {context.message_id}));
    header.append("MIME-Version: 1.0\r\n");
    auto text = header.header();
    text.resize(text.size() - 2); // the body part's own fields follow
    return text;
}

/// The text parts: the client's new ones, or those of the draft.
std::vector<mime::Assembly> draft_texts(const EmailChange& change, const DraftBase& base) {
    std::vector<mime::Assembly> texts;
    if (change.body && change.body_type == 1) {
        texts.push_back(mime::text_part("plain", *change.body));
    } else if (change.body && change.body_type == 2) {
        texts.push_back(mime::text_part("plain", mime::html_to_text(*change.body, limits::kEasBody))
        );
        texts.push_back(mime::text_part("html", *change.body));
    } else {
        std::string plain;
        std::string html;
        for (const auto& part : base.digest.parts) {
            const auto is_html = part.type == "text/html";
            if (part.is_body_plain && !is_html)
                plain += base.text_of(part);
            if (part.is_body_html && is_html)
                html += base.text_of(part);
        }
        if (html.empty() || !plain.empty())
            texts.push_back(mime::text_part("plain", plain));
        if (!html.empty())
            texts.push_back(mime::text_part("html", html));
    }
    return texts;
}

Result<std::vector<std::string>>
removed_paths(const EmailChange& change, std::string_view server_id, const DraftBase& base) {
    std::vector<std::string> paths;
    for (const auto& text : change.remove) {
        TRY(auto reference, parse_file_reference(text));
        if (reference.server_id != server_id || find_part(base.digest, reference.path) == nullptr)
            return fail(Code::bad_value, "an attachment that this draft does not have");
        paths.push_back(std::move(reference.path));
    }
    return paths;
}

mime::Assembly added_part(const AttachmentAdd& add) {
    mime::FilePart file;
    if (!add.content_type.empty())
        file.content_type = add.content_type;
    if (add.method == 5)
        file.content_type = "message/rfc822";
    file.name = add.name;
    file.content_id = add.content_id;
    file.content_location = add.content_location;
    file.is_inline = add.is_inline;
    file.content = add.content;
    return mime::file_part(file);
}

} // namespace

Result<std::string> compose_draft(
    const EmailChange& change, std::string_view original, std::string_view server_id,
    const DraftContext& context
) {
    const bool whole = change.body_type == 4 && change.body;
    if (whole && trim(*change.body).empty())
        return fail(Code::bad_value, "an empty MIME body");
    const DraftBase base(whole ? std::string_view(*change.body) : original);
    TRY(const auto removed, removed_paths(change, server_id, DraftBase(original)));
    std::vector<mime::Assembly> related;
    std::vector<mime::Assembly> mixed;
    related.push_back(mime::multipart("alternative", draft_texts(change, base)));
    for (const auto& part : base.digest.parts) {
        // References name the parts of the stored draft, not those of a MIME body that replaces it.
        if (!part.is_attachment() ||
            (!whole && std::ranges::find(removed, part.path) != removed.end()))
            continue;
        mime::Assembly copy;
        copy.borrow(base.raw(part));
        (part.is_related ? related : mixed).push_back(std::move(copy));
    }
    for (const auto& add : change.add)
        (add.is_inline ? related : mixed).push_back(added_part(add));
    mixed.insert(mixed.begin(), mime::multipart("related", std::move(related)));
    mime::Assembly out;
    out.add(draft_header(change, base.bytes, context));
    out.add(mime::multipart("mixed", std::move(mixed)));
    return out.text();
}

} // namespace lockstep::eas
