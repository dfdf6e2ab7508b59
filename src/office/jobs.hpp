// What a door may do inside a database job: look at items, and remember what a client's own id led
// to. Spec: store/items.hpp, store/devices.hpp, whose functions these are. Invariants: nothing here
// changes an item: that is for mail.hpp and objects.hpp, where the right is checked.
#pragma once
#include "office/office.hpp"
#include "store/devices.hpp"
#include "store/items.hpp"

namespace lockstep::office {

using store::Change;
using store::Snapshot;
using store::Txn;

using store::changed_items;
using store::find_by_uid_text;
using store::find_digest;
using store::find_item;
using store::find_tombstone;
using store::kLastUid;

using store::add_client_op;
using store::find_client_op;

/// At most `length` bytes of an item's stored form from `offset`. Blocks on the disk. Errors:
/// not_found, corrupt, unavailable.
[[nodiscard]] Result<std::string> read_bytes(
    Snapshot& snapshot, Office& office, const model::Item& item, std::uint64_t offset,
    std::uint64_t length
);

} // namespace lockstep::office
