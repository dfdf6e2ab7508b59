// Names of the settings, and their reads and writes.
#include "office/scheduling_policy.hpp"

#include "store/settings.hpp"

namespace lockstep::office {
namespace {

const std::string kInvitations = "invitations";

} // namespace

InvitationPolicy invitation_policy(store::Snapshot& snapshot, model::AccountId account) {
    const auto value = store::find_setting(snapshot, account, "", kInvitations);
    if (value == "nobody")
        return InvitationPolicy::nobody;
    return value == "everybody" ? InvitationPolicy::everybody : InvitationPolicy::known;
}

void set_invitation_policy(store::Txn& txn, model::AccountId account, InvitationPolicy policy) {
    if (policy == InvitationPolicy::known)
        store::drop_setting(txn, account, "", kInvitations);
    else
        store::put_setting(
            txn, account, "", kInvitations,
            policy == InvitationPolicy::nobody ? "nobody" : "everybody"
        );
}

Task<Result<MeetingPolicy>> meeting_policy(store::Database& database, model::AccountId account) {
    std::function<Result<MeetingPolicy>(store::Snapshot&)> work =
        [account](store::Snapshot& snapshot) -> Result<MeetingPolicy> {
        return MeetingPolicy{
            invitation_policy(snapshot, account), free_busy_audience(snapshot, account)
        };
    };
    co_return co_await database.read<MeetingPolicy>(account, std::move(work));
}

Task<Result<>>
set_meeting_policy(store::Database& database, model::AccountId account, MeetingPolicy policy) {
    std::function<Result<bool>(store::Txn&)> work = [account,
                                                     policy](store::Txn& txn) -> Result<bool> {
        set_invitation_policy(txn, account, policy.invitations);
        set_free_busy_audience(txn, account, policy.free_busy);
        return true;
    };
    const auto done = co_await database.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

} // namespace lockstep::office
