// How much an account stores, and how much it may.
#pragma once
#include <cstdint>

#include "office/folders.hpp"

namespace lockstep::office {

struct Usage {
    std::int64_t used_bytes = 0;
    std::int64_t quota_bytes = 0; ///< 0: no limit
};
/// Errors: not_found (the owner is gone).
[[nodiscard]] Task<Result<Usage>> usage(Office& office, const Owner& owner);

} // namespace lockstep::office
