// SmartReply and SmartForward; see compose.hpp.
// Spec: MS-ASCMD 2.2.1.19, 2.2.1.20. The client sends only what the user typed; the rest is put
// beneath here.
#include <algorithm>
#include <optional>

#include "base/limits.hpp"
#include "base/markup.hpp"
#include "base/text.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/digest.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

/// A message taken apart for quoting.
struct Source {
    explicit Source(std::string_view bytes) : message(parse(bytes)), digest(make_digest(message)) {}

    Message message;
    Digest digest;

    [[nodiscard]] std::string_view raw(const DigestPart& part) const {
        for (const auto& candidate : message.parts)
            if (candidate.body.offset == part.offset &&
                candidate.body.length == part.encoded_length &&
                (candidate.leaf() || candidate.type == "message"))
                return message.bytes.substr(
                    candidate.header.offset, candidate.body.end() - candidate.header.offset
                );
        return {};
    }
    [[nodiscard]] std::string text_of(const DigestPart& part) const {
        return decode_text_body(
                   part.encoding, part.charset,
                   message.bytes.substr(part.offset, part.encoded_length), limits::kQuotedText
        )
            .text;
    }
    [[nodiscard]] bool has_html() const { return digest.native_body == Native::html; }

    [[nodiscard]] std::string plain() const {
        std::string out;
        for (const auto& part : digest.parts) {
            if (!part.is_body_plain)
                continue;
            auto text = text_of(part);
            if (part.type == "text/html")
                text = html_to_text(text, limits::kQuotedText);
            out += part.flowed ? unflow(text, part.del_sp) : text;
            if (!out.empty() && !out.ends_with('\n'))
                out += "\r\n";
        }
        return out;
    }
    [[nodiscard]] std::string html() const {
        std::string out;
        for (const auto& part : digest.parts) {
            if (!part.is_body_html)
                continue;
            const auto text = text_of(part);
            out += part.type == "text/html" ? text : text_to_html(text);
        }
        return out;
    }
};

/// Style sheets and the inside of the body element, so that two documents can become one.
std::string inner_html(const std::string& html) {
    std::string out;
    const auto body = ifind(html, "<body");
    const auto head_end = body == std::string::npos ? 0 : body;
    for (auto style = ifind(std::string_view(html).substr(0, head_end), "<style");
         style != std::string::npos;) {
        const auto end = ifind(html, "</style>", style);
        if (end == std::string::npos || end > head_end)
            break;
        out += html.substr(style, end + 8 - style);
        style = ifind(std::string_view(html).substr(0, head_end), "<style", end);
    }
    const auto start =
        body == std::string::npos ? 0 : std::min(html.find('>', body), html.size() - 1) + 1;
    const auto end = std::min(ifind(html, "</body", start), html.size());
    return out + html.substr(start, end - start);
}

std::string quote_plain(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        out += text.starts_with('>') ? ">" : "> ";
        out += text.substr(0, end);
        text.remove_prefix(end);
    }
    return out;
}

/// The lines that say whose text follows.
std::string attribution(const Digest& original, bool forward) {
    const auto date = original.date ? format_date(*original.date) : std::string();
    if (!forward) {
        const auto who = display(original.from);
        return (date.empty() ? std::string() : "On " + date + ", ") +
               (who.empty() ? "somebody" : who) + " wrote:\r\n";
    }
    std::string out = "-----Original Message-----\r\n";
    const auto line = [&out](std::string_view name, const std::string& value) {
        if (!value.empty())
            out += std::string(name) + ": " + value + "\r\n";
    };
    line("From", display(original.from));
    line("Date", date);
    line("To", display(original.to));
    line("Cc", display(original.cc));
    line("Subject", original.subject);
    return out;
}

std::string combined_plain(const Source& client, const Source& original, bool forward) {
    auto out = client.plain();
    out += "\r\n" + attribution(original.digest, forward) + (forward ? "\r\n" : "");
    const auto text = original.plain();
    return out + (forward ? text : quote_plain(text));
}

std::string combined_html(const Source& client, const Source& original, bool forward) {
    const auto mine = client.html();
    const auto close = ifind(mine, "</body");
    std::string out = mine.substr(0, close);
    out += "<br>\r\n<div>" +
           replace_all(escape_markup(attribution(original.digest, forward)), "\r\n", "<br>\r\n") +
           "</div>\r\n";
    out += forward ? "<div>" : "<blockquote type=\"cite\">";
    out += inner_html(original.html());
    out += forward ? "</div>" : "</blockquote>";
    return out + (close == std::string::npos ? std::string() : mine.substr(close)) + "\r\n";
}

/// Parts of the answer beside its text: the client's own, then those of the original that belong to
/// it.
struct Extras {
    std::vector<Assembly> related, attached;

    void take(const Source& source, bool with_attachments) {
        for (const auto& part : source.digest.parts) {
            if (!part.is_attachment() || (!part.is_related && !with_attachments))
                continue;
            Assembly copy;
            copy.borrow(source.raw(part));
            (part.is_related ? related : attached).push_back(std::move(copy));
        }
    }
};

/// The client's header without what describes its body.
std::string message_header(std::string_view client_mime) {
    HeaderEdit edit(client_mime);
    for (const std::string_view name :
         {"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
          "Content-ID", "Content-Description", "Content-Length"})
        edit.remove(name);
    auto header = edit.append("MIME-Version: 1.0\r\n").header();
    header.resize(header.size() - 2); // the part's own fields follow before the empty line
    return header;
}

bool is_sealed(const Source& source) {
    const Part& root = source.message.parts.front();
    return source.digest.secure != Secure::none || root.is("multipart", "signed") ||
           root.is("multipart", "encrypted");
}

Assembly whole_message(std::string_view original) {
    Assembly part;
    part.add("Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n");
    part.borrow(original);
    return part;
}

Result<std::string>
smart(std::string_view client_mime, std::string_view original_bytes, bool forward) {
    if (trim(client_mime).empty())
        return fail(Code::bad_value, "an empty message");
    const Source client(client_mime);
    if (is_sealed(client))
        return std::string(client_mime);
    const Source original(original_bytes);
    Extras extras;
    extras.take(client, true);
    std::vector<Assembly> alternatives;
    alternatives.push_back(text_part("plain", combined_plain(client, original, forward)));
    if (client.has_html() || original.has_html())
        alternatives.push_back(text_part("html", combined_html(client, original, forward)));
    for (const auto& part : client.digest.parts) {
        // An invitation that is a file among others was taken as such.
        if (!part.is_calendar || part.is_attachment())
            continue;
        Assembly copy;
        copy.borrow(client.raw(part));
        alternatives.push_back(std::move(copy));
    }
    if (original.digest.secure == Secure::opaque) {
        // Nobody here can open it: it goes along whole.
        if (forward)
            extras.attached.push_back(whole_message(original_bytes));
    } else {
        extras.take(original, forward);
    }
    std::vector<Assembly> related;
    related.push_back(multipart("alternative", std::move(alternatives)));
    std::ranges::move(extras.related, std::back_inserter(related));
    std::vector<Assembly> mixed;
    mixed.push_back(multipart("related", std::move(related)));
    std::ranges::move(extras.attached, std::back_inserter(mixed));
    Assembly out;
    out.add(message_header(client_mime));
    out.add(multipart("mixed", std::move(mixed)));
    return out.text();
}

} // namespace

Result<std::string> smart_reply(std::string_view client_mime, std::string_view original) {
    return smart(client_mime, original, false);
}

Result<std::string> smart_forward(std::string_view client_mime, std::string_view original) {
    return smart(client_mime, original, true);
}

} // namespace lockstep::mime
