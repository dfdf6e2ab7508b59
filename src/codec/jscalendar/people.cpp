// Participants and the organizer.
// Spec: jscalendarbis 4.4.4, 4.4.5; RFC 5545 3.8.4.1, 3.8.4.3. Invariants: who organizes has the
// role "owner"; an organizer who is no ATTENDEE stays so until something is said of it that only an
// ATTENDEE can say.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/busy.hpp"
#include "codec/jscalendar/member.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;
using ical::Property;

std::string entry_text(const json::Object& object, std::string_view name) {
    return std::string(json::text_of(object, name).value_or(std::string_view()));
}

/// A key that the address alone gives, so that it is the same in every copy of the meeting.
std::string key_of_address(std::string_view value) {
    return "p" + blake2b256(ical::calendar_address(value)).hex().substr(0, 12);
}

std::string key_of_person(const Property& property) {
    std::string key(property.parameter("JSID"));
    return is_key(key) ? key : key_of_address(property.value());
}

/// Calendar addresses are URIs; an address alone is one of mail.
std::string address_uri(std::string_view value) {
    return value.find(':') == std::string_view::npos ? "mailto:" + std::string(value)
                                                     : std::string(value);
}

struct PersonWord {
    std::string_view ours, theirs;
};
constexpr std::array<PersonWord, 6> kReplies{
    {{"needs-action", "NEEDS-ACTION"},
     {"accepted", "ACCEPTED"},
     {"declined", "DECLINED"},
     {"tentative", "TENTATIVE"},
     {"delegated", "DELEGATED"},
     {"in-process", "IN-PROCESS"}}
};
constexpr std::array<PersonWord, 5> kPersonKinds{
    {{"individual", "INDIVIDUAL"},
     {"group", "GROUP"},
     {"resource", "RESOURCE"},
     {"location", "ROOM"},
     {"unknown", "UNKNOWN"}}
};
constexpr std::array<PersonWord, 3> kPersonRoles{
    {{"chair", "CHAIR"}, {"optional", "OPT-PARTICIPANT"}, {"informational", "NON-PARTICIPANT"}}
};

template <class Words> std::string_view ours_of(const Words& words, std::string_view theirs) {
    const auto found = std::ranges::find_if(words, [&](const PersonWord& word) {
        return iequals(word.theirs, theirs);
    });
    return found == words.end() ? std::string_view() : found->ours;
}

json::Object show_person(const Property& property, bool owner, bool invited) {
    json::Object out{{"calendarAddress", address_uri(property.value())}};
    if (const auto name = property.parameter("CN"); !name.empty())
        out["name"] = name;
    auto email = std::string(property.parameter("EMAIL"));
    if (email.empty() && istarts_with(property.value(), "mailto:"))
        email = property.value().substr(7);
    if (!email.empty())
        out["email"] = email;
    json::Object roles;
    if (owner)
        roles["owner"] = true;
    if (invited) {
        if (const auto word = ours_of(kReplies, property.parameter("PARTSTAT")); !word.empty())
            out["participationStatus"] = word;
        if (const auto word = ours_of(kPersonKinds, property.parameter("CUTYPE")); !word.empty())
            out["kind"] = word;
        if (const auto role = property.parameter("ROLE"); !role.empty()) {
            const auto word = ours_of(kPersonRoles, role);
            if (!word.empty())
                roles[{word.data(), word.size()}] = true;
        }
        if (iequals(property.parameter("RSVP"), "TRUE"))
            out["expectReply"] = true;
    }
    if (const auto sent = property.parameter("SENT-BY"); !sent.empty())
        out["sentBy"] = sent;
    if (!roles.empty())
        out["roles"] = std::move(roles);
    return out;
}

std::string organizer_address(const Component& c) {
    const auto* organizer = c.find("ORGANIZER");
    return organizer == nullptr ? std::string() : ical::calendar_address(organizer->value());
}

json::Object people_of(const Component& c) {
    json::Object out;
    const auto organizer = organizer_address(c);
    bool owner_invited = false;
    std::size_t count = 0;
    for (const auto& property : c.properties) {
        if (property.name() != "ATTENDEE" || ++count > limits::kMeetingAttendees)
            continue;
        const bool owner =
            !organizer.empty() && ical::calendar_address(property.value()) == organizer;
        owner_invited = owner_invited || owner;
        out[key_of_person(property)] = show_person(property, owner, true);
    }
    if (const auto* property = c.find("ORGANIZER"); property != nullptr && !owner_invited)
        out[key_of_person(*property)] = show_person(*property, true, false);
    return out;
}

void show_people(const Show&, const Component& c, json::Object& out) {
    auto people = people_of(c);
    if (!people.empty())
        out["participants"] = std::move(people);
    if (const auto* organizer = c.find("ORGANIZER"))
        out["organizerCalendarAddress"] = address_uri(organizer->value());
}

bool has_role(const json::Object& person, std::string_view role) {
    const auto* roles = json::find(person, "roles");
    const auto* value =
        roles != nullptr && roles->is_object() ? json::find(roles->get_object(), role) : nullptr;
    return value != nullptr && *value == json::Value(true);
}

/// Only an ATTENDEE can say this.
bool needs_attendee(const json::Object& person) {
    if (!has_role(person, "owner"))
        return true;
    for (const auto* name : {"participationStatus", "kind", "expectReply"})
        if (person.contains(name))
            return true;
    for (const auto& [word, role] : kPersonRoles)
        if (has_role(person, word))
            return true;
    return has_role(person, "attendee");
}

