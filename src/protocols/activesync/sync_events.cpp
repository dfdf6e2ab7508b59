// Sync commands of the Calendar class, as far as they concern meetings: what an organizer changes
// is told to the attendees. Spec: MS-ASCAL 2.2.2.29, 3.1.4; MS-ASCMD 2.2.1.11. From 16.0 on the
// server invites; phones of older versions send their own mail, so that a second one from here
// would be a double.
#include "office/objects.hpp"
#include "office/scheduling.hpp"
#include "protocols/activesync/sync_run.hpp"

namespace lockstep::activesync {
namespace {

Result<> tell_attendees(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const office::MeetingChange& change
) {
    if (!exchange.at_least(wbxml::Version::v16_0) || change.messages.empty())
        return {};
    run.meetings = true;
    return office::queue_meeting(txn, exchange.office(), exchange.actor, run.ref.owner, change);
}

} // namespace

Result<model::Item>
add_event(office::Txn& txn, Exchange& exchange, CollectionRun& run, std::string bytes) {
    TRY(auto change, office::plan_meeting(exchange.office(), exchange.actor, {}, std::move(bytes)));
    TRY(auto item,
        office::add_object(txn, exchange.office(), exchange.actor, run.folder, change.bytes, true));
    CHECK_OK(tell_attendees(txn, exchange, run, change));
    return item;
}

Result<> replace_event(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    std::string_view stored, std::string bytes
) {
    TRY(auto change,
        office::plan_meeting(exchange.office(), exchange.actor, stored, std::move(bytes)));
    CHECK_OK(office::replace_object(
        txn, exchange.office(), exchange.actor, run.folder, item, change.bytes
    ));
    return tell_attendees(txn, exchange, run, change);
}

Result<model::Item> retake_event(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    std::string_view stored, std::string bytes
) {
    TRY(auto change,
        office::plan_meeting(exchange.office(), exchange.actor, stored, std::move(bytes)));
    CHECK_OK(office::remove_object(txn, exchange.actor, run.folder, item));
    TRY(auto placed,
        office::add_object(txn, exchange.office(), exchange.actor, run.folder, change.bytes, true));
    CHECK_OK(tell_attendees(txn, exchange, run, change));
    return placed;
}

Result<> remove_event(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    std::string_view stored
) {
    TRY(const auto change, office::plan_meeting(exchange.office(), exchange.actor, stored, {}));
    CHECK_OK(office::remove_object(txn, exchange.actor, run.folder, item));
    return tell_attendees(txn, exchange, run, change);
}

} // namespace lockstep::activesync
