// What a device holds of one collection, in constant space, and what it must be told next.
// Spec: docs/store.md "Sync state". Invariants: an item is held exactly when it was placed at or
// before the commit that counts for it, its window as of that commit reaches the two edges, and its
// tombstone was not yet answered; items that the device itself added later are held too. Every
// delta carries the state after it, so an answer may be cut anywhere. Why two sequences and a uid:
// a row that changes again moves to the end of the change order, so a place in that order cannot
// tell what an interrupted walk has passed; uids stay where they are. Errors: stale when the state
// belongs to another epoch or is older than the floor.
#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/collections.hpp"
#include "store/items.hpp"

namespace lockstep::sync {

struct ItemState {
    std::int64_t epoch = 0;
    model::ChangeSeq since;  ///< the device was told everything up to this commit
    model::ChangeSeq target; ///< while a walk over more changes than fit one answer is under way:
                             ///< its end; else none
    model::Uid front; ///< of that walk: items with a uid at or above it are told as of `target`
    store::Cursor
        gone; ///< tombstones up to here were told; they never move, so they run ahead of the walk
    /// Held items have (window.high, uid) >= low_edge: it starts above everything and moves down as
    /// the first fill, newest first, goes on; later it moves with the filter.
    store::EdgePlace low_edge{model::kForever, store::kLastUid};
    /// The same edge for items that the device itself added since `born`: it has them before the
    /// fill comes by. Equal to low_edge once the fill is done.
    store::EdgePlace own_edge{model::kForever, store::kLastUid};
    model::ChangeSeq born; ///< when the device began with nothing
    /// Held items have (window.low, uid) < high_edge.
    store::EdgePlace high_edge{model::kForever, store::kLastUid};
    /// Unchanged items that the device must be sent again (its edit was refused), negative when it
    /// removed them itself; phantoms that it must remove. At most kMaxOwed.
    std::vector<model::Uid> owed;

    friend bool operator==(const ItemState&, const ItemState&) = default;
};
inline constexpr std::size_t kMaxOwed = 512;
/// Uids from here on name phantoms: additions that were refused, though their device was told
/// otherwise. The store never had them, and reaches no such uid in any lifetime.
inline constexpr std::int64_t kFirstPhantom = std::int64_t{1} << 62U;

[[nodiscard]] std::string pack(const ItemState& state);
[[nodiscard]] Result<ItemState> unpack_item_state(std::string_view bytes);

/// The window that the device asks for: items that reach from `low` and begin before `high`.
struct Wanted {
    std::int64_t low = model::kEver;
    std::int64_t high = model::kForever;
};

enum class DeltaKind {
    add,         ///< the device does not have it: send the whole item
    change,      ///< the device has it: its stored form changed, send the whole item
    flags,       ///< the device has it: only flags and props changed
    remove,      ///< it is gone
    soft_remove, ///< it fell out of the window
};

struct Delta {
    DeltaKind kind = DeltaKind::add;
    model::Uid uid;
    model::Item item;       ///< for add, change and flags
    model::ChangeSeq since; ///< the device knows what was so at this commit
    ItemState after;        ///< the state when the answer ends with this delta
};

struct Selection {
    std::vector<Delta> deltas;
    bool more = false; ///< at least one more delta follows
    ItemState after;   ///< the state when all deltas are sent
};

/// The state of a device that holds nothing, as of now.
[[nodiscard]] Result<ItemState>
fresh_state(store::Snapshot& snapshot, model::AccountId owner, const Wanted& wanted);

/// The next at most `limit` deltas for `device`. Cost: the changes since the state and the items
/// that cross an edge.
[[nodiscard]] Result<Selection> select(
    store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
    const ItemState& state, const Wanted& wanted, model::AuthorId device, std::size_t limit
);

/// How many deltas there are in all.
[[nodiscard]] Result<std::size_t> estimate(
    store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
    const ItemState& state, const Wanted& wanted, model::AuthorId device
);

/// Whether the device holds the item under this state. `item` is its current row.
[[nodiscard]] bool holds(
    store::Snapshot& snapshot, const ItemState& state, const model::Item& item,
    model::AuthorId device
);

/// The commit up to which the device knows what became of this uid.
[[nodiscard]] model::ChangeSeq told(const ItemState& state, model::Uid uid);

/// Owes the item to the device: it is sent again with the next answer, as an addition when the
/// device removed it. False when the list is full (start afresh then).
[[nodiscard]] bool owe(ItemState& state, model::Uid uid, bool removed = false);

/// The uid of a refused addition, from whatever names it among those of its folder. The same name
/// gives the same uid. A phantom that is owed comes as removed.
[[nodiscard]] model::Uid phantom_of(std::string_view name);

} // namespace lockstep::sync
