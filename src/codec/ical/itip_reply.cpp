// Answers into the organizer's object.
// Spec: RFC 5546 3.2.3 (REPLY), 3.2.7 (COUNTER), 2.1.5. Hardening X7: only an attendee answers,
// only for itself, and an older answer never wins over a newer one (a parameter of our own on
// ATTENDEE keeps the DTSTAMP of the last one).
#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/itip_parts.hpp"

namespace lockstep::ical {
namespace {

using namespace itip;

struct Said {
    std::string participation;
    std::int64_t stamp = 0;
};

/// PARTSTAT of an answer; a proposal without one is a tentative answer.
std::optional<Said> answer_of(const Component& event, Method method, std::string_view from) {
    const auto* attendee = find_attendee(event, from);
    if (attendee == nullptr)
        return std::nullopt;
    auto said = upper(attendee->parameter("PARTSTAT"));
    if (method == Method::counter && (said.empty() || said == "NEEDS-ACTION"))
        said = "TENTATIVE";
    const bool known =
        said == "ACCEPTED" || said == "TENTATIVE" || said == "DECLINED" || said == "DELEGATED";
    return known ? std::optional(Said{std::move(said), stamp_of(event)}) : std::nullopt;
}

/// False: not invited, or an answer that came later is known.
bool note_answer(Component& event, std::string_view from, const Said& said) {
    for (auto& property : event.properties) {
        if (property.name() != "ATTENDEE" || calendar_address(property.value()) != from)
            continue;
        const auto last = parse_int(property.parameter("X-LOCKSTEP-REPLIED")).value_or(0);
        if (said.stamp < last)
            return false;
        property.set_parameter("PARTSTAT", said.participation);
        property.set_parameter("X-LOCKSTEP-REPLIED", std::to_string(said.stamp));
        property.remove_parameter("RSVP");
        return true;
    }
    return false;
}

} // namespace

std::optional<Component> apply_reply(
    const Component& stored, const Component& incoming, Method method, std::string_view from,
    const Participant& organizer
) {
    const auto* main = main_event(stored);
    if (main == nullptr || !organizer.is(organizer_of(stored)))
        return std::nullopt;
    const auto series = Series::read(stored, "VEVENT", organizer.zone);
    if (!series)
        return std::nullopt;
    auto out = stored;
    std::size_t looked = 0;
    for (const auto& event : incoming.children) {
        if (event.name != "VEVENT" || ++looked > limits::kIcalOverrides ||
            event.value_of("UID") != main->value_of("UID"))
            continue;
        const auto said = answer_of(event, method, from);
        if (!said)
            continue;
        const auto key = instance_key(&*series, event);
        if (!key) {
            if (sequence_of(event) < sequence_of(*main))
                continue; // to a meeting at another time
            for (auto& child : out.children)
                if (child.name == "VEVENT")
                    (void)note_answer(child, from, *said);
            continue;
        }
        if (const auto at = find_override(out, &*series, *key); at != kNone) {
            if (sequence_of(event) >= sequence_of(out.children[at]))
                (void)note_answer(out.children[at], from, *said);
            continue;
        }
        if (!series->recurs() || series->is_excluded(*key) ||
            series->original_starts(*key, *key, 1).empty() ||
            sequence_of(event) < sequence_of(*main) ||
            out.children.size() >= limits::kIcalOverrides)
            continue;
        auto instance = occurrence_component(*series, *key);
        if (note_answer(instance, from, *said))
            out.children.push_back(std::move(instance));
    }
    return out == stored ? std::nullopt : std::optional(std::move(out));
}

} // namespace lockstep::ical
