// What an account lets meetings do by themselves.
// Invariants: kept in settings of the account (store/settings.hpp). Errors: not_found, unavailable.
#pragma once
#include "office/free_busy.hpp"
#include "store/database.hpp"

namespace lockstep::office {

/// Whose invitations come into the calendar by themselves. Default: known. Known are all people of
/// this office, and whoever stands in the account's address books.
enum class InvitationPolicy : std::uint8_t { nobody, known, everybody };
[[nodiscard]] InvitationPolicy
invitation_policy(store::Snapshot& snapshot, model::AccountId account);
void set_invitation_policy(store::Txn& txn, model::AccountId account, InvitationPolicy policy);

struct MeetingPolicy {
    InvitationPolicy invitations = InvitationPolicy::known;
    FreeBusyAudience free_busy = FreeBusyAudience::domain;
};
/// For administration: no question of right.
[[nodiscard]] Task<Result<MeetingPolicy>>
meeting_policy(store::Database& database, model::AccountId account);
[[nodiscard]] Task<Result<>>
set_meeting_policy(store::Database& database, model::AccountId account, MeetingPolicy policy);

} // namespace lockstep::office
