// What changed for a viewer among an owner's items of one class, and among the collections
// themselves, since a state: for doors that tell clients ids.
// Spec: RFC 8620 5.2; docs/store.md (cursors). Invariants: a state is a ChangeSeq; while many
// changes are told in several answers it also says from where to where and up to which id, so that
// every answer may be cut anywhere and nothing is lost when rows change again meanwhile. Errors:
// stale (the state is older than what is remembered, of another epoch, or too much changed),
// not_found.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "office/folders.hpp"

namespace lockstep::office {

/// Where a client stands.
struct TypeState {
    std::int64_t epoch =
        0;                 ///< of the store; for a viewer of another's folders also what it may see
    model::ChangeSeq base; ///< everything up to it was told
    model::ChangeSeq target; ///< none, or: of what came up to it, ids up to `last` were told too
    std::int64_t last = 0;
    friend bool operator==(const TypeState&, const TypeState&) = default;
};
/// "epoch-base" or "epoch-base-target-last", in base 36: characters of an Id.
[[nodiscard]] std::string text_of(const TypeState& state);
/// Error: stale (it is none of ours).
[[nodiscard]] Result<TypeState> parse_type_state(std::string_view text);

/// The owner's collections of a class that the viewer may read, and the state of their items.
struct Shelf {
    std::vector<model::Collection> collections; ///< in order of their ids
    TypeState items;             ///< changes with each item that comes, changes or goes
    TypeState collections_state; ///< changes with the collections, their counters included
};
[[nodiscard]] Task<Result<Shelf>>
shelf(Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class);
/// Those of every class at once.
[[nodiscard]] Task<Result<std::map<model::ItemClass, Shelf>>>
shelves(Office& office, const Actor& actor, const Owner& owner);
/// The same inside a database job.
[[nodiscard]] Result<Shelf>
shelf_now(store::Snapshot& snapshot, const Owner& owner, model::ItemClass item_class);

struct IdChanges {
    TypeState state; ///< where the client stands after this answer
    bool more = false;
    std::vector<std::int64_t> created, updated, destroyed;
    bool counters_only = false; ///< collections: nothing but counters changed
};
/// At most `most` ids in all.
[[nodiscard]] Task<Result<IdChanges>> item_changes(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    TypeState since, std::size_t most
);
[[nodiscard]] Task<Result<IdChanges>> collection_changes(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    TypeState since, std::size_t most
);

} // namespace lockstep::office
