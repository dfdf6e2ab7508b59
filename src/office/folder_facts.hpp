// What a person set for a folder beyond its name: color, description, order, whether it is shown.
// Spec: RFC 9610 2, RFC 9670 4. Invariants: kept as settings of the person's own account, for
// folders of other owners too, so that nobody sets anything for others; what the names mean is the
// door's. Errors: not_found (no folder that the actor may read), too_large (limits of this file).
#pragma once
#include <map>
#include <set>
#include <string>

#include "office/folders.hpp"

namespace lockstep::office {

/// Name to value; a name without value is not there.
using FolderFacts = std::map<std::string, std::string, std::less<>>;
inline constexpr std::size_t kFolderFacts = 16;             ///< facts of a folder
inline constexpr std::size_t kFolderFactBytes = 64U << 10U; ///< bytes of all of them

/// One fact has a meaning here: a calendar of which the owner set this takes no part in its free
/// and busy time (office/free_busy).
inline constexpr const char* kAvailabilityFact = "includeInAvailability";
inline constexpr const char* kNotAvailable = "\"none\"";
[[nodiscard]] std::set<model::CollectionId>
calendars_left_out(store::Snapshot& snapshot, model::AccountId owner);

/// The facts of an owner's folders that the actor set, by collection.
[[nodiscard]] Task<Result<std::map<model::CollectionId, FolderFacts>>>
folder_facts(Office& office, const Actor& actor, const Owner& owner);
/// Those that the owner itself set: what others see until they set their own.
[[nodiscard]] Task<Result<std::map<model::CollectionId, FolderFacts>>>
owner_folder_facts(Office& office, const Owner& owner);
/// In place of those that were set. Other devices of the person look at the folder again.
[[nodiscard]] Task<Result<>> set_folder_facts(
    Office& office, const Actor& actor, const Owner& owner, model::CollectionId id,
    FolderFacts facts
);

/// The folder of a class that the actor chose for what is new; none: that of the class's role.
[[nodiscard]] Task<Result<model::CollectionId>>
chosen_folder(Office& office, const Actor& actor, model::ItemClass item_class);
/// Error: not_found (no folder of that class of the actor's own).
[[nodiscard]] Task<Result<>> choose_folder(
    Office& office, const Actor& actor, model::ItemClass item_class, model::CollectionId id
);

} // namespace lockstep::office
