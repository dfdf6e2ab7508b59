// Rights: who may do what with whose folders, and giving and taking such rights away.
// Invariants: whoever owns a folder has every right on it; a right on all folders of an owner holds
// for each of them; the greatest of all rights counts. A change takes effect with the next call,
// and whoever sees more or less now is woken as if its own hierarchy had changed (the hub publishes
// a change of the grantee's account without a collection). Errors: not_found (no such owner or
// folder, or none that the actor may know of), forbidden (known, but not the actor's to share),
// bad_value.
#pragma once
#include "office/office.hpp"

namespace lockstep::office {

/// A right that an owner gave to a person or a group, on one folder or (none) on all of them.
using Grant = directory::Share;

/// The rights given on one folder, or (none) on all of the owner's. The actor must own it, or have
/// Right::own on it.
[[nodiscard]] Task<Result<std::vector<Grant>>>
list_grants(Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder);
/// Gives `right` in place of what was given before; nobody gives more than it has. Same permission.
[[nodiscard]] Task<Result<>> grant(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder,
    model::AccountId grantee, model::Right right
);
/// not_found when nothing was given. Everybody may also give up what was given to itself.
[[nodiscard]] Task<Result<>> revoke(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder,
    model::AccountId grantee
);
/// What the actor may do with a folder of `owner`, or (none) with all of them. Right::none when it
/// may know nothing of it; free_busy is told here and never opens a folder.
[[nodiscard]] Task<Result<model::Right>> effective_right(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder
);

} // namespace lockstep::office
