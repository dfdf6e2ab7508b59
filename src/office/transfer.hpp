// An item goes to a folder of another account: copied there, then removed here.
// Invariants: the copy is durable before the original goes, so nothing is ever lost; the client's
// name for the move is kept with the copy, so that a repeated move, its answer lost or the server
// killed between the two, ends the first one and makes no second copy. An original that was changed
// meanwhile is copied again. Errors: not_found (no such item, nor such a move before), forbidden,
// bad_value (the folder holds items of another kind), over_quota, conflict (both were changed since
// an interrupted move, or the item changes faster than it can be copied: both stay).
#pragma once
#include "office/office.hpp"

namespace lockstep::office {

struct Transfer {
    Folder from;
    model::Uid uid;
    Folder to;
    std::string name; ///< names this move among those of the device; at most 255 bytes
};

/// The item's uid in the target. An object whose UID is there already takes that one's place, as an
/// addition of it would.
[[nodiscard]] Task<Result<model::Uid>>
transfer_item(Office& office, const Actor& actor, Transfer transfer);

} // namespace lockstep::office
