// A calendar item as the protocol sees it: what a stored event shows to a device, and what a device
// sent. Spec: MS-ASCAL 2.2.2. A merge compares the two and applies only what differs, so that an
// echo changes nothing (byte for byte). Invariants: in what is shown, every field that the event
// has is set; in what was sent, only what the client sent.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/eas/calendar_files.hpp"
#include "codec/eas/recurrence.hpp"
#include "codec/ical/series.hpp"
#include "codec/wbxml/version.hpp"

namespace lockstep::eas {

/// Location: only the display name below 16.0 (MS-ASAIRS 2.2.2.28). Numbers stay the text they came
/// as.
struct EventPlace {
    std::string display_name, annotation, street, city, state, country, postal_code;
    std::string latitude, longitude, accuracy, altitude, altitude_accuracy, uri;
    friend bool operator==(const EventPlace&, const EventPlace&) = default;
};

struct EventAttendee {
    std::string email, name;
    std::optional<int> status; ///< 0 unknown, 2 tentative, 3 accepted, 4 declined, 5 not responded
    std::optional<int> type;   ///< 1 required, 2 optional, 3 resource
    friend bool operator==(const EventAttendee&, const EventAttendee&) = default;
};

/// A reminder's minutes before the start; none: there is no reminder.
using EventReminder = std::optional<std::int64_t>;

/// What a series and each of its exceptions have.
struct EventFields {
    std::optional<bool> all_day;
    /// Shown: instants, or midnights of the wall clock when all_day. Sent: seconds as on the wire.
    std::optional<std::int64_t> start, end;
    std::optional<std::string> subject;
    std::optional<EventPlace> place;
    std::optional<ItemText> body;
    std::optional<std::vector<std::string>> categories;
    std::optional<int> sensitivity, busy;
    std::optional<EventReminder> reminder;
    std::optional<int> meeting_status;
    std::optional<std::vector<EventAttendee>> attendees;
    std::optional<std::int64_t> stamp, reply_time;
    std::optional<int> response_type;
    std::optional<std::string> conference_link, external_link;
    std::optional<std::vector<EventFile>> files; ///< shown
    FileChange file_change;                      ///< sent
};

struct EventException {
    std::int64_t original = 0; ///< shown: wall clock of the series; sent: seconds as on the wire
    bool deleted = false;
    EventFields fields;
};

struct EventModel {
    EventFields fields;
    std::optional<std::string> time_zone; ///< base64 TimeZone structure
    std::string uid, organizer_email, organizer_name;
    std::string server_id; ///< shown: first half of the file references
    std::optional<bool> response_requested, disallow_proposal;
    /// Set: there is a Recurrence element; empty inside: it removes the recurrence.
    std::optional<std::optional<Pattern>> pattern;
    std::vector<EventException> exceptions;
};

/// How a series is said in patterns. A rule without words is said as one occurrence a day, each
/// moved to its true place.
struct SeriesRendering {
    std::optional<Pattern> pattern; ///< none: a single event
    bool surrogate = false;
    /// Surrogate only: the pattern's occurrences and the true ones that they stand for (wall
    /// clock), ascending.
    std::vector<std::pair<std::int64_t, std::int64_t>> stand_ins;
};
[[nodiscard]] SeriesRendering
render_series(const ical::Series& series, wbxml::Version version, std::int64_t now);

/// The event as shown to a device of that version.
[[nodiscard]] Result<EventModel> show_event(
    const ical::Series& series, const SeriesRendering& rendering, wbxml::Version version,
    const EventContext& context
);
/// Fields of one component (the master, or an override on its own).
[[nodiscard]] EventFields show_fields(
    const ical::Series& series, const ical::Component& component, const EventContext& context
);
/// The master's fields at one of its occurrences.
[[nodiscard]] EventFields
fields_at(const ical::Series& series, std::int64_t civil, const EventFields& master);
/// The occurrence that a client means (wire seconds) by its original start, on the series' clock:
/// exactly, or else the one of that day (clients send odd times for moved series and for days).
/// Looks through stand-ins. None: not of this series.
[[nodiscard]] std::optional<std::int64_t>
find_occurrence(const ical::Series& series, const SeriesRendering& rendering, std::int64_t wire);
[[nodiscard]] EventPlace show_place(const ical::Component& component);
[[nodiscard]] std::vector<EventAttendee> show_attendees(const ical::Component& component);

/// What a client sent. `supported` turns absent elements into removals (< 16.0). Errors: bad_value.
[[nodiscard]] Result<EventModel>
read_event(const wbxml::Node& data, wbxml::Version version, const std::set<wbxml::Tag>* supported);
[[nodiscard]] Result<EventFields> read_event_fields(const wbxml::Node& data);

/// Writes a shown event as children of ApplicationData.
void write_event_model(
    wbxml::Writer& out, const EventModel& model, const ical::Series& series,
    const ItemOptions& options
);

/// The address of "mailto:..." in lower case.
[[nodiscard]] std::string mail_address(std::string_view value);
/// Whether 16.x rules hold.
[[nodiscard]] inline bool is_16(wbxml::Version version) { return version >= wbxml::Version::v16_0; }

} // namespace lockstep::eas
