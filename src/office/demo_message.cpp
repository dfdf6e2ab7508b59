// Mails for the demonstration.
// Spec: demo_message.hpp.
#include "office/demo_message.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/demo_clock.hpp"

namespace lockstep::office {

namespace {

/// B-encoded words of at most 75 characters, cut between characters.
std::string encoded_words(std::string_view text) {
    constexpr std::size_t kPayload = 42; // 56 characters of base64 and the frame
    std::string out;
    while (!text.empty()) {
        const auto piece = utf8_prefix(text, kPayload);
        if (!out.empty())
            out += "\r\n ";
        out += "=?UTF-8?B?" + base64(piece) + "?=";
        text.remove_prefix(piece.size());
    }
    return out;
}

/// An address with its display name encoded when it must be.
std::string demo_address(std::string_view address) {
    const auto open = address.find('<');
    if (open == std::string_view::npos || is_ascii(address))
        return std::string(address);
    return encoded_words(trim(address.substr(0, open))) + ' ' + std::string(address.substr(open));
}

std::string address_header(std::string_view name, const std::vector<std::string>& addresses) {
    if (addresses.empty())
        return {};
    std::vector<std::string> written;
    for (const auto& address : addresses)
        written.push_back(demo_address(address));
    return fmt::format("{}: {}\r\n", name, join(written, ",\r\n "));
}

std::string text_part(std::string_view type, std::string_view text) {
    return fmt::format(
        "Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: "
        "quoted-printable\r\n\r\n{}{}",
        type, demo_quoted_printable(text), text.ends_with('\n') ? "" : "\r\n"
    );
}

std::string file_part(const DemoFile& file) {
    const bool inlined = !file.content_id.empty();
    std::string out = fmt::format(
        "Content-Type: {}; name=\"{}\"\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: {}; filename=\"{}\"\r\n",
        file.type, file.name, inlined ? "inline" : "attachment", file.name
    );
    if (inlined)
        out += fmt::format("Content-ID: <{}>\r\n", file.content_id);
    return out + "\r\n" + demo_base64_lines(file.bytes);
}

std::string multipart(
    std::string_view subtype, std::string_view boundary, const std::vector<std::string>& parts
) {
    std::string out =
        fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n\r\n", subtype, boundary);
    for (const auto& part : parts)
        out += fmt::format("--{}\r\n{}\r\n", boundary, part);
    return out + fmt::format("--{}--\r\n", boundary);
}

/// The bodies: plain, or an alternative of plain, HTML (with its images) and calendar.
std::string body_part(const DemoMail& mail, const std::string& mark) {
    std::vector<std::string> alternatives = {text_part("text/plain", mail.text)};
    if (!mail.html.empty()) {
        std::vector<std::string> related = {text_part("text/html", mail.html)};
        for (const auto& file : mail.files)
            if (!file.content_id.empty())
                related.push_back(file_part(file));
        alternatives.push_back(
            related.size() == 1 ? related.front() : multipart("related", "rel-" + mark, related)
        );
    }
    if (!mail.calendar.empty())
        alternatives.push_back(fmt::format(
            "Content-Type: text/calendar; charset=utf-8; method={}\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n{}",
            mail.calendar_method, demo_base64_lines(mail.calendar)
        ));
    return alternatives.size() == 1 ? alternatives.front()
                                    : multipart("alternative", "alt-" + mark, alternatives);
}

} // namespace

std::string demo_header(std::string_view name, std::string_view text) {
    return fmt::format(
        "{}: {}\r\n", name, is_ascii(text) ? std::string(text) : encoded_words(text)
    );
}

std::string demo_quoted_printable(std::string_view text) {
    constexpr std::size_t kLine = 72;
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        const bool before_end = i + 1 == text.size() || text[i + 1] == '\n';
        const bool literal = byte >= 0x20 && byte < 0x7F && c != '=' && !(c == ' ' && before_end);
        if (column > kLine) {
            out += "=\r\n";
            column = 0;
        }
        if (literal) {
            out += c;
            ++column;
        } else {
            out += '=';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
            column += 3;
        }
    }
    return out;
}

std::string demo_base64_lines(std::string_view bytes) {
    constexpr std::size_t kChunk = 57;
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + bytes.size() / 28 + 8);
    for (std::size_t i = 0; i < bytes.size(); i += kChunk)
        out += base64(bytes.substr(i, kChunk)) + "\r\n";
    return out;
}

std::string demo_message(const DemoMail& mail) {
    std::string out;
    for (const auto& line : mail.more)
        out += line + "\r\n";
    out += "Date: " + demo_mail_date(mail.date) + "\r\n";
    out += "From: " + demo_address(mail.from) + "\r\n";
    out += address_header("To", mail.to) + address_header("Cc", mail.cc);
    out += demo_header("Subject", mail.subject);
    out += fmt::format("Message-ID: <{}>\r\n", mail.id);
    if (!mail.references.empty()) {
        std::vector<std::string> ids;
        for (const auto& id : mail.references)
            ids.push_back('<' + id + '>');
        out += fmt::format("In-Reply-To: {}\r\n", ids.back());
        out += fmt::format("References: {}\r\n", join(ids, "\r\n "));
    }
    out += "MIME-Version: 1.0\r\n";
    const auto mark = hex(mail.id.substr(0, 12));
    std::vector<std::string> parts = {body_part(mail, mark)};
    for (const auto& file : mail.files)
        if (file.content_id.empty())
            parts.push_back(file_part(file));
    auto content = parts.size() == 1 ? parts.front() : multipart("mixed", "mix-" + mark, parts);
    if (mail.signature.empty())
        return out + content;
    return out + multipart(
                     "signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
                     "sig-" + mark,
                     {content,
                      file_part({"smime.p7s", "application/pkcs7-signature", mail.signature, ""})}
                 );
}

} // namespace lockstep::office
