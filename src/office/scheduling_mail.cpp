// Reads and writes iMIP messages.
#include "office/scheduling_mail.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::office {
namespace {

/// A result of "dmarc=fail" in the field that our own server wrote: the one of the host that the
/// topmost Received names.
bool sender_failed(const mime::Headers& headers) {
    const auto received = headers.first("Received");
    if (!received)
        return false;
    const auto unfolded = mime::unfold(*received);
    const auto by = unfolded.find("by ");
    if (by == std::string::npos)
        return false;
    const auto host = unfolded.substr(by + 3, unfolded.find(' ', by + 3) - by - 3);
    for (const auto& field : headers.fields()) {
        if (iequals(field.name, "Authentication-Results")) {
            const auto text = mime::unfold(field.value);
            if (istarts_with(trim(text), host) && ifind(text, "dmarc=fail") != std::string::npos)
                return true;
        }
    }
    return false;
}

bool has_few_lines(std::string_view text) {
    ical::LineCursor lines(text);
    for (std::string_view line; lines.next(line);)
        if (lines.count() > limits::kMeetingMailLines)
            return false;
    return true;
}

mime::Address mailbox(std::string_view address, std::string_view name) {
    const auto at = address.rfind('@');
    return {
        std::string(name),
        std::string(address.substr(0, at)),
        at == std::string_view::npos ? std::string() : std::string(address.substr(at + 1)),
        {}
    };
}

mime::Assembly calendar_part(std::string_view text, std::string_view method) {
    mime::Assembly part;
    part.add(
        "Content-Type: text/calendar; charset=utf-8; method=" + std::string(method) +
        "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + mime::encode_base64_lines(text)
    );
    return part;
}

std::vector<mime::Address> recipients_of(const ical::ItipMessage& message) {
    const auto* event = ical::main_event(message.calendar);
    std::vector<mime::Address> out;
    for (const auto& to : message.to) {
        const auto* who = ical::find_attendee(*event, to);
        if (who == nullptr && ical::calendar_address(event->value_of("ORGANIZER")) == to)
            who = event->find("ORGANIZER");
        out.push_back(mailbox(to, who == nullptr ? std::string_view() : who->parameter("CN")));
    }
    return out;
}

} // namespace

std::string calendar_text(std::string_view message, const mime::Digest& digest) {
    const auto part = std::ranges::find(digest.parts, true, &mime::DigestPart::is_calendar);
    if (part == digest.parts.end() || part->decoded_size > limits::kMeetingMailBytes ||
        part->offset + part->encoded_length > message.size())
        return {};
    return mime::to_utf8(
        mime::decode_transfer(part->encoding, message.substr(part->offset, part->encoded_length)),
        part->charset.empty() ? "utf-8" : part->charset
    );
}

std::shared_ptr<const MeetingMail>
read_meeting_mail(std::string_view message, const mime::Digest& digest) {
    const auto method = ical::method_of(digest.calendar_method);
    if (!method)
        return nullptr;
    const auto text = calendar_text(message, digest);
    if (text.empty() || !has_few_lines(text))
        return nullptr;
    auto calendar = ical::parse(text);
    if (!calendar || calendar->name != "VCALENDAR" || ical::main_event(*calendar) == nullptr)
        return nullptr;
    // X7: two methods are two opinions of what this is.
    if (calendar->has("METHOD") && ical::method_of(calendar->value_of("METHOD")) != method)
        return nullptr;
    auto out = std::make_shared<MeetingMail>();
    out->method = *method;
    out->calendar = std::move(*calendar);
    if (digest.from.size() == 1 && !digest.ambiguous)
        out->from = lower(digest.from.front().text());
    const mime::Headers headers(message);
    out->inside = !headers.first("Return-Path").has_value();
    out->distrusted = !out->inside && sender_failed(headers);
    return out;
}

std::string author_of(const ical::ItipMessage& message) {
    const auto* event = ical::main_event(message.calendar);
    const bool answers =
        message.method == ical::Method::reply || message.method == ical::Method::counter;
    return ical::calendar_address(event->value_of(answers ? "ATTENDEE" : "ORGANIZER"));
}

std::string compose_meeting_mail(
    const MeetingLetter& letter, const directory::Account& sender, const MeetingMailOptions& options
) {
    const auto& message = letter.message;
    const auto object = ical::serialize(message.calendar);
    const auto method = ical::name_of(message.method);
    const bool answers =
        message.method == ical::Method::reply || message.method == ical::Method::counter;
    std::vector<mime::Assembly> forms;
    // An answer says only what its sender wrote (MS-ASCMD 2.2.3.163); its subject says the rest.
    const auto plain = letter.comment_is_html
                           ? mime::html_to_text(letter.comment, letter.comment.size())
                           : letter.comment;
    forms.push_back(mime::text_part(
        "plain", answers ? plain : meeting_text(message, sender.language, sender.zone)
    ));
    if (letter.comment_is_html)
        forms.push_back(mime::text_part("html", letter.comment));
    forms.push_back(calendar_part(object, method));
    std::vector<mime::Assembly> parts;
    parts.push_back(mime::multipart("alternative", std::move(forms)));
    if (options.with_file) {
        mime::FilePart file;
        file.content_type = "application/ics";
        file.name = "invite.ics";
        file.content = object;
        parts.push_back(mime::file_part(file));
    }
    std::string out;
    out += mime::write_address_field("From", {mailbox(author_of(message), sender.name)});
    out += mime::write_address_field("To", recipients_of(message));
    out += mime::write_text_field("Subject", meeting_subject(message, sender.language));
    out += "Date: " + mime::format_date(options.now) + "\r\n";
    out += "Message-ID: <" + options.message_id + ">\r\n";
    out += "MIME-Version: 1.0\r\n";
    return out + mime::multipart("mixed", std::move(parts)).text();
}

} // namespace lockstep::office
