// What a client sent for a calendar item, checked element by element.
// Spec: MS-ASCAL 2.2.2, 3.2.5.3; MS-ASCMD 2.2.3.179 (Supported). Elements that a request must not
// carry are passed over. Errors: bad_value (out of range, not a number, not a date, too many).
#include <array>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/eas/dates.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::eas {
namespace {

namespace c = wbxml::calendar;
namespace b = wbxml::air_sync_base;
using wbxml::Node;

Result<> read_number(const Node& data, wbxml::Tag tag, int low, int high, std::optional<int>& out) {
    const auto* node = data.find(tag);
    if (node == nullptr)
        return {};
    const auto value = parse_int<int>(trim(node->text));
    if (!value || *value < low || *value > high)
        return fail(Code::bad_value, "a calendar element out of range");
    out = *value;
    return {};
}

Result<> read_flag(const Node& data, wbxml::Tag tag, std::optional<bool>& out) {
    std::optional<int> value;
    CHECK_OK(read_number(data, tag, 0, 1, value));
    if (value)
        out = *value == 1;
    return {};
}

Result<> read_time(const Node& data, wbxml::Tag tag, std::optional<std::int64_t>& out) {
    const auto* node = data.find(tag);
    if (node == nullptr)
        return {};
    TRY(out, parse_wire_date(node->text));
    return {};
}

void read_place(const Node& data, EventFields& fields) {
    if (const auto* node = data.find(b::Location)) {
        EventPlace place;
        const std::array<std::pair<wbxml::Tag, std::string*>, 13> parts{{
            {b::DisplayName, &place.display_name},
            {b::Annotation, &place.annotation},
            {b::Street, &place.street},
            {b::City, &place.city},
            {b::State, &place.state},
            {b::Country, &place.country},
            {b::PostalCode, &place.postal_code},
            {b::Latitude, &place.latitude},
            {b::Longitude, &place.longitude},
            {b::Accuracy, &place.accuracy},
            {b::Altitude, &place.altitude},
            {b::AltitudeAccuracy, &place.altitude_accuracy},
            {b::LocationUri, &place.uri},
        }};
        for (const auto& [tag, field] : parts)
            *field = std::string(trim(node->text_of(tag)));
        fields.place = std::move(place);
    } else if (const auto* name = data.find(c::Location)) {
        EventPlace place;
        place.display_name = name->text;
        fields.place = std::move(place);
    }
}

Result<> read_attendees(const Node& data, EventFields& fields) {
    const auto* node = data.find(c::Attendees);
    if (node == nullptr)
        return {};
    std::vector<EventAttendee> attendees;
    for (const auto& child : node->all(c::Attendee)) {
        if (attendees.size() >= limits::kAddressesPerField)
            return fail(Code::bad_value, "too many attendees");
        EventAttendee attendee{
            mail_address(child.text_of(c::Email)), std::string(trim(child.text_of(c::Name))), {}, {}
        };
        CHECK_OK(read_number(child, c::AttendeeStatus, 0, 5, attendee.status));
        CHECK_OK(read_number(child, c::AttendeeType, 0, 3, attendee.type));
        if (attendee.type == 0)
            attendee.type = 1;
        if (!attendee.email.empty() || !attendee.name.empty())
            attendees.push_back(std::move(attendee));
    }
    fields.attendees = std::move(attendees);
    return {};
}

Result<> read_categories(const Node& data, EventFields& fields) {
    const auto* node = data.find(c::Categories);
    if (node == nullptr)
        return {};
    std::vector<std::string> categories;
    for (const auto& child : node->all(c::Category)) {
        if (categories.size() >= limits::kEasLabels)
            return fail(Code::bad_value, "too many categories");
        if (!trim(child.text).empty())
            categories.emplace_back(trim(child.text));
    }
    fields.categories = std::move(categories);
    return {};
}

Result<> read_reminder(const Node& data, EventFields& fields) {
    const auto* node = data.find(c::Reminder);
    if (node == nullptr)
        return {};
    EventReminder reminder;
    if (!trim(node->text).empty()) {
        const auto minutes = parse_int<std::uint32_t>(trim(node->text));
        if (!minutes)
            return fail(Code::bad_value, "a reminder that is no number of minutes");
        reminder = *minutes;
    }
    fields.reminder = reminder;
    return {};
}

Result<> read_exceptions(const Node& data, EventModel& model) {
    const auto* node = data.find(c::Exceptions);
    if (node == nullptr)
        return {};
    for (const auto& child : node->all(c::Exception)) {
        if (model.exceptions.size() >= limits::kIcalOverrides)
            return fail(Code::bad_value, "too many exceptions");
        EventException exception;
        std::optional<std::int64_t> original;
        CHECK_OK(read_time(child, c::ExceptionStartTime, original));
        if (!original)
            CHECK_OK(read_time(child, b::InstanceId, original));
        if (!original)
            return fail(Code::bad_value, "an exception that names no occurrence");
        exception.original = *original;
        std::optional<bool> deleted;
        CHECK_OK(read_flag(child, c::Deleted, deleted));
        exception.deleted = deleted.value_or(false);
        if (!exception.deleted) {
            TRY(exception.fields, read_event_fields(child));
        }
        model.exceptions.push_back(std::move(exception));
    }
    return {};
}

/// Elements that the client manages (it named them in Supported) and did not send are gone from the
/// item.
void apply_supported(const Node& data, const std::set<wbxml::Tag>& supported, EventModel& model) {
    const auto gone = [&](wbxml::Tag tag) { return supported.contains(tag) && !data.has(tag); };
    auto& fields = model.fields;
    if (gone(c::Subject))
        fields.subject = "";
    if (gone(c::Location))
        fields.place = EventPlace{};
    if (gone(c::Reminder))
        fields.reminder = EventReminder{};
    if (gone(c::Categories))
        fields.categories.emplace();
    if (gone(c::Attendees))
        fields.attendees.emplace();
    if (gone(c::Sensitivity))
        fields.sensitivity = 0;
    if (gone(b::Body))
        fields.body = ItemText{};
    if (gone(c::Recurrence))
        model.pattern = std::optional<Pattern>{};
    if (gone(c::DisallowNewTimeProposal))
        model.disallow_proposal = false;
    // Exceptions stay even when supported (MS-ASCAL 3.2.5.3.1); without times, UID and organizer an
    // event is none.
}

} // namespace

