// What the demonstration's content is made of: short forms for mails between people, appointments,
// to-dos, notes and cards.
// Invariants: ids and UIDs follow from names, never from chance; text is UTF-8 and escaped here.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "office/demo_clock.hpp"
#include "office/demo_content.hpp"
#include "office/demo_message.hpp"

namespace lockstep::office {

/// "Anna Berg <anna@example.org>" of a local part.
[[nodiscard]] std::string demo_mailbox(std::string_view local);
/// The full name of a local part.
[[nodiscard]] std::string demo_name(std::string_view local);

/// A mail, who sent it, who has it, and where it lies.
struct DemoPost {
    DemoMail mail;
    std::string sender;               ///< a local part, or empty for somebody outside
    std::vector<std::string> readers; ///< local parts
    std::string folder = "INBOX";     ///< of the readers
    bool unread = false, flagged = false, answered = false;
};

/// A mail among the people: sender, readers (To), subject, date and text filled in.
[[nodiscard]] DemoPost demo_post(
    std::string_view id, std::string_view sender, const std::vector<std::string>& readers,
    std::string_view subject, std::int64_t date, std::string_view text
);
/// A mail from outside to some of the people.
[[nodiscard]] DemoPost demo_letter(
    std::string_view id, std::string_view from, const std::vector<std::string>& readers,
    std::string_view subject, std::int64_t date, std::string_view text
);

/// All mail of the office, sorted by date: threads among the people, and letters from outside.
[[nodiscard]] std::vector<DemoPost> demo_threads(const DemoClock& clock);
[[nodiscard]] std::vector<DemoPost> demo_letters(const DemoClock& clock);
[[nodiscard]] std::vector<DemoPost> demo_newsletters(const DemoClock& clock);
/// Drafts of the first person.
[[nodiscard]] std::vector<DemoPost> demo_drafts(const DemoClock& clock);

struct DemoGuest {
    std::string address; ///< a local part, or a whole address
    std::string status = "ACCEPTED";
    bool optional = false;
};

/// An occurrence that differs from its series.
struct DemoOccurrence {
    int original_day = 0, day = 0, hour = 0, minute = 0, minutes = 60;
    std::string summary;
};

struct DemoEvent {
    std::string uid, summary, location, description;
    int day = 0, hour = 9, minute = 0, minutes = 60;
    int all_day = 0; ///< number of whole days, 0 for a timed event
    std::string rule;
    std::vector<int> left_out; ///< days of occurrences that do not happen
    std::vector<DemoOccurrence> moved;
    std::string organizer; ///< a local part, with guests
    std::vector<DemoGuest> guests;
    int alarm = -1; ///< minutes before, -1 for none
    std::string categories;
    bool free = false, tentative = false, confidential = false;
};
/// A whole VCALENDAR, with `method` when it is to be sent.
[[nodiscard]] std::string
demo_event(const DemoEvent& event, const DemoClock& clock, std::string_view method = {});

struct DemoTodo {
    std::string uid, summary, description;
    std::optional<int> due; ///< day
    std::optional<int> done;
    int percent = 0;
    int priority = 0; ///< 1 high, 5 normal, 9 low
    std::string rule, categories;
    bool alarm = false;
};
[[nodiscard]] std::string demo_todo(const DemoTodo& todo, const DemoClock& clock);
[[nodiscard]] std::string demo_note(
    std::string_view uid, std::string_view summary, std::string_view text,
    std::string_view categories, std::int64_t changed
);

struct DemoCard {
    std::string uid, given, family, company, department, title, email, work, cell, home;
    std::string street, city, code, country; ///< of work, or of home without a company
    std::string birthday, note, categories, url, nickname;
    int portrait = -1;
};
[[nodiscard]] std::string demo_card(const DemoCard& card);

/// The parts of an account other than mail.
[[nodiscard]] std::vector<DemoItem>
demo_appointments(std::string_view local, const DemoClock& clock);
[[nodiscard]] std::vector<DemoItem> demo_contacts(std::string_view local, const DemoClock& clock);
[[nodiscard]] std::vector<DemoItem> demo_todos(std::string_view local, const DemoClock& clock);
[[nodiscard]] std::vector<DemoItem> demo_notes(std::string_view local, const DemoClock& clock);

} // namespace lockstep::office
