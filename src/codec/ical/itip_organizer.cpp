// The organizer's messages: what each attendee saw before, sees now, and must therefore be told.
// Spec: RFC 5546 2.1.4, 3.2.2 (REQUEST), 3.2.5 (CANCEL), 3.2.8 (DECLINECOUNTER).
// A changed series goes out whole; a changed, added or removed occurrence goes out by itself, one a
// message, as many programs read only the first component. An attendee who is in the series but not
// in one of its changed occurrences gets that occurrence excluded.
#include <algorithm>
#include <map>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/itip_parts.hpp"

namespace lockstep::ical {
namespace {

using namespace itip;

/// What attendees care for. Their answers, alarms, labels and stamps are not among it.
std::string content_of(const Component& event) {
    return fingerprint(
        event, {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "SUMMARY", "LOCATION",
                "DESCRIPTION", "URL", "CONFERENCE", "ATTACH", "ORGANIZER", "PRIORITY", "CLASS",
                "GEO", "X-MICROSOFT-DISALLOW-COUNTER", "X-MICROSOFT-ONLINEMEETINGCONFLINK",
                "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK"}
    );
}

/// The places (child indexes) at which each attendee is invited.
using Places = std::vector<std::size_t>;

std::map<std::string, Places> invited(const Component* calendar, const Participant& organizer) {
    std::map<std::string, Places> out;
    if (calendar == nullptr)
        return out;
    for (std::size_t i = 0; i < calendar->children.size(); ++i) {
        const auto& event = calendar->children[i];
        if (event.name != "VEVENT")
            continue;
        for (const auto& property : event.properties) {
            // Who speaks with somebody outside of the calendar says so (RFC 6638 7.1).
            const auto agent = property.parameter("SCHEDULE-AGENT");
            if (property.name() != "ATTENDEE" || iequals(agent, "CLIENT") || iequals(agent, "NONE"))
                continue;
            auto address = calendar_address(property.value());
            if (address.find('@') == std::string::npos || organizer.is(address))
                continue;
            if (!out.contains(address) && out.size() >= limits::kMeetingAttendees)
                continue;
            auto& places = out[std::move(address)];
            if (places.empty() || places.back() != i)
                places.push_back(i);
        }
    }
    return out;
}

/// The meeting as those at these places see it; nothing when it is cancelled or they are nowhere.
std::optional<Component> view_of(const Component* calendar, const Places& places) {
    if (calendar == nullptr || places.empty())
        return std::nullopt;
    const auto* main = main_event(*calendar);
    const bool in_series =
        std::ranges::any_of(places, [&](std::size_t i) { return &calendar->children[i] == main; });
    if (is_cancelled(*main) && !main->has("RECURRENCE-ID"))
        return std::nullopt;
    Component view{calendar->name, calendar->properties, {}};
    std::size_t master = kNone;
    bool any = false;
    std::vector<Property> excluded;
    for (std::size_t i = 0; i < calendar->children.size(); ++i) {
        const auto& child = calendar->children[i];
        const bool here = std::ranges::binary_search(places, i) && !is_cancelled(child);
        if (child.name != "VEVENT" || here) {
            any = any || here;
            if (in_series && &child == main)
                master = view.children.size();
            view.children.push_back(child.name == "VEVENT" ? for_others(child) : child);
        } else if (const auto* id = child.find("RECURRENCE-ID"); in_series && id != nullptr) {
            excluded.emplace_back("EXDATE", id->value(), id->parameters());
        }
    }
    if (!any)
        return std::nullopt;
    if (master != kNone)
        for (auto& property : excluded)
            view.children[master].properties.push_back(std::move(property));
    return view;
}

/// One group of attendees between two states of the meeting.
class Telling {
public:
    Telling(
        std::optional<Component> before, std::optional<Component> after,
        std::vector<std::string> to, std::int64_t sequence, const Participant& organizer
    )
        : before_(std::move(before)), after_(std::move(after)), to_(std::move(to)),
          sequence_(sequence), organizer_(organizer) {}

