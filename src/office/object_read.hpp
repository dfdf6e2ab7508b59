// Reading stored calendar objects, cards, to-dos and notes by id, for doors that show them.
// Invariants: only what the actor may read is visited; the visits happen on a store thread, one
// object at a time. Errors: unavailable, corrupt.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "office/folders.hpp"
#include "store/items.hpp"

namespace lockstep::office {

struct ObjectRecord {
    model::Item item;
    std::string bytes;
};
/// Calls `visit` for each of the objects of the class that is there, in the order of `ids`. What it
/// refers to must live until the task ends.
[[nodiscard]] Task<Result<>> visit_objects(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    std::vector<model::ItemId> ids, std::function<void(ObjectRecord)> visit
);

/// Which objects of a class: all of them, or those of a folder, or those whose window meets a
/// stretch of time (UTC microseconds, [low, high)).
struct ObjectRange {
    model::CollectionId folder; ///< none: every one that the actor may read
    std::int64_t low = model::kEver;
    std::int64_t high = model::kForever;
};
/// At most `most` ids, folder by folder.
[[nodiscard]] Task<Result<std::vector<model::ItemId>>> list_objects(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    ObjectRange range, std::size_t most
);

/// The object with that UID in a folder that the actor may read; none inside when there is none.
[[nodiscard]] Task<Result<model::ItemId>> find_object(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    std::string uid
);

} // namespace lockstep::office
