// Short forms of the demonstration's items.
// Spec: demo_parts.hpp.
#include "office/demo_parts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/text.hpp"
#include "office/demo_files.hpp"

namespace lockstep::office {

namespace {

constexpr std::string_view kBerlin = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n"
                                     "BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\n"
                                     "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTZNAME:CEST\r\n"
                                     "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
                                     "BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\n"
                                     "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZNAME:CET\r\n"
                                     "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
                                     "END:VTIMEZONE\r\n";

/// A folded content line; nothing for an empty value.
std::string demo_line(std::string_view name, std::string_view value) {
    if (value.empty())
        return {};
    return vcard::write_property(vcard::Property(std::string(name), std::string(value)));
}
std::string demo_text_line(std::string_view name, std::string_view text) {
    return demo_line(name, vcard::escape(text));
}

std::string
demo_moment(std::string_view name, const DemoClock& clock, int day, int hour, int minute) {
    return fmt::format("{};TZID=Europe/Berlin:{}\r\n", name, clock.local(day, hour, minute));
}

/// A local time of the day, `minutes` later; it may run into the next day.
std::string demo_end(const DemoClock& clock, int day, int hour, int minute, int minutes) {
    const int total = hour * 60 + minute + minutes;
    return demo_moment("DTEND", clock, day + total / 1440, total / 60 % 24, total % 60);
}

std::string demo_address_of(std::string_view address) {
    return address.find('@') == std::string_view::npos ? fmt::format("{}@{}", address, kDemoDomain)
                                                       : std::string(address);
}

std::string people_lines(const DemoEvent& event) {
    if (event.guests.empty())
        return {};
    std::string out = demo_line(
        fmt::format("ORGANIZER;CN=\"{}\"", demo_name(event.organizer)),
        "mailto:" + demo_address_of(event.organizer)
    );
    for (const auto& guest : event.guests) {
        const auto name = demo_name(guest.address);
        out += demo_line(
            fmt::format(
                "ATTENDEE{};ROLE={};PARTSTAT={}{}", name.empty() ? "" : ";CN=\"" + name + '"',
                guest.optional ? "OPT-PARTICIPANT" : "REQ-PARTICIPANT", guest.status,
                guest.status == "NEEDS-ACTION" ? ";RSVP=TRUE" : ""
            ),
            "mailto:" + demo_address_of(guest.address)
        );
    }
    return out;
}

std::string time_lines(const DemoEvent& event, const DemoClock& clock) {
    if (event.all_day > 0)
        return fmt::format(
            "DTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\n", clock.date(event.day),
            clock.date(event.day + event.all_day)
        );
    return demo_moment("DTSTART", clock, event.day, event.hour, event.minute) +
           demo_end(clock, event.day, event.hour, event.minute, event.minutes);
}

/// What the master and each override have in common.
std::string common_lines(const DemoEvent& event, const DemoClock& clock, std::string_view summary) {
    const auto stamp = demo_utc(clock.at(-9, 10, 0));
    std::string out =
        fmt::format("UID:{}\r\nDTSTAMP:{}\r\nCREATED:{}\r\n", event.uid, stamp, stamp);
    out += demo_text_line("SUMMARY", summary) + demo_text_line("LOCATION", event.location) +
           demo_text_line("DESCRIPTION", event.description) + people_lines(event);
    if (!event.categories.empty())
        out += demo_line("CATEGORIES", event.categories);
    if (event.tentative)
        out += "STATUS:TENTATIVE\r\n";
    if (event.confidential)
        out += "CLASS:PRIVATE\r\n";
    out += event.free ? "TRANSP:TRANSPARENT\r\n" : "TRANSP:OPAQUE\r\n";
    return out;
}

} // namespace

std::string demo_name(std::string_view local) {
    for (const auto& person : demo_people())
        if (person.local == local)
            return person.name;
    for (const auto& group : demo_groups())
        if (group.local == local)
            return group.name;
    return {};
}

std::string demo_mailbox(std::string_view local) {
    return fmt::format("{} <{}@{}>", demo_name(local), local, kDemoDomain);
}

DemoPost demo_post(
    std::string_view id, std::string_view sender, const std::vector<std::string>& readers,
    std::string_view subject, std::int64_t date, std::string_view text
) {
    DemoPost post;
    post.sender = sender;
    post.readers = readers;
    post.mail.from = demo_mailbox(sender);
    for (const auto& reader : readers)
        post.mail.to.push_back(demo_mailbox(reader));
    post.mail.subject = subject;
    post.mail.date = date;
    post.mail.id = fmt::format("{}.{}@{}", id, date, kDemoDomain);
    post.mail.text = text;
    return post;
}

DemoPost demo_letter(
    std::string_view id, std::string_view from, const std::vector<std::string>& readers,
    std::string_view subject, std::int64_t date, std::string_view text
) {
    DemoPost post;
    post.readers = readers;
    post.mail.from = from;
    for (const auto& reader : readers)
        post.mail.to.push_back(demo_mailbox(reader));
    post.mail.subject = subject;
    post.mail.date = date;
    const auto at = from.rfind('@');
    post.mail.id = fmt::format("{}.{}{}", id, date, from.substr(at, from.rfind('>') - at));
    post.mail.text = text;
    return post;
}

std::string demo_event(const DemoEvent& event, const DemoClock& clock, std::string_view method) {
    std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Northlight//Office//EN\r\n";
    if (!method.empty())
        out += fmt::format("METHOD:{}\r\n", method);
    if (event.all_day == 0)
        out += kBerlin;
    out +=
        "BEGIN:VEVENT\r\n" + common_lines(event, clock, event.summary) + time_lines(event, clock);
    if (!event.rule.empty())
        out += "RRULE:" + event.rule + "\r\n";
    for (const int day : event.left_out)
        out += demo_moment("EXDATE", clock, day, event.hour, event.minute);
    if (event.alarm >= 0)
        out += fmt::format(
            "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Reminder\r\nTRIGGER:-PT{}M\r\nEND:"
            "VALARM\r\n",
            event.alarm
        );
    out += "END:VEVENT\r\n";
    for (const auto& moved : event.moved)
        out += "BEGIN:VEVENT\r\n" +
               common_lines(event, clock, moved.summary.empty() ? event.summary : moved.summary) +
               demo_moment("RECURRENCE-ID", clock, moved.original_day, event.hour, event.minute) +
               demo_moment("DTSTART", clock, moved.day, moved.hour, moved.minute) +
               demo_end(clock, moved.day, moved.hour, moved.minute, moved.minutes) +
               "END:VEVENT\r\n";
    return out + "END:VCALENDAR\r\n";
}

std::string demo_todo(const DemoTodo& todo, const DemoClock& clock) {
    const auto stamp = demo_utc(clock.at(-6, 9, 30));
    std::string out =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Northlight//Office//EN\r\nBEGIN:VTODO\r\n";
    out += fmt::format("UID:{}\r\nDTSTAMP:{}\r\nCREATED:{}\r\n", todo.uid, stamp, stamp);
    out +=
        demo_text_line("SUMMARY", todo.summary) + demo_text_line("DESCRIPTION", todo.description);
    if (todo.due)
        out += fmt::format("DUE;VALUE=DATE:{}\r\n", clock.date(*todo.due));
    if (todo.due && !todo.rule.empty())
        out += fmt::format("DTSTART;VALUE=DATE:{}\r\n", clock.date(*todo.due));
    if (!todo.rule.empty())
        out += "RRULE:" + todo.rule + "\r\n";
    if (todo.priority != 0)
        out += fmt::format("PRIORITY:{}\r\n", todo.priority);
    if (!todo.categories.empty())
        out += demo_line("CATEGORIES", todo.categories);
    if (todo.done)
        out += fmt::format(
            "STATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\nCOMPLETED:{}\r\n",
            demo_utc(clock.past(*todo.done, 15, 20))
        );
    else if (todo.percent != 0)
        out += fmt::format("STATUS:IN-PROCESS\r\nPERCENT-COMPLETE:{}\r\n", todo.percent);
    else
        out += "STATUS:NEEDS-ACTION\r\n";
    if (todo.alarm && todo.due)
        out += fmt::format(
            "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Reminder\r\nTRIGGER;VALUE=DATE-TIME:{}"
            "\r\nEND:VALARM\r\n",
            demo_utc(clock.at(*todo.due, 9, 0))
        );
    return out + "END:VTODO\r\nEND:VCALENDAR\r\n";
}

std::string demo_note(
    std::string_view uid, std::string_view summary, std::string_view text,
    std::string_view categories, std::int64_t changed
) {
    return fmt::format(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Northlight//Office//EN\r\nBEGIN:VJOURNAL\r\n"
        "UID:{}\r\nDTSTAMP:{}\r\nLAST-MODIFIED:{}\r\n{}{}{}END:VJOURNAL\r\nEND:VCALENDAR\r\n",
        uid, demo_utc(changed), demo_utc(changed), demo_text_line("SUMMARY", summary),
        demo_line("CATEGORIES", categories), demo_text_line("DESCRIPTION", text)
    );
}

std::string demo_card(const DemoCard& card) {
    using vcard::Parameter;
    vcard::Card out;
    const auto add = [&](std::string name, std::string value,
                         std::vector<Parameter> parameters = {}) {
        if (!vcard::all_components_empty(value))
            out.properties.emplace_back(std::move(name), std::move(value), std::move(parameters));
    };
    const auto text = [](std::string_view value) { return vcard::escape(value); };
    const bool company = !card.company.empty();
    const auto full = card.family.empty() ? card.given : card.given + ' ' + card.family;
    add("FN", text(full.empty() ? card.company : full));
    add("N", text(card.family) + ';' + text(card.given) + ";;;");
    add("NICKNAME", text(card.nickname));
    add("ORG", text(card.company) + (card.department.empty() ? "" : ';' + text(card.department)));
    add("TITLE", text(card.title));
    add("EMAIL", card.email, {{"TYPE", {company ? "work" : "home"}}});
    add("TEL", text(card.work), {{"TYPE", {"work", "voice"}}});
    add("TEL", text(card.cell), {{"TYPE", {"cell"}}});
    add("TEL", text(card.home), {{"TYPE", {"home", "voice"}}});
    add("ADR",
        ";;" + text(card.street) + ';' + text(card.city) + ";;" + text(card.code) + ';' +
            text(card.country),
        {{"TYPE", {company ? "work" : "home"}}});
    add("BDAY", card.birthday);
    add("URL", card.url);
    add("CATEGORIES", card.categories);
    add("NOTE", text(card.note));
    if (card.portrait >= 0)
        add("PHOTO",
            "data:image/jpeg;base64," + base64(demo_portrait_jpeg(unsigned(card.portrait))));
    add("UID", card.uid);
    return vcard::serialize(out);
}

} // namespace lockstep::office