Result<EventFields> read_event_fields(const Node& data) {
    EventFields fields;
    TRY(fields.file_change, read_file_change(data));
    CHECK_OK(read_flag(data, c::AllDayEvent, fields.all_day));
    CHECK_OK(read_time(data, c::StartTime, fields.start));
    CHECK_OK(read_time(data, c::EndTime, fields.end));
    if (const auto* subject = data.find(c::Subject))
        fields.subject = replace_all(subject->text, "\r", "");
    read_place(data, fields);
    TRY(fields.body, read_body(data, c::Body));
    CHECK_OK(read_categories(data, fields));
    CHECK_OK(read_number(data, c::Sensitivity, 0, 3, fields.sensitivity));
    if (data.text_of(c::BusyStatus) != "-1")
        CHECK_OK(read_number(data, c::BusyStatus, 0, 4, fields.busy));
    CHECK_OK(read_reminder(data, fields));
    CHECK_OK(read_number(data, c::MeetingStatus, 0, 15, fields.meeting_status));
    CHECK_OK(read_attendees(data, fields));
    return fields;
}

Result<EventModel>
read_event(const Node& data, wbxml::Version version, const std::set<wbxml::Tag>* supported) {
    EventModel model;
    TRY(model.fields, read_event_fields(data));
    if (const auto* zone = data.find(c::Timezone))
        model.time_zone = zone->text;
    model.uid = client_uid(data);
    if (!is_16(version)) { // at 16.x the server knows the organizer (2.2.2.35)
        model.organizer_email = mail_address(data.text_of(c::OrganizerEmail));
        model.organizer_name = trim(data.text_of(c::OrganizerName));
    }
    CHECK_OK(read_flag(data, c::ResponseRequested, model.response_requested));
    CHECK_OK(read_flag(data, c::DisallowNewTimeProposal, model.disallow_proposal));
    if (const auto* recurrence = data.find(c::Recurrence)) {
        TRY(auto pattern, read_pattern(*recurrence, calendar_pattern_tags()));
        if (!pattern && !is_16(version))
            return fail(Code::bad_value, "an empty recurrence");
        model.pattern = std::move(pattern);
    }
    CHECK_OK(read_exceptions(data, model));
    if (supported != nullptr && !is_16(version))
        apply_supported(data, *supported, model);
    return model;
}

} // namespace lockstep::eas
