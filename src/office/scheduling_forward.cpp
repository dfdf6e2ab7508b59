// The object that is sent on, and the message around it.
#include "office/scheduling_forward.hpp"

#include "codec/ical/itip.hpp"
#include "codec/ical/itip_parts.hpp"
#include "codec/ical/series.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"
#include "office/scheduling_mail.hpp"

namespace lockstep::office {
namespace {

/// The whole event, or one occurrence of it, for other people's eyes.
Result<ical::Component> object_for_others(
    const ical::Component& calendar, std::optional<std::int64_t> instance, std::string_view zone
) {
    auto out = ical::itip::message_shell(calendar, ical::Method::request);
    if (!instance) {
        for (const auto& child : calendar.children)
            if (child.name == "VEVENT")
                out.children.push_back(ical::itip::for_others(child));
        return out;
    }
    const bool recurs = std::ranges::any_of(calendar.children, [](const ical::Component& child) {
        return child.name == "VEVENT" && (child.has("RRULE") || child.has("RDATE"));
    });
    if (!recurs)
        return fail(Code::unsupported, "the event does not recur");
    TRY(const auto series, ical::Series::read(calendar, "VEVENT", ical::zone_or_utc(zone)));
    const auto civil = ical::find_occurrence(series, *instance);
    if (!civil)
        return fail(Code::not_found, "no such occurrence");
    out.children.push_back(ical::itip::for_others(ical::occurrence_component(series, *civil)));
    return out;
}

} // namespace

Result<std::string>
event_as_mail(std::string_view stored, const directory::Account& sender, const EventMail& options) {
    TRY(const auto calendar, ical::parse(stored));
    TRY(auto object, object_for_others(calendar, options.instance, sender.zone));
    MeetingLetter letter;
    letter.message.method = ical::Method::request;
    letter.message.to = options.to;
    letter.message.calendar = std::move(object);
    const auto subject = meeting_subject(letter.message, sender.language);
    auto text = meeting_text(letter.message, sender.language, sender.zone);
    if (!options.comment.empty())
        text = options.comment + "\n\n" + text;
    std::vector<mime::Assembly> forms;
    forms.push_back(mime::text_part("plain", text));
    const auto bytes = ical::serialize(letter.message.calendar);
    std::vector<mime::Assembly> parts;
    parts.push_back(mime::multipart("alternative", std::move(forms)));
    mime::FilePart file;
    file.content_type = "text/calendar";
    file.name = "invite.ics";
    file.content = bytes;
    parts.push_back(mime::file_part(file));
    std::vector<mime::Address> to;
    for (const auto& address : options.to) {
        auto read = mime::parse_addresses(address);
        to.insert(to.end(), read.begin(), read.end());
    }
    std::string out = mime::write_address_field("From", mime::parse_addresses(sender.address));
    if (!to.empty())
        out += mime::write_address_field("To", to);
    out += mime::write_text_field("Subject", subject);
    out += "Date: " + mime::format_date(options.now) + "\r\n";
    out += "Message-ID: <" + options.message_id + ">\r\n";
    out += "MIME-Version: 1.0\r\n";
    return out + mime::multipart("mixed", std::move(parts)).text();
}

} // namespace lockstep::office
