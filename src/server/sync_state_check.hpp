// How `verify` reads sync states, whose contents the store does not know.
#pragma once
#include "store/verify.hpp"

namespace lockstep::server {

/// Unpacks every generation of a device's key chain and says how far each reaches. Errors: corrupt
/// when anything is unreadable or contradicts its own invariants.
[[nodiscard]] Result<std::vector<store::CursorPlace>> read_sync_state(const store::SyncStateRow& row
);

} // namespace lockstep::server
