// Requests, additions and cancellations into an attendee's copy, and the attendee's answers.
// Spec: RFC 5546 3.2.2.1 (an update keeps what is the attendee's own), 3.2.3 (REPLY), 3.2.4 (ADD),
// 3.2.5 (CANCEL), 3.2.7 (COUNTER). Hardening X7: the sender must be the organizer that is stored.
#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/itip_parts.hpp"
#include "codec/ical/vtimezone.hpp"

namespace lockstep::ical {
namespace {

using namespace itip;

/// The organizer, or whom the organizer named to send in its place (RFC 5545 3.2.18).
bool is_from_organizer(const Component& calendar, std::string_view from) {
    if (organizer_of(calendar) == from)
        return true;
    const auto* event = main_event(calendar);
    const auto* organizer = event == nullptr ? nullptr : event->find("ORGANIZER");
    return organizer != nullptr && organizer->has_parameter("SENT-BY") &&
           calendar_address(organizer->parameter("SENT-BY")) == from;
}

/// The stored meeting is that of the organizer who writes; an event of one's own is nobody's to
/// change.
bool may_change(
    const Component& stored, const Component& incoming, std::string_view from,
    const Participant& attendee
) {
    const auto organizer = organizer_of(stored);
    return is_meeting(incoming) && !organizer.empty() && !attendee.is(organizer) &&
           organizer == organizer_of(incoming) &&
           (from == organizer || is_from_organizer(stored, from)) &&
           main_event(stored)->value_of("UID") == main_event(incoming)->value_of("UID");
}

Component without_method(const Component& incoming) {
    auto out = incoming;
    out.remove("METHOD");
    return out;
}

/// An invitation without an answer takes the time tentatively.
void hold_time(Component& event) {
    auto intended = std::string(trim(event.value_of("X-MICROSOFT-CDO-INTENDEDSTATUS")));
    if (intended.empty()) {
        intended = name_of(busy_of(event));
        event.set_value("X-MICROSOFT-CDO-INTENDEDSTATUS", intended);
    }
    const bool takes_none = iequals(intended, "FREE") || iequals(intended, "WORKINGELSEWHERE");
    event.set_value("X-MICROSOFT-CDO-BUSYSTATUS", takes_none ? intended : "TENTATIVE");
}

void invite(Component& event, const Participant& attendee) {
    for (auto& property : event.properties)
        if (property.name() == "ATTENDEE" && attendee.is(calendar_address(property.value())) &&
            !property.has_parameter("PARTSTAT"))
            property.set_parameter("PARTSTAT", "NEEDS-ACTION");
    hold_time(event);
}

/// What is the attendee's own in a component that the organizer sends anew: alarms, labels, marks,
/// and the answer as long as the time is the same.
void keep_own(Component& event, const Component& old, const Participant& attendee, bool answered) {
    event.children.clear();
    for (const auto& child : old.children)
        event.children.push_back(child);
    std::erase_if(event.properties, [](const Property& property) {
        return property.name() == "CATEGORIES" || property.name().starts_with("X-LOCKSTEP-");
    });
    for (const auto& property : old.properties) {
        const auto& name = property.name();
        const bool about_answer = name == "X-LOCKSTEP-REPLY-TIME";
        if (name == "CATEGORIES" || (name.starts_with("X-LOCKSTEP-") && !about_answer) ||
            (about_answer && answered))
            event.properties.push_back(property);
    }
    const auto* mine = find_attendee(old, attendee);
    for (auto& property : event.properties) {
        if (property.name() != "ATTENDEE" || !attendee.is(calendar_address(property.value())))
            continue;
        const auto answer = mine == nullptr ? std::string_view() : mine->parameter("PARTSTAT");
        if (answered && !answer.empty()) {
            property.set_parameter("PARTSTAT", std::string(answer));
        } else {
            property.set_parameter("PARTSTAT", "NEEDS-ACTION");
            property.set_parameter("RSVP", "TRUE");
        }
    }
    hold_time(event);
    if (!answered)
        return;
    for (const auto* name : {"TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"}) {
        event.remove(name);
        if (const auto* kept = old.find(name))
            event.properties.push_back(*kept);
    }
}

bool same_timing(const Component& a, const Component& b) { return timing_of(a) == timing_of(b); }

/// A whole meeting in the place of a stored one.
std::optional<Component>
replace_whole(const Component& stored, const Component& incoming, const Participant& attendee) {
    const auto* old_main = main_event(stored);
    const auto* new_main = main_event(incoming);
    const bool had_series = !old_main->has("RECURRENCE-ID");
    if (had_series && compare_versions(*new_main, *old_main) <= 0)
        return std::nullopt;
    auto out = without_method(incoming);
    const bool same = had_series && same_timing(*old_main, *new_main);
    const auto series = Series::read(incoming, "VEVENT", attendee.zone);
    if (!series)
        return std::nullopt;
    for (auto& event : out.children) {
        if (!is_event(event))
            continue;
        const auto key = instance_key(&*series, event);
        const auto at = key ? find_override(stored, &*series, *key) : kNone;
        if (at != kNone)
            keep_own(event, stored.children[at], attendee, same_timing(event, stored.children[at]));
        else if (had_series)
            keep_own(event, *old_main, attendee, same && !key);
        else
            invite(event, attendee);
    }
    // Some organizers send a series without its changed occurrences: they stay while it is the
    // same.
    for (const auto& old : stored.children) {
        if (!is_event(old) || !old.has("RECURRENCE-ID") || (had_series && !same))
            continue;
        const auto key = instance_key(&*series, old);
        if (key && !series->is_excluded(*key) && find_override(out, &*series, *key) == kNone &&
            !series->original_starts(*key, *key, 1).empty())
            out.children.push_back(old);
    }
    adopt_zones(out, stored);
    return out;
}

/// Occurrences of a stored meeting.
std::optional<Component>
replace_instances(const Component& stored, const Component& incoming, const Participant& attendee) {
    auto out = stored;
    const auto* old_main = main_event(stored);
    const bool has_series = !old_main->has("RECURRENCE-ID");
    const auto series = Series::read(stored, "VEVENT", attendee.zone);
    if (!series)
        return std::nullopt;
    for (const auto& event : incoming.children) {
        const auto key = is_event(event) ? instance_key(&*series, event) : std::nullopt;
        if (!key)
            continue;
        auto changed = event;
        const auto at = find_override(out, &*series, *key);
        if (at != kNone) {
            auto& known = out.children[at];
            if (compare_versions(event, known) <= 0)
                continue;
            keep_own(changed, known, attendee, same_timing(changed, known));
            known = std::move(changed);
            continue;
        }
        if (has_series) {
            if (sequence_of(event) < sequence_of(*old_main) ||
                series->original_starts(*key, *key, 1).empty())
                continue;
            const auto here = occurrence_component(*series, *key);
            keep_own(changed, here, attendee, same_timing(changed, here));
            include_again(
                out.children[static_cast<std::size_t>(old_main - stored.children.data())], *series,
                *key
            );
        } else {
            invite(changed, attendee);
        }
        if (out.children.size() >= limits::kIcalOverrides)
            break;
        out.children.push_back(std::move(changed));
    }
    adopt_zones(out, incoming);
    return out == stored ? std::nullopt : std::optional(std::move(out));
}

Moment moment_at(std::int64_t utc, const Component& event, const Zone& zone) {
    const auto* start = event.find("DTSTART");
    const auto shape =
        start == nullptr ? Result<Moment>(Moment{TimeKind::utc, 0, {}}) : read_moment(*start);
    if (shape && shape->kind == TimeKind::zoned)
        if (const auto own = find_zone(shape->tzid))
            return {TimeKind::zoned, (*own)->to_civil(utc), shape->tzid};
    if (shape && shape->kind == TimeKind::date)
        return {TimeKind::date, midnight_of(zone.to_civil(utc)), {}};
    return {TimeKind::utc, utc, {}};
}

} // namespace

std::optional<Component> apply_request(
    const Component* stored, const Component& incoming, std::string_view from,
    const Participant& attendee
) {
    if (!is_meeting(incoming) || !is_from_organizer(incoming, from) ||
        attendee.is(organizer_of(incoming)) ||
        !Series::read(incoming, "VEVENT", attendee.zone).has_value())
        return std::nullopt;
    const bool invited = std::ranges::any_of(incoming.children, [&](const Component& event) {
        return is_event(event) && find_attendee(event, attendee) != nullptr;
    });
    if (!invited)
        return std::nullopt;
    if (stored == nullptr) {
        auto out = without_method(incoming);
        for (auto& event : out.children)
            if (is_event(event))
                invite(event, attendee);
        return out;
    }
    if (!may_change(*stored, incoming, from, attendee))
        return std::nullopt;
    auto out = main_event(incoming)->has("RECURRENCE-ID")
                   ? replace_instances(*stored, incoming, attendee)
                   : replace_whole(*stored, incoming, attendee);
    return out && *out == *stored ? std::nullopt : out;
}

std::optional<Component> apply_add(
    const Component& stored, const Component& incoming, std::string_view from,
    const Participant& attendee
) {
    if (!may_change(stored, incoming, from, attendee))
        return std::nullopt;
    const auto* main = main_event(stored);
    const auto* added = main_event(incoming);
    const auto series = Series::read(stored, "VEVENT", attendee.zone);
    if (!series || main->has("RECURRENCE-ID") || added->has("RECURRENCE-ID") ||
        !added->has("DTSTART") || sequence_of(*added) <= sequence_of(*main))
        return std::nullopt;
    const auto moment = read_moment(*added->find("DTSTART"));
    if (!moment)
        return std::nullopt;
    auto start = series->start();
    start.civil = series->on_clock(*moment);
    if (!series->original_starts(start.civil, start.civil, 1).empty())
        return std::nullopt;
    auto out = stored;
    auto& master = out.children[static_cast<std::size_t>(main - stored.children.data())];
    master.properties.push_back(moment_property("RDATE", start));
    master.set_value("SEQUENCE", std::to_string(sequence_of(*added)));
    auto event = *added;
    event.properties.push_back(moment_property("RECURRENCE-ID", start));
    invite(event, attendee);
    out.children.push_back(std::move(event));
    adopt_zones(out, incoming);
    return out;
}

std::optional<Component> apply_cancel(
    const Component& stored, const Component& incoming, std::string_view from,
    const Participant& attendee
) {
    if (!may_change(stored, incoming, from, attendee))
        return std::nullopt;
    auto out = stored;
    const auto* main = main_event(stored);
    const auto series = Series::read(stored, "VEVENT", attendee.zone);
    const auto cancel = [](Component& event, const Component& by) {
        if (compare_versions(by, event) < 0)
            return;
        mark_cancelled(event);
        event.set_value("SEQUENCE", std::to_string(sequence_of(by)));
        set_stamp(event, stamp_of(by));
    };
    for (const auto& event : incoming.children) {
        if (!is_event(event))
            continue;
        if (!event.has("RECURRENCE-ID")) {
            for (auto& child : out.children)
                if (is_event(child))
                    cancel(child, event);
            continue;
        }
        const auto key = instance_key(series ? &*series : nullptr, event);
        if (!key)
            continue;
        if (const auto at = find_override(out, series ? &*series : nullptr, *key); at != kNone) {
            cancel(out.children[at], event);
        } else if (series && !main->has("RECURRENCE-ID") && !series->is_excluded(*key) &&
                   !series->original_starts(*key, *key, 1).empty() &&
                   out.children.size() < limits::kIcalOverrides) {
            auto instance = occurrence_component(*series, *key);
            if (sequence_of(event) < sequence_of(instance))
                continue;
            mark_cancelled(instance);
            instance.set_value("SEQUENCE", std::to_string(sequence_of(event)));
            set_stamp(instance, stamp_of(event));
            out.children.push_back(std::move(instance));
        }
    }
    return out == stored ? std::nullopt : std::optional(std::move(out));
}

ItipMessage
answer_message(const Component& event, const Answer& answer, const Participant& attendee) {
    const auto method = answer.proposal ? Method::counter : Method::reply;
    auto out = for_others(event);
    const auto* mine = find_attendee(event, attendee);
    Property me(
        "ATTENDEE", mine == nullptr ? "mailto:" + attendee.addresses.front() : mine->value()
    );
    if (!attendee.name.empty())
        me.set_parameter("CN", attendee.name);
    me.set_parameter("PARTSTAT", answer.participation);
    std::erase_if(out.properties, [&](const Property& property) {
        const auto& name = property.name();
        const bool about_all = name == "ATTACH" || name == "DESCRIPTION" || name == "EXDATE" ||
                               name == "X-ALT-DESC" || name == "RDATE" ||
                               name == "X-MICROSOFT-CDO-INTENDEDSTATUS" || name == "COMMENT";
        return name == "ATTENDEE" || about_all;
    });
    out.properties.push_back(std::move(me));
    set_stamp(out, attendee.now);
    if (!answer.comment.empty())
        out.set_text("COMMENT", answer.comment);
    auto calendar = message_shell({}, method);
    if (answer.proposal) {
        // What Outlook calls the original time, beside the proposed one.
        for (const auto* name : {"DTSTART", "DTEND"}) {
            const auto* property = event.find(name);
            const auto moment = property == nullptr ? Result<Moment>(fail(Code::not_found, ""))
                                                    : read_moment(*property);
            if (!moment || moment->kind == TimeKind::date)
                continue;
            auto original = *property;
            const auto label = name == std::string_view("DTSTART") ? "X-MS-OLK-ORIGINALSTART"
                                                                   : "X-MS-OLK-ORIGINALEND";
            out.set(Property(label, original.value(), original.parameters()));
        }
        out.remove("DURATION");
        const auto& [start, end] = *answer.proposal;
        out.set(moment_property("DTSTART", moment_at(start, event, *attendee.zone)));
        out.set(moment_property("DTEND", moment_at(end, event, *attendee.zone)));
    }
    calendar.children.push_back(std::move(out));
    add_missing_zones(calendar, attendee.now);
    return {method, {calendar_address(event.value_of("ORGANIZER"))}, std::move(calendar), false};
}

void set_answer(Component& event, const Participant& attendee, std::string_view participation) {
    for (auto& property : event.properties) {
        if (property.name() != "ATTENDEE" || !attendee.is(calendar_address(property.value())))
            continue;
        property.set_parameter("PARTSTAT", std::string(participation));
        property.remove_parameter("RSVP");
    }
    settle_busy(event, participation);
}

void settle_busy(Component& event, std::string_view participation) {
    auto intended = std::string(trim(event.value_of("X-MICROSOFT-CDO-INTENDEDSTATUS")));
    if (intended.empty())
        intended = name_of(Busy::busy);
    const bool takes_none = iequals(intended, "FREE") || iequals(intended, "WORKINGELSEWHERE");
    if (iequals(participation, "TENTATIVE") && !takes_none)
        intended = name_of(Busy::tentative);
    event.set_value("X-MICROSOFT-CDO-BUSYSTATUS", intended);
    event.set_value("TRANSP", takes_none ? "TRANSPARENT" : "OPAQUE");
}

} // namespace lockstep::ical
