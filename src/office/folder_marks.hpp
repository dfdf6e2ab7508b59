// What a person noted about a folder that others do not see: subscribed or not, and its place in
// lists. Spec: RFC 9051 6.3.7 (SUBSCRIBE), RFC 8621 2 (isSubscribed, sortOrder).
// Invariants: kept as settings of the person's own account, for folders of other owners too; a
// folder is subscribed until the person says otherwise.
#pragma once
#include <cstdint>
#include <map>
#include <optional>

#include "office/folders.hpp"

namespace lockstep::office {

struct FolderMarks {
    bool subscribed = true;
    std::optional<std::int64_t> sort_order;
};
/// The marks of an owner's folders, by collection; one that is not there has none.
[[nodiscard]] Task<Result<std::map<model::CollectionId, FolderMarks>>>
folder_marks(Office& office, const Actor& actor, const Owner& owner);
/// Error: not_found (no folder that the actor may read).
[[nodiscard]] Task<Result<>> mark_folder(
    Office& office, const Actor& actor, const Owner& owner, model::CollectionId id,
    FolderMarks marks
);

} // namespace lockstep::office
