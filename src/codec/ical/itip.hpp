// Meetings: what an organizer and the attendees tell each other, as functions of calendar objects.
// Spec: RFC 5546 (iTIP) 2.1.4 (SEQUENCE), 2.1.5 (order of messages), 3.2 (methods of VEVENT);
// RFC 5545 3.8.4, 3.8.7. Hardening X4, X7. Invariants: pure; an object that arrives changes a
// stored one only when its sender may say so and it is newer; what is applied twice changes nothing
// the second time; what nobody changed keeps its bytes. Addresses are lower case without "mailto:".
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/ical/busy.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/series.hpp"

namespace lockstep::ical {

enum class Method : std::uint8_t {
    publish,
    request,
    reply,
    add,
    cancel,
    refresh,
    counter,
    decline_counter
};
[[nodiscard]] std::optional<Method> method_of(std::string_view word);
[[nodiscard]] std::string_view name_of(Method method);

/// Whose copy of a meeting it is, and when.
struct Participant {
    std::vector<std::string> addresses; ///< all that mean this person; the first is the main one
    std::string name;                   ///< display name
    ZonePtr zone = utc_zone();          ///< of dates and floating times
    std::int64_t now = 0;               ///< unix seconds

    [[nodiscard]] bool is(std::string_view address) const;
};

// Looking at objects -----------------------------------------------------------------------------

/// The VEVENT without RECURRENCE-ID, else the first VEVENT; null when there is none.
[[nodiscard]] const Component* main_event(const Component& calendar);
[[nodiscard]] std::string organizer_of(const Component& calendar);
/// The ATTENDEE that is this person; null when there is none.
[[nodiscard]] const Property* find_attendee(const Component& event, std::string_view address);
[[nodiscard]] const Property* find_attendee(const Component& event, const Participant& person);
[[nodiscard]] std::int64_t sequence_of(const Component& event);
/// DTSTAMP as unix seconds; 0 when there is none that can be read.
[[nodiscard]] std::int64_t stamp_of(const Component& event);
[[nodiscard]] bool is_cancelled(const Component& event);

// The organizer's side ---------------------------------------------------------------------------

struct ItipMessage {
    Method method = Method::request;
    std::vector<std::string> to; ///< addresses
    Component calendar;          ///< whole, with METHOD
    bool update = false;         ///< a request of something that was asked before
};

/// Brings the organizer's changed object up to date: SEQUENCE and DTSTAMP where time or recurrence
/// changed, and then the attendees' answers are void (RFC 5546 2.1.4). Does nothing when the
/// organizer is somebody else. `before`: null for a new object.
void revise(const Component* before, Component& after, const Participant& organizer);

/// What the attendees must be told when the organizer's object changes; nothing when the organizer
/// is somebody else or when nothing that matters to them changed. Null: there is none (before: new,
/// after: removed). What is over is not cancelled. At most limits::kMeetingAttendees attendees are
/// looked at; at most limits::kMeetingInstanceMails changed occurrences are told one by one.
[[nodiscard]] std::vector<ItipMessage>
organizer_messages(const Component* before, const Component* after, const Participant& organizer);
/// The whole of it once more, for one attendee that asked (REFRESH); nothing when not invited.
[[nodiscard]] std::optional<ItipMessage>
request_again(const Component& stored, std::string_view attendee, const Participant& organizer);
/// DECLINECOUNTER for the attendee whose COUNTER this is.
[[nodiscard]] std::optional<ItipMessage>
decline_counter(const Component& counter, std::string_view attendee, const Participant& organizer);

/// A REPLY or COUNTER into the organizer's object. Nothing: it is not from an attendee of the
/// meeting, outdated, of an occurrence that is not, or known already. `from`: who sent it.
[[nodiscard]] std::optional<Component> apply_reply(
    const Component& stored, const Component& incoming, Method method, std::string_view from,
    const Participant& organizer
);

// The attendee's side ----------------------------------------------------------------------------

/// A REQUEST into an attendee's calendar: the object to be stored. Nothing: it is not from the
/// organizer, its recipient is no attendee, it is older than what is stored, or the same. `stored`:
/// null when there is none.
[[nodiscard]] std::optional<Component> apply_request(
    const Component* stored, const Component& incoming, std::string_view from,
    const Participant& attendee
);
/// ADD: one more occurrence of a stored series.
[[nodiscard]] std::optional<Component> apply_add(
    const Component& stored, const Component& incoming, std::string_view from,
    const Participant& attendee
);
/// CANCEL: the meeting, or occurrences of it, stay as cancelled and take no time.
[[nodiscard]] std::optional<Component> apply_cancel(
    const Component& stored, const Component& incoming, std::string_view from,
    const Participant& attendee
);

/// What an attendee answers.
struct Answer {
    std::string participation = "ACCEPTED"; ///< PARTSTAT
    std::string comment;                    ///< plain text; may be empty
    /// A counter proposal: another start and end, UTC seconds.
    std::optional<std::pair<std::int64_t, std::int64_t>> proposal;
};
/// A REPLY, or COUNTER when there is a proposal, about one component of a stored meeting (the main
/// event, or an occurrence).
[[nodiscard]] ItipMessage
answer_message(const Component& event, const Answer& answer, const Participant& attendee);

/// The attendee's own answer in its copy, with settle_busy().
void set_answer(Component& event, const Participant& attendee, std::string_view participation);
/// The time that an answered meeting takes, as its organizer intended it; tentatively when the
/// answer was so.
void settle_busy(Component& event, std::string_view participation);

// Occurrences
// --------------------------------------------------------------------------------------

/// The occurrence of a series that starts originally at this instant, or else on that day, on the
/// series' clock; excluded ones are none.
[[nodiscard]] std::optional<std::int64_t> find_occurrence(const Series& series, std::int64_t utc);
/// A component for one occurrence: the override, or the master at that place.
[[nodiscard]] Component occurrence_component(const Series& series, std::int64_t civil);

} // namespace lockstep::ical
