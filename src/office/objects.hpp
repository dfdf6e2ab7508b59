// Calendar objects, cards, to-dos and notes: kept in their standard form, indexed, added, replaced,
// removed. Invariants: runs inside a database job; the right was fixed when the folder was opened
// and is checked here. Errors: forbidden, bad_syntax and bad_value (the object), not_found,
// over_quota.
#pragma once
#include "office/office.hpp"
#include "store/items.hpp"

namespace lockstep::office {

struct ObjectIndex {
    std::string uid;
    model::Window window;
};
/// What the store keeps beside the bytes. `zone`: IANA zone for floating times and dates.
[[nodiscard]] Result<ObjectIndex>
index_object(model::ItemClass item_class, std::string_view bytes, std::string_view zone);

/// `held`: the author's device made the object and has it.
[[nodiscard]] Result<model::Item> add_object(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder, std::string bytes,
    bool held
);
/// Nothing is written when the bytes are those that are stored.
[[nodiscard]] Result<> replace_object(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder,
    const model::Item& item, std::string bytes
);
[[nodiscard]] Result<>
remove_object(store::Txn& txn, const Actor& actor, const Folder& folder, const model::Item& item);
/// The stored bytes.
[[nodiscard]] Result<std::string>
object_bytes(store::Snapshot& snapshot, Office& office, const model::Item& item);

} // namespace lockstep::office