    std::vector<ItipMessage> messages() {
        if (!before_ && !after_)
            return {};
        if (!before_) {
            request(*after_, false);
        } else if (!after_) {
            cancel_all();
        } else {
            compare();
        }
        return std::move(out_);
    }

private:
    void request(const Component& view, bool update) {
        auto message = message_shell(view, Method::request);
        for (const auto& child : view.children)
            if (child.name == "VEVENT")
                message.children.push_back(child);
        out_.push_back({Method::request, to_, std::move(message), update});
    }
    void request_one(const Component& event) {
        auto message = message_shell(*after_, Method::request);
        message.children.push_back(event);
        out_.push_back({Method::request, to_, std::move(message), true});
    }
    void cancel(Component event) {
        auto message = message_shell(*before_, Method::cancel);
        mark_cancelled(event);
        event.set_value("SEQUENCE", std::to_string(std::max(sequence_of(event), sequence_)));
        set_stamp(event, organizer_.now);
        message.children.push_back(std::move(event));
        out_.push_back({Method::cancel, to_, std::move(message), false});
    }
    /// The whole meeting, unless it is over.
    void cancel_all() {
        const auto series = Series::read(*before_, "VEVENT", organizer_.zone);
        if (!series)
            return;
        const auto end = series->series_end();
        if (end && *end < organizer_.now)
            return;
        for (const auto& child : before_->children) {
            const bool alone = child.has("RECURRENCE-ID");
            if (child.name != "VEVENT" || (alone && !series->master().has("RECURRENCE-ID")))
                continue;
            cancel(child);
            if (out_.size() >= limits::kMeetingInstanceMails)
                return;
        }
    }

    void compare() {
        const auto* old_main = main_event(*before_);
        const auto* new_main = main_event(*after_);
        const auto old_series = Series::read(*before_, "VEVENT", organizer_.zone);
        const auto new_series = Series::read(*after_, "VEVENT", organizer_.zone);
        if (!old_series || !new_series)
            return;
        const bool whole_before = !old_main->has("RECURRENCE-ID");
        const bool whole_after = !new_main->has("RECURRENCE-ID");
        if (whole_before != whole_after ||
            (whole_after && content_of(*old_main) != content_of(*new_main))) {
            request(*after_, true);
            return;
        }
        if (!tell_instances(*old_series, *new_series)) {
            out_.clear();
            request(*after_, true);
        }
    }

    /// False: it is better told as a whole.
    bool tell_instances(const Series& old_series, const Series& new_series) {
        std::map<std::int64_t, const Component*> before, after;
        collect(*before_, old_series, before);
        collect(*after_, new_series, after);
        for (const auto& [civil, event] : after) {
            const auto it = before.find(civil);
            if (it == before.end() || content_of(*it->second) != content_of(*event))
                request_one(*event);
        }
        for (const auto& [civil, event] : before) {
            if (after.contains(civil))
                continue;
            if (!new_series.is_excluded(civil) && !main_event(*after_)->has("RECURRENCE-ID"))
                return false; // it is like the series again
            cancel_instance(*event);
        }
        for (const auto civil : new_series.excluded())
            if (!old_series.is_excluded(civil) && !before.contains(civil) &&
                !old_series.original_starts(civil, civil, 1).empty())
                cancel_instance(occurrence_component(old_series, civil));
        for (const auto civil : old_series.excluded())
            if (!new_series.is_excluded(civil) && !after.contains(civil))
                return false; // it takes place again
        return out_.size() <= limits::kMeetingInstanceMails;
    }
    void cancel_instance(const Component& event) {
        if (const auto range = read_range(event))
            if (range->start.civil + kDay < organizer_.now - kDay)
                return; // it is over
        cancel(event);
    }
    static void collect(
        const Component& calendar, const Series& series,
        std::map<std::int64_t, const Component*>& out
    ) {
        for (const auto& child : calendar.children)
            if (child.name == "VEVENT")
                if (const auto key = instance_key(&series, child))
                    out.emplace(*key, &child);
    }

