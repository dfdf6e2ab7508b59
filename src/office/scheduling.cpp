// The organizer's changes.
#include "office/scheduling.hpp"

#include "base/text.hpp"
#include "office/scheduling_queue.hpp"

namespace lockstep::office {
namespace {

ical::Participant organizer_of_actor(const Office& office, const Actor& actor) {
    return {
        {lower(actor.account.address)},
        actor.account.name,
        ical::zone_or_utc(actor.account.zone),
        office.clock.now_us() / 1'000'000
    };
}

} // namespace

Result<MeetingChange>
plan_meeting(Office& office, const Actor& actor, std::string_view before, std::string after) {
    MeetingChange change;
    if (before == after)
        return MeetingChange{std::move(after), {}};
    // Most events have no attendees: they are not taken apart.
    if (before.find("ATTENDEE") == std::string_view::npos &&
        after.find("ATTENDEE") == std::string_view::npos)
        return MeetingChange{std::move(after), {}};
    const auto self = organizer_of_actor(office, actor);
    std::optional<ical::Component> old_object, new_object;
    if (!before.empty())
        if (auto parsed = ical::parse(before))
            old_object = std::move(*parsed);
    if (!after.empty()) {
        TRY(new_object, ical::parse(after));
        const auto sent = *new_object;
        ical::revise(old_object ? &*old_object : nullptr, *new_object, self);
        change.bytes = *new_object == sent ? std::move(after) : ical::serialize(*new_object);
    }
    change.messages = ical::organizer_messages(
        old_object ? &*old_object : nullptr, new_object ? &*new_object : nullptr, self
    );
    return change;
}

Result<> queue_meeting(
    store::Txn& txn, Office& office, const Actor& actor, model::AccountId owner,
    const MeetingChange& change
) {
    return queue_letters(txn, owner, actor.account.id, change.messages, office.clock.now_us());
}

} // namespace lockstep::office
