// A shown event as WBXML: children of ApplicationData, each in the versions that know it.
// Spec: MS-ASCAL 2.2.2, 6 (schema); MS-ASAIRS 2.2.2.28 (Location). Text of properties comes as
// stored; the writer cleans it.
#include <array>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/options.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace c = wbxml::calendar;
namespace b = wbxml::air_sync_base;

constexpr std::size_t kUidCharacters = 300; ///< MS-ASCAL 2.2.2.46

/// Writes the fields of one event or exception.
class FieldsWriter {
public:
    FieldsWriter(
        wbxml::Writer& out, const EventModel& model, const ical::Series& series,
        const ItemOptions& options
    )
        : out_(out), model_(model), series_(series), options_(options) {}

    void event();

private:
    /// Days: midnights of UTC at 16.x, of the zone below; everything else is an instant already.
    [[nodiscard]] std::string time(std::int64_t value, bool all_day) const {
        return compact_date(
            all_day && !is_16(out_.version()) ? series_.zone()->to_utc(value) : value
        );
    }
    [[nodiscard]] bool all_day(const EventFields& fields) const {
        return fields.all_day.value_or(*model_.fields.all_day);
    }
    void text(wbxml::Tag tag, const std::optional<std::string>& value) {
        if (value)
            out_.element_if_allowed(tag, *value);
    }
    void number(wbxml::Tag tag, const std::optional<int>& value) {
        if (value)
            out_.element_if_allowed(tag, *value);
    }
    void place(const std::optional<EventPlace>& place, bool in_exception);
    void attendees(const std::optional<std::vector<EventAttendee>>& attendees, bool in_exception);
    void categories(const std::optional<std::vector<std::string>>& categories, bool in_exception);
    void busy(const EventFields& fields);
    void reminder(const EventFields& fields);
    void body(const EventFields& fields, bool in_exception);
    void files(const EventFields& fields, bool in_exception);
    void exceptions();
    void exception(const EventException& exception);

    wbxml::Writer& out_;
    const EventModel& model_;
    const ical::Series& series_;
    const ItemOptions& options_;
};

void FieldsWriter::place(const std::optional<EventPlace>& place, bool in_exception) {
    if (!place || (*place == EventPlace{} && !in_exception))
        return;
    if (!out_.allows(b::Location)) {
        out_.element_if_allowed(c::Location, place->display_name);
        return;
    }
    out_.open(b::Location);
    const std::array<std::pair<wbxml::Tag, std::string_view>, 13> parts{{
        {b::DisplayName, place->display_name},
        {b::Annotation, place->annotation},
        {b::Street, place->street},
        {b::City, place->city},
        {b::State, place->state},
        {b::Country, place->country},
        {b::PostalCode, place->postal_code},
        {b::Latitude, place->latitude},
        {b::Longitude, place->longitude},
        {b::Accuracy, place->accuracy},
        {b::Altitude, place->altitude},
        {b::AltitudeAccuracy, place->altitude_accuracy},
        {b::LocationUri, place->uri},
    }};
    for (const auto& [tag, value] : parts)
        if (!value.empty())
            out_.element(tag, value);
    out_.close();
}

void FieldsWriter::attendees(
    const std::optional<std::vector<EventAttendee>>& attendees, bool in_exception
) {
    if (!attendees || (attendees->empty() && !in_exception))
        return;
    if (in_exception && out_.version() < wbxml::Version::v14_0)
        return;
    out_.open(c::Attendees);
    for (const auto& attendee : *attendees) {
        out_.open(c::Attendee);
        out_.element(c::Email, attendee.email);
        out_.element(c::Name, attendee.name);
        number(c::AttendeeStatus, attendee.status.value_or(0));
        number(c::AttendeeType, attendee.type);
        out_.close();
    }
    out_.close();
}

void FieldsWriter::categories(
    const std::optional<std::vector<std::string>>& categories, bool in_exception
) {
    if (!categories || (categories->empty() && !in_exception))
        return;
    out_.open(c::Categories);
    for (std::size_t i = 0; i < categories->size() && i < limits::kEasLabels; ++i)
        out_.element(c::Category, (*categories)[i]);
    out_.close();
}

void FieldsWriter::busy(const EventFields& fields) {
    // "Working elsewhere" came with 16.0; it does not block the time.
    if (fields.busy)
        out_.element(c::BusyStatus, *fields.busy == 4 && !is_16(out_.version()) ? 0 : *fields.busy);
}

void FieldsWriter::reminder(const EventFields& fields) {
    if (!fields.reminder)
        return;
    const auto& minutes = *fields.reminder;
    if (minutes)
        out_.element(c::Reminder, *minutes);
    else if (&fields != &model_.fields && out_.version() >= wbxml::Version::v14_1)
        out_.empty(c::Reminder); // 2.2.2.38
}

