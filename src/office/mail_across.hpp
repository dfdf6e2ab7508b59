// Mail that is copied or moved from one account's folder to another's.
// Invariants: what is moved is durable there before it is removed here: a crash in between leaves
// two, never none. Errors: forbidden, over_quota (of the other account), too_large
// (limits::kImapAppends at once). Internal to office/.
#pragma once
#include "office/mail_actions.hpp"

namespace lockstep::office {

[[nodiscard]] Task<Result<Copied>> copy_across(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to, std::shared_ptr<RecentCopies> recent
);

} // namespace lockstep::office
