// A stored event as the protocol shows it: fields of one component.
// Spec: MS-ASCAL 2.2.2; RFC 5545 3.8.1, 3.8.2, 3.8.4, 3.8.6; RFC 7986 5.11 (CONFERENCE); Outlook's
// X-MICROSOFT-CDO properties.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "codec/eas/body_stored.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/ical/busy.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

using ical::Component;
using ical::Property;

EventReminder show_reminder(const ical::Series& series, const Component& component) {
    const auto range = series.range_of(component);
    if (!range)
        return std::nullopt;
    for (const auto& alarm : component.children) {
        const auto* trigger = alarm.find("TRIGGER");
        if (trigger == nullptr || !is_shown_alarm(alarm))
            continue;
        std::int64_t before = 0;
        if (const auto span = ical::parse_span(trigger->value())) {
            before = -(span->days * ical::kDay + span->seconds);
            if (iequals(trigger->parameter("RELATED"), "END"))
                before -= range->second - range->first;
        } else if (const auto moment = ical::parse_moment(trigger->value())) {
            before = range->first - series.instant(*moment);
        } else {
            continue;
        }
        return std::max<std::int64_t>(0, before / 60);
    }
    return std::nullopt;
}

std::optional<int> status_of(std::string_view participation) {
    if (iequals(participation, "ACCEPTED"))
        return 3;
    if (iequals(participation, "TENTATIVE"))
        return 2;
    if (iequals(participation, "DECLINED"))
        return 4;
    if (iequals(participation, "NEEDS-ACTION"))
        return 5;
    return 0;
}

int type_of(const Property& attendee) {
    const auto kind = attendee.parameter("CUTYPE"), role = attendee.parameter("ROLE");
    if (iequals(kind, "RESOURCE") || iequals(kind, "ROOM"))
        return 3;
    return iequals(role, "OPT-PARTICIPANT") || iequals(role, "NON-PARTICIPANT") ? 2 : 1;
}

void show_meeting(const Component& component, const EventContext& context, EventFields& fields) {
    const auto organizer = mail_address(component.value_of("ORGANIZER"));
    const auto owner = lower(context.owner_email);
    const bool own = organizer.empty() || organizer == owner;
    const bool meeting = !fields.attendees->empty() || !own;
    const bool cancelled = iequals(trim(component.value_of("STATUS")), "CANCELLED");
    fields.meeting_status = !meeting ? 0 : (own ? 1 : 3) + (cancelled ? 4 : 0);
    fields.response_type = !meeting ? 0 : 1;
    // A phone that is told of a cancelled meeting without attendees cannot show it.
    if (cancelled && meeting && fields.attendees->empty() && !context.owner_email.empty())
        fields.attendees->push_back({owner, context.owner_name, 0, 1});
    if (!meeting || own)
        return;
    fields.response_type = 5;
    for (const auto& attendee : *fields.attendees)
        if (attendee.email == owner)
            fields.response_type = attendee.status == 0 ? 5 : attendee.status;
    const auto replied = ical::parse_moment(component.value_of("X-LOCKSTEP-REPLY-TIME"));
    if (replied && fields.response_type != 5)
        fields.reply_time = replied->civil;
}

void show_links(const Component& component, EventFields& fields) {
    for (const auto& property : component.properties) {
        const bool external = property.name() == "CONFERENCE" ||
                              property.name() == "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK";
        if (external && !fields.external_link && istarts_with(property.value(), "http"))
            fields.external_link = property.value();
        if (property.name() == "X-MICROSOFT-ONLINEMEETINGCONFLINK")
            fields.conference_link = property.value();
    }
}

} // namespace

std::string mail_address(std::string_view value) {
    value = trim(value);
    if (istarts_with(value, "mailto:"))
        value.remove_prefix(7);
    return lower(trim(value));
}

EventPlace show_place(const Component& component) {
    EventPlace place;
    place.display_name = component.text_of("LOCATION");
    if (const auto geo = split(component.value_of("GEO"), ';'); geo.size() == 2) {
        place.latitude = trim(geo[0]);
        place.longitude = trim(geo[1]);
    }
    const auto* more = component.find("X-LOCKSTEP-PLACE");
    // Details hold only for the location that they were given with: another door may have changed
    // it.
    if (more == nullptr || ical::unescape_text(more->value()) != place.display_name)
        return place;
    if (more->has_parameter("DISPLAY"))
        place.display_name = more->parameter("DISPLAY");
    const std::array<std::pair<std::string_view, std::string*>, 10> details{{
        {"ANNOTATION", &place.annotation},
        {"STREET", &place.street},
        {"CITY", &place.city},
        {"STATE", &place.state},
        {"COUNTRY", &place.country},
        {"POSTAL-CODE", &place.postal_code},
        {"ACCURACY", &place.accuracy},
        {"ALTITUDE", &place.altitude},
        {"ALTITUDE-ACCURACY", &place.altitude_accuracy},
        {"URI", &place.uri},
    }};
    for (const auto& [name, field] : details)
        *field = more->parameter(name);
    return place;
}

std::vector<EventAttendee> show_attendees(const Component& component) {
    std::vector<EventAttendee> out;
    const auto organizer = mail_address(component.value_of("ORGANIZER"));
    for (const auto& property : component.properties) {
        if (property.name() != "ATTENDEE")
            continue;
        auto email = mail_address(property.value());
        if (email.empty() || email == organizer)
            continue; // the organizer has elements of its own
        const auto name = property.parameter("CN");
        out.push_back(
            {email, std::string(name.empty() ? std::string_view(email) : name),
             status_of(property.parameter("PARTSTAT")), type_of(property)}
        );
    }
    return out;
}

EventFields
show_fields(const ical::Series& series, const Component& component, const EventContext& context) {
    EventFields fields;
    const auto* start = component.find("DTSTART");
    const auto moment =
        start == nullptr ? Result<ical::Moment>(series.start()) : ical::read_moment(*start);
    fields.all_day = moment && moment->kind == ical::TimeKind::date;
    const auto range =
        series.range_of(component).value_or(std::pair(series.start_utc(), series.end_utc()));
    fields.start = range.first;
    fields.end = range.second;
    if (*fields.all_day) {
        const auto zone = ical::zone_or_utc(context.zone);
        fields.start = moment->civil;
        fields.end = std::max(
            moment->civil + ical::kDay,
            ical::midnight_of(zone->to_civil(range.second) + ical::kDay / 2)
        );
    }
    fields.subject = component.text_of("SUMMARY");
    fields.place = show_place(component);
    fields.body = item_text(component);
    fields.categories = item_labels(component);
    fields.sensitivity = item_sensitivity(component);
    fields.busy = static_cast<int>(ical::busy_of(component));
    fields.reminder = show_reminder(series, component);
    fields.attendees = show_attendees(component);
    if (const auto stamp = ical::parse_moment(component.value_of("DTSTAMP")))
        fields.stamp = stamp->civil;
    show_meeting(component, context, fields);
    show_links(component, fields);
    fields.files = event_files(component);
    return fields;
}

} // namespace lockstep::eas