    std::optional<Component> before_, after_;
    std::vector<std::string> to_;
    std::int64_t sequence_;
    const Participant& organizer_;
    std::vector<ItipMessage> out_;
};

/// The answers to a meeting at another time say nothing of this one.
void void_answers(Component& event, const Participant& organizer) {
    for (auto& property : event.properties) {
        if (property.name() != "ATTENDEE" || organizer.is(calendar_address(property.value())))
            continue;
        if (iequals(property.parameter("PARTSTAT"), "NEEDS-ACTION"))
            continue;
        property.set_parameter("PARTSTAT", "NEEDS-ACTION");
        property.set_parameter("RSVP", "TRUE");
        property.remove_parameter("X-LOCKSTEP-REPLIED");
    }
}

bool is_own_meeting(const Component* calendar, const Participant& organizer) {
    return calendar != nullptr && organizer.is(organizer_of(*calendar));
}

} // namespace

void revise(const Component* before, Component& after, const Participant& organizer) {
    if (before == nullptr || !is_own_meeting(&after, organizer))
        return;
    for (auto& event : after.children) {
        if (event.name != "VEVENT")
            continue;
        const auto id = event.value_of("RECURRENCE-ID");
        const auto old = std::ranges::find_if(before->children, [&](const Component& each) {
            return each.name == "VEVENT" && each.value_of("RECURRENCE-ID") == id;
        });
        const auto* known = old == before->children.end() ? nullptr : &*old;
        // A new override: it differs from the series when it is moved.
        if (known == nullptr || timing_of(*known) == timing_of(event))
            continue;
        void_answers(event, organizer);
        if (sequence_of(event) <= sequence_of(*known))
            event.set_value("SEQUENCE", std::to_string(sequence_of(*known) + 1));
        if (stamp_of(event) < organizer.now)
            set_stamp(event, organizer.now);
    }
}

std::vector<ItipMessage>
organizer_messages(const Component* before, const Component* after, const Participant& organizer) {
    if (!is_own_meeting(before, organizer))
        before = nullptr;
    if (!is_own_meeting(after, organizer))
        after = nullptr;
    const auto was = invited(before, organizer);
    const auto is = invited(after, organizer);
    std::map<std::pair<Places, Places>, std::vector<std::string>> groups;
    for (const auto& [address, places] : was)
        groups[{places, is.contains(address) ? is.at(address) : Places()}].push_back(address);
    for (const auto& [address, places] : is)
        if (!was.contains(address))
            groups[{Places(), places}].push_back(address);
    std::int64_t sequence = before == nullptr ? 0 : sequence_of(*main_event(*before)) + 1;
    if (after != nullptr)
        sequence = std::max(sequence_of(*main_event(*after)), sequence);
    std::vector<ItipMessage> out;
    for (auto& [places, to] : groups) {
        Telling telling(
            view_of(before, places.first), view_of(after, places.second), to, sequence, organizer
        );
        std::ranges::move(telling.messages(), std::back_inserter(out));
    }
    return out;
}

std::optional<ItipMessage>
request_again(const Component& stored, std::string_view attendee, const Participant& organizer) {
    if (!is_own_meeting(&stored, organizer))
        return std::nullopt;
    const auto all = invited(&stored, organizer);
    const auto found = all.find(std::string(attendee));
    if (found == all.end())
        return std::nullopt;
    Telling telling(std::nullopt, view_of(&stored, found->second), {found->first}, 0, organizer);
    auto messages = telling.messages();
    if (messages.empty())
        return std::nullopt;
    return std::move(messages.front());
}

std::optional<ItipMessage>
decline_counter(const Component& counter, std::string_view attendee, const Participant& organizer) {
    const auto* event = main_event(counter);
    if (event == nullptr || !is_own_meeting(&counter, organizer) ||
        find_attendee(*event, attendee) == nullptr)
        return std::nullopt;
    auto message = message_shell(counter, Method::decline_counter);
    auto declined = for_others(*event);
    set_stamp(declined, organizer.now);
    message.children.push_back(std::move(declined));
    return ItipMessage{Method::decline_counter, {std::string(attendee)}, std::move(message), false};
}

} // namespace lockstep::ical