bool put_person(Property& property, const json::Object& person, bool as_attendee) {
    auto address = entry_text(person, "calendarAddress");
    const auto email = entry_text(person, "email");
    if (address.empty() && !email.empty())
        address = "mailto:" + email;
    if (address.empty() || address.find_first_of("\r\n") != std::string::npos)
        return false;
    if (address_uri(property.value()) != address)
        property.set_value(address);
    const auto set = [&](std::string_view name, std::string value) {
        if (value.empty())
            property.remove_parameter(name);
        else if (property.parameter(name) != value)
            property.set_parameter(name, std::move(value));
    };
    set("CN", entry_text(person, "name"));
    set("EMAIL", address == "mailto:" + email ? "" : email);
    set("SENT-BY", entry_text(person, "sentBy"));
    if (!as_attendee)
        return true;
    const auto word = [&](const auto& words, std::string_view member, std::string_view name) {
        const auto text = entry_text(person, member);
        const auto found = std::ranges::find(words, text, &PersonWord::ours);
        if (!text.empty() && found == words.end())
            return false;
        set(name, text.empty() ? std::string() : std::string(found->theirs));
        return true;
    };
    if (!word(kReplies, "participationStatus", "PARTSTAT") || !word(kPersonKinds, "kind", "CUTYPE"))
        return false;
    std::string role;
    for (const auto& [ours, theirs] : kPersonRoles)
        if (has_role(person, ours))
            role = theirs;
    if (role.empty() && property.has_parameter("ROLE") &&
        ours_of(kPersonRoles, property.parameter("ROLE")).empty())
        role = property.parameter("ROLE");
    set("ROLE", role);
    const auto* reply = json::find(person, "expectReply");
    if (reply != nullptr && !reply->is_bool())
        return false;
    if (reply != nullptr && reply->get_bool())
        set("RSVP", "TRUE");
    else if (iequals(property.parameter("RSVP"), "TRUE"))
        property.remove_parameter("RSVP");
    return true;
}

/// ORGANIZER, from the address that is given or the person who owns the event.
bool put_organizer(Component& c, const Change& change, const json::Object& people) {
    auto address = change.text("organizerCalendarAddress");
    const json::Object* owner = nullptr;
    for (const auto& member : people) {
        if (!member.value().is_object())
            return false;
        const auto& person = member.value().get_object();
        const auto theirs = entry_text(person, "calendarAddress");
        const bool same =
            !address.empty() && ical::calendar_address(theirs) == ical::calendar_address(address);
        if (same || (address.empty() && has_role(person, "owner") && owner == nullptr))
            owner = &person;
    }
    if (address.empty() && owner != nullptr)
        address = entry_text(*owner, "calendarAddress").empty()
                      ? "mailto:" + entry_text(*owner, "email")
                      : entry_text(*owner, "calendarAddress");
    if (address.empty() || people.empty()) {
        c.remove("ORGANIZER");
        return true;
    }
    if (address.find_first_of("\r\n") != std::string::npos)
        return false;
    const auto* had = c.find("ORGANIZER");
    Property property = had != nullptr ? *had : Property("ORGANIZER", address);
    if (ical::calendar_address(property.value()) != ical::calendar_address(address))
        property = Property("ORGANIZER", address);
    if (owner != nullptr && !put_person(property, *owner, false))
        return false;
    c.set(std::move(property));
    return true;
}

bool put_people(const Show&, Component& c, const Change& change) {
    const auto* value = change.now("participants");
    if (value != nullptr && !value->is_object())
        return false;
    const auto people = value ? value->get_object() : json::Object();
    if (people.size() > limits::kMeetingAttendees || !put_organizer(c, change, people))
        return false;
    const auto before = people_of(c);
    const auto organizer = organizer_address(c);
    std::vector<Property> out;
    std::vector<std::string> known;
    for (auto& property : c.properties) {
        if (property.name() != "ATTENDEE") {
            out.push_back(std::move(property));
            continue;
        }
        const auto key = key_of_person(property);
        const auto* person = json::find(people, key);
        if (person == nullptr)
            continue;
        known.push_back(key);
        const auto* shown = json::find(before, key);
        if (!(shown != nullptr && *shown == *person) &&
            !put_person(property, person->get_object(), true))
            return false;
        out.push_back(std::move(property));
    }
    for (const auto& member : people) {
        const std::string key(member.key().data(), member.key().size());
        if (std::ranges::find(known, key) != known.end())
            continue;
        const auto& person = member.value().get_object();
        if (!is_key(key))
            return false;
        Property property("ATTENDEE", "");
        if (!put_person(property, person, true))
            return false;
        const bool owner = ical::calendar_address(property.value()) == organizer;
        if (owner && !needs_attendee(person)) {
            // Said by ORGANIZER alone, which keeps the key.
            for (auto& other : out)
                if (other.name() == "ORGANIZER" && key_of_person(other) != key)
                    other.set_parameter("JSID", key);
            continue;
        }
        if (key_of_person(property) != key)
            property.set_parameter("JSID", key);
        out.push_back(std::move(property));
    }
    c.properties = std::move(out);
    return true;
}

constexpr Member kPeople[] = {
    {"participants", show_people, put_people},
    {"organizerCalendarAddress", [](const Show&, const Component&, json::Object&) {}, put_people},
};

} // namespace

std::span<const Member> people_members() { return kPeople; }

} // namespace lockstep::jscalendar