void FieldsWriter::body(const EventFields& fields, bool in_exception) {
    if (fields.body)
        write_body(out_, *fields.body, options_, c::Body, c::BodyTruncated, {!in_exception, true});
}

void FieldsWriter::files(const EventFields& fields, bool in_exception) {
    if (!is_16(out_.version()) || !fields.files || (fields.files->empty() && !in_exception))
        return;
    if (fields.files->empty()) {
        out_.empty(b::Attachments);
        return;
    }
    out_.open(b::Attachments);
    for (const auto& file : *fields.files) {
        out_.open(b::Attachment);
        out_.element(b::DisplayName, file.name);
        out_.element(b::FileReference, file_reference(model_.server_id, file.path));
        out_.element(b::Method, 1);
        out_.element(b::EstimatedDataSize, file.size);
        out_.close();
    }
    out_.close();
}

void FieldsWriter::exception(const EventException& exception) {
    const auto& fields = exception.fields;
    out_.open(c::Exception);
    if (exception.deleted)
        out_.element(c::Deleted, 1);
    const auto original =
        series_.all_day() ? exception.original : series_.to_utc(exception.original);
    const auto when = time(original, series_.all_day());
    out_.element_if_allowed(c::ExceptionStartTime, when);
    out_.element_if_allowed(b::InstanceId, when);
    if (!exception.deleted) {
        text(c::Subject, fields.subject);
        if (fields.start)
            out_.element(c::StartTime, time(*fields.start, all_day(fields)));
        if (fields.end)
            out_.element(c::EndTime, time(*fields.end, all_day(fields)));
        body(fields, true);
        place(fields.place, true);
        categories(fields.categories, true);
        number(c::Sensitivity, fields.sensitivity);
        busy(fields);
        if (fields.all_day)
            out_.element(c::AllDayEvent, *fields.all_day);
        reminder(fields);
        if (fields.stamp)
            out_.element(c::DtStamp, compact_date(*fields.stamp));
        number(c::MeetingStatus, fields.meeting_status);
        attendees(fields.attendees, true);
        if (fields.reply_time)
            out_.element_if_allowed(c::AppointmentReplyTime, compact_date(*fields.reply_time));
        number(c::ResponseType, fields.response_type);
        text(c::OnlineMeetingConfLink, fields.conference_link);
        text(c::OnlineMeetingExternalLink, fields.external_link);
        files(fields, true);
    }
    out_.close();
}

void FieldsWriter::exceptions() {
    if (model_.exceptions.empty())
        return;
    out_.open(c::Exceptions);
    for (const auto& each : model_.exceptions)
        exception(each);
    out_.close();
}

void FieldsWriter::event() {
    const auto& fields = model_.fields;
    if (model_.time_zone)
        out_.element(c::Timezone, *model_.time_zone);
    if (fields.stamp)
        out_.element(c::DtStamp, compact_date(*fields.stamp));
    out_.element(c::StartTime, time(*fields.start, *fields.all_day));
    text(c::Subject, fields.subject);
    if (!model_.uid.empty())
        out_.element(c::UID, utf8_prefix(model_.uid, kUidCharacters));
    if (!model_.organizer_name.empty())
        out_.element(c::OrganizerName, model_.organizer_name);
    if (!model_.organizer_email.empty())
        out_.element(c::OrganizerEmail, model_.organizer_email);
    attendees(fields.attendees, false);
    place(fields.place, false);
    out_.element(c::EndTime, time(*fields.end, *fields.all_day));
    if (model_.pattern && *model_.pattern)
        write_pattern(out_, **model_.pattern, calendar_pattern_tags());
    exceptions();
    body(fields, false);
    categories(fields.categories, false);
    number(c::Sensitivity, fields.sensitivity);
    busy(fields);
    out_.element(c::AllDayEvent, *fields.all_day);
    reminder(fields);
    number(c::MeetingStatus, fields.meeting_status);
    if (model_.response_requested)
        out_.element_if_allowed(c::ResponseRequested, *model_.response_requested);
    if (fields.reply_time)
        out_.element_if_allowed(c::AppointmentReplyTime, compact_date(*fields.reply_time));
    number(c::ResponseType, fields.response_type);
    if (model_.disallow_proposal)
        out_.element_if_allowed(c::DisallowNewTimeProposal, *model_.disallow_proposal);
    text(c::OnlineMeetingConfLink, fields.conference_link);
    text(c::OnlineMeetingExternalLink, fields.external_link);
    files(fields, false);
}

} // namespace

void write_event_model(
    wbxml::Writer& out, const EventModel& model, const ical::Series& series,
    const ItemOptions& options
) {
    FieldsWriter(out, model, series, options).event();
}

} // namespace lockstep::eas
