// Many changes of stored calendar objects, cards, to-dos and notes at once, as doors with batches
// ask for them: made, rewritten, moved, removed.
// Spec: RFC 8620 5.3; RFC 5546 for events with guests. Invariants: one store job for all of them;
// each has its own result, and one that fails leaves the others as they are (D8); an account holds
// one object of a class with a UID; what guests and organizers are told is committed with the
// change. Errors of one: not_found, forbidden, bad_value (in no folder of the class), exists (the
// UID), over_quota, and what `rewrite` returns.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "office/folders.hpp"
#include "store/items.hpp"

namespace lockstep::office {

struct ObjectEdit {
    enum class Kind : std::uint8_t { create, update, remove } kind = Kind::update;
    model::ItemId id;           ///< of update and remove
    model::CollectionId folder; ///< of create
    /// Update: where the object is to lie. Null: where it lies. Runs as `rewrite` does.
    std::function<Result<model::CollectionId>(const model::Item& item)> place;
    /// The new bytes from the stored ones (create: from none). Null: they stay. Runs on a store
    /// thread: what it refers to must live until the task ends. Remove: may refuse, what it returns
    /// is of no account.
    std::function<Result<std::string>(const model::Item& item, std::string_view stored)> rewrite;
    bool tell = false; ///< events: guests or the organizer get messages
};
/// The items as they are then (the last state of removed ones), one for each edit, in order.
[[nodiscard]] Task<Result<std::vector<Result<model::Item>>>> edit_objects(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    std::vector<ObjectEdit> edits
);

} // namespace lockstep::office
