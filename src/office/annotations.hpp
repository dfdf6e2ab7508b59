// Annotations: named texts that mail programs keep beside a folder, or beside the account.
// Spec: RFC 5464. Invariants: names are lower case and begin with "/private/" (the actor's own) or
// "/shared/" (everybody's who may read the folder; written by whoever may change its items). At
// most limits::kAnnotations of each; a value has at most limits::kAnnotationBytes bytes of any
// kind. They go with the folder. Errors: forbidden, not_found, too_large (a value), over_quota (too
// many), bad_value (a name).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "office/office.hpp"
#include "store/database.hpp"

namespace lockstep::office {

/// Those of a folder, or (null) of the account as a whole, which has no shared ones.
[[nodiscard]] Task<Result<std::map<std::string, std::string>>>
annotations(Office& office, const Actor& actor, const Folder* folder);
/// Writes values, or (nothing) removes them; all of a kind (private, shared) or none.
[[nodiscard]] Task<Result<>> annotate(
    Office& office, const Actor& actor, const Folder* folder,
    std::vector<std::pair<std::string, std::optional<std::string>>> changes
);
/// Inside the job that removes a folder of the account's own.
void drop_annotations(store::Txn& txn, model::AccountId owner, model::CollectionId folder);

} // namespace lockstep::office
