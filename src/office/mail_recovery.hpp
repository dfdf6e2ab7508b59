// Mail that is gone and its owner's way to have it back.
// Invariants: what was removed for good at a mail door is kept for two weeks (store/maintenance);
// brought back, it is a new message of its old folder, or of the Inbox when that is gone. Errors:
// not_found, over_quota, unavailable.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct GoneMail {
    std::int64_t id = 0;
    std::string folder; ///< its name; empty when it is gone too
    std::string subject;
    std::string from;
    std::int64_t size = 0;
    std::int64_t gone_us = 0;
};
/// In order of their going.
[[nodiscard]] Task<Result<std::vector<GoneMail>>>
gone_mails(Office& office, model::AccountId account);
/// One (`id`), or all (0). Answers how many.
[[nodiscard]] Task<Result<std::uint64_t>>
recover_mails(Office& office, model::AccountId account, std::int64_t id);

} // namespace lockstep::office
