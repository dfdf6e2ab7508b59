// Edits of fields: each one is compared with what was shown, and left alone when it is the same.
// Spec: MS-ASCAL 2.2.2; RFC 5545 3.8.
#include "codec/eas/calendar_edit.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "codec/eas/body_stored.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {
namespace {

using ical::Component;
using ical::Property;

void edit_place(Component& component, const EventPlace& place) {
    std::string name = place.display_name;
    for (const auto* part :
         {&place.street, &place.postal_code, &place.city, &place.state, &place.country}) {
        if (!place.display_name.empty() || part->empty())
            continue;
        name += (name.empty() ? "" : ", ") + *part;
    }
    component.set_text("LOCATION", name);
    component.remove("GEO");
    component.remove("X-APPLE-STRUCTURED-LOCATION");
    component.remove("X-LOCKSTEP-PLACE");
    if (!place.latitude.empty() && !place.longitude.empty())
        component.properties.emplace_back("GEO", place.latitude + ';' + place.longitude);
    const std::array<std::pair<std::string_view, std::string_view>, 10> details{{
        {"ANNOTATION", place.annotation},
        {"STREET", place.street},
        {"CITY", place.city},
        {"STATE", place.state},
        {"COUNTRY", place.country},
        {"POSTAL-CODE", place.postal_code},
        {"ACCURACY", place.accuracy},
        {"ALTITUDE", place.altitude},
        {"ALTITUDE-ACCURACY", place.altitude_accuracy},
        {"URI", place.uri},
    }};
    Property more("X-LOCKSTEP-PLACE", ical::escape_text(name));
    for (const auto& [parameter, value] : details)
        if (!value.empty())
            more.set_parameter(parameter, std::string(value));
    if (more.parameters().empty())
        return;
    if (place.display_name != name)
        more.set_parameter("DISPLAY", place.display_name);
    component.properties.push_back(std::move(more));
}

void edit_busy(Component& component, int busy) {
    constexpr std::array<std::string_view, 5> kNames{
        "FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE"
    };
    component.set_value("TRANSP", busy == 0 || busy == 4 ? "TRANSPARENT" : "OPAQUE");
    component.set_value(
        "X-MICROSOFT-CDO-BUSYSTATUS", std::string(kNames[static_cast<std::size_t>(busy)])
    );
    // STATUS:TENTATIVE is the organizer's word about the event; only its contradiction is removed.
    if (busy != 1 && iequals(trim(component.value_of("STATUS")), "TENTATIVE"))
        component.set_value("STATUS", "CONFIRMED");
}

void edit_reminder(Component& component, const EventReminder& reminder) {
    if (reminder)
        set_item_alarm(component, Property("TRIGGER", fmt::format("-PT{}M", *reminder)));
    else
        remove_item_alarms(component);
}

std::string_view participation_of(int status) {
    switch (status) {
    case 2:
        return "TENTATIVE";
    case 3:
        return "ACCEPTED";
    case 4:
        return "DECLINED";
    default:
        return "NEEDS-ACTION";
    }
}

std::string_view role_of(int type) {
    return type == 2 ? "OPT-PARTICIPANT" : type == 3 ? "NON-PARTICIPANT" : "REQ-PARTICIPANT";
}

Property new_attendee(const EventAttendee& attendee) {
    Property property("ATTENDEE", "mailto:" + attendee.email);
    property.set_parameter("CN", attendee.name.empty() ? attendee.email : attendee.name);
    if (attendee.type == 3)
        property.set_parameter("CUTYPE", "RESOURCE");
    property.set_parameter("ROLE", std::string(role_of(attendee.type.value_or(1))));
    property.set_parameter("PARTSTAT", std::string(participation_of(attendee.status.value_or(0))));
    if (attendee.status.value_or(0) <= 1)
        property.set_parameter("RSVP", "TRUE");
    return property;
}

/// Whether a stored attendee is the sent one. Outlook leaves addresses out in updates: then the
/// name tells.
bool is_same_attendee(const EventAttendee& sent, const EventAttendee& stored) {
    return sent.email.empty() ? iequals(sent.name, stored.name) : sent.email == stored.email;
}

void edit_attendees(Component& component, const std::vector<EventAttendee>& sent) {
    const auto stored = show_attendees(component);
    std::vector<bool> kept(sent.size());
    std::erase_if(component.properties, [&](const Property& property) {
        if (property.name() != "ATTENDEE")
            return false;
        const auto email = mail_address(property.value());
        const auto known = std::ranges::find(stored, email, &EventAttendee::email);
        if (known == stored.end())
            return false; // the organizer's own entry
        const auto it = std::ranges::find_if(sent, [&](const auto& attendee) {
            return is_same_attendee(attendee, *known);
        });
        if (it == sent.end())
            return true;
        kept[static_cast<std::size_t>(it - sent.begin())] = true;
        return false;
    });
    for (auto& property : component.properties) {
        if (property.name() != "ATTENDEE")
            continue;
        const auto known =
            std::ranges::find(stored, mail_address(property.value()), &EventAttendee::email);
        if (known == stored.end())
            continue;
        const auto it = std::ranges::find_if(sent, [&](const auto& attendee) {
            return is_same_attendee(attendee, *known);
        });
        if (!it->name.empty() && it->name != known->name)
            property.set_parameter("CN", it->name);
        if (!it->type || it->type == known->type)
            continue;
        property.set_parameter("ROLE", std::string(role_of(*it->type)));
        if (it->type == 3)
            property.set_parameter("CUTYPE", "RESOURCE");
        else if (known->type == 3)
            property.remove_parameter("CUTYPE");
    }
    for (std::size_t i = 0; i < sent.size(); ++i)
        if (!kept[i] && !sent[i].email.empty())
            component.properties.push_back(new_attendee(sent[i]));
}

/// Who is invited, and how; answers are not the client's to give here.
bool same_attendees(
    const std::vector<EventAttendee>& sent, const std::vector<EventAttendee>& shown
) {
    return std::ranges::equal(sent, shown, [](const auto& a, const auto& b) {
        return (!a.type || a.type == b.type) && is_same_attendee(a, b) &&
               (a.name.empty() || a.name == b.name);
    });
}

void edit_meeting_status(Component& component, int sent, int shown, const EventContext& context) {
    if ((sent & 4) != (shown & 4))
        component.set_value("STATUS", (sent & 4) != 0 ? "CANCELLED" : "CONFIRMED");
    // Some phones say "meeting, organized by me" without naming the organizer.
    if ((sent & 3) == 1)
        give_organizer(component, context.owner_email, context.owner_name);
}

} // namespace

