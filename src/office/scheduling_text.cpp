// The words of messages about meetings: subject and text for people whose program reads no
// calendars. Subjects begin as those of Exchange, whose users know them; an update has the subject
// of its invitation.
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "codec/ical/series.hpp"
#include "office/scheduling_mail.hpp"

namespace lockstep::office {
namespace {

struct Words {
    std::string_view canceled, accepted, tentative, declined, proposed, proposal_declined;
    std::string_view when, where, who, repeats, canceled_text, all_day;
    std::array<std::string_view, 7> days;
    std::array<std::string_view, 4> frequencies; ///< daily, weekly, monthly, yearly
};

constexpr Words kEnglish{
    "Canceled: ",
    "Accepted: ",
    "Tentative: ",
    "Declined: ",
    "New Time Proposed: ",
    "Proposal Declined: ",
    "When: ",
    "Where: ",
    "Organizer: ",
    "Repeats: ",
    "This meeting has been canceled.",
    "all day",
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    {"daily", "weekly", "monthly", "yearly"}
};
constexpr Words kGerman{
    "Abgesagt: ",
    "Zugesagt: ",
    "Mit Vorbehalt: ",
    "Abgelehnt: ",
    "Neuer Zeitvorschlag: ",
    "Vorschlag abgelehnt: ",
    "Wann: ",
    "Wo: ",
    "Organisator: ",
    "Wiederholung: ",
    "Diese Besprechung wurde abgesagt.",
    "ganztägig",
    {"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
    {"täglich", "wöchentlich", "monatlich", "jährlich"}
};

const Words& words_of(std::string_view language) {
    return istarts_with(language, "de") ? kGerman : kEnglish;
}

std::string clock_text(std::int64_t civil, const Words& words) {
    const auto at = ical::civil_of(civil);
    return fmt::format(
        "{}, {:04}-{:02}-{:02} {:02}:{:02}", words.days[at.weekday], at.year, at.month, at.day,
        at.hour, at.minute
    );
}

std::string when_text(const ical::Series& series, const Words& words, std::string_view zone) {
    if (series.all_day()) {
        const auto day = clock_text(series.start().civil, words);
        return fmt::format("{} ({})", day.substr(0, day.rfind(' ')), words.all_day);
    }
    const auto own = ical::zone_or_utc(zone);
    const auto start = own->to_civil(series.start_utc()), end = own->to_civil(series.end_utc());
    auto until = clock_text(end, words);
    if (ical::midnight_of(start) == ical::midnight_of(end))
        until = until.substr(until.rfind(' ') + 1);
    return fmt::format("{} - {} ({})", clock_text(start, words), until, own->name());
}

std::string_view repeats_text(const ical::Component& event, const Words& words) {
    constexpr std::array<std::string_view, 4> kFrequencies{
        "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"
    };
    const auto rule = event.value_of("RRULE");
    for (std::size_t i = 0; i < kFrequencies.size(); ++i)
        if (ifind(rule, kFrequencies[i]) != std::string::npos)
            return words.frequencies[i];
    return {};
}

} // namespace

std::string meeting_subject(const ical::ItipMessage& message, std::string_view language) {
    const auto& words = words_of(language);
    const auto* event = ical::main_event(message.calendar);
    std::string_view mark;
    switch (message.method) {
    case ical::Method::cancel:
        mark = words.canceled;
        break;
    case ical::Method::counter:
        mark = words.proposed;
        break;
    case ical::Method::decline_counter:
        mark = words.proposal_declined;
        break;
    case ical::Method::reply: {
        const auto* attendee = event->find("ATTENDEE");
        const auto answer =
            attendee == nullptr ? std::string_view() : attendee->parameter("PARTSTAT");
        mark = iequals(answer, "ACCEPTED")   ? words.accepted
               : iequals(answer, "DECLINED") ? words.declined
                                             : words.tentative;
        break;
    }
    case ical::Method::publish:
    case ical::Method::request:
    case ical::Method::add:
    case ical::Method::refresh:
        break;
    }
    return std::string(mark) + event->text_of("SUMMARY");
}

std::string
meeting_text(const ical::ItipMessage& message, std::string_view language, std::string_view zone) {
    const auto& words = words_of(language);
    const auto* event = ical::main_event(message.calendar);
    std::string out;
    const auto line = [&](std::string_view label, std::string_view text) {
        if (!text.empty())
            out += std::string(label) + std::string(text) + "\r\n";
    };
    if (message.method == ical::Method::cancel)
        line(words.canceled_text, "\r\n");
    if (const auto series =
            ical::Series::read(message.calendar, "VEVENT", ical::zone_or_utc(zone))) {
        line(words.when, when_text(*series, words, zone));
        line(words.repeats, repeats_text(*event, words));
    }
    line(words.where, event->text_of("LOCATION"));
    const auto* organizer = event->find("ORGANIZER");
    if (organizer != nullptr) {
        const auto name = organizer->parameter("CN");
        line(
            words.who, name.empty() ? ical::calendar_address(organizer->value()) : std::string(name)
        );
    }
    const auto description = event->text_of("DESCRIPTION");
    if (!description.empty() && message.method != ical::Method::cancel)
        out += "\r\n" + description + "\r\n";
    return out;
}

} // namespace lockstep::office