void give_organizer(Component& component, std::string_view email, std::string_view name) {
    if (component.has("ORGANIZER") || email.empty())
        return;
    Property organizer("ORGANIZER", "mailto:" + std::string(email));
    if (!name.empty())
        organizer.set_parameter("CN", std::string(name));
    component.properties.push_back(std::move(organizer));
}

void set_participation(
    Component& component, std::string_view email, std::string_view name,
    std::string_view participation
) {
    for (auto& property : component.properties) {
        if (property.name() != "ATTENDEE" || mail_address(property.value()) != lower(email))
            continue;
        property.set_parameter("PARTSTAT", std::string(participation));
        property.remove_parameter("RSVP");
        return;
    }
    Property attendee("ATTENDEE", "mailto:" + std::string(email));
    if (!name.empty())
        attendee.set_parameter("CN", std::string(name));
    attendee.set_parameter("PARTSTAT", std::string(participation));
    component.properties.push_back(std::move(attendee));
}

void edit_fields(
    Component& component, const EventFields& sent, const EventFields& shown,
    const EventContext& context
) {
    if (sent.subject && sent.subject != shown.subject)
        component.set_text("SUMMARY", *sent.subject);
    if (sent.place && sent.place != shown.place) {
        // Below 16.0 only the name travels: the same name keeps its details.
        const bool name_only = *sent.place == EventPlace{.display_name = sent.place->display_name};
        if (!name_only || !shown.place || sent.place->display_name != shown.place->display_name)
            edit_place(component, *sent.place);
    }
    if (sent.body && !is_echo(*sent.body, shown.body.value_or(ItemText{})))
        set_item_text(component, *sent.body);
    if (sent.categories && sent.categories != shown.categories)
        set_item_labels(component, *sent.categories);
    if (sent.sensitivity && sent.sensitivity != shown.sensitivity)
        set_item_sensitivity(component, *sent.sensitivity);
    if (sent.busy && sent.busy != shown.busy)
        edit_busy(component, *sent.busy);
    if (sent.reminder && sent.reminder != shown.reminder)
        edit_reminder(component, *sent.reminder);
    if (sent.attendees &&
        !same_attendees(*sent.attendees, shown.attendees.value_or(std::vector<EventAttendee>{})))
        edit_attendees(component, *sent.attendees);
    if (sent.meeting_status && sent.meeting_status != shown.meeting_status)
        edit_meeting_status(
            component, *sent.meeting_status, shown.meeting_status.value_or(0), context
        );
    edit_files(component, sent.file_change);
}

} // namespace lockstep::eas
