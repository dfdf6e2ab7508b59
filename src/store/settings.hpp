// Settings: small named values of an account, or of something in it (a device, a collection).
// Invariants: a settings row belongs to its account and goes with it. What a name means, its
// default and its form are said where it is used (office/), never here.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::store {

/// `scope`: empty for the account itself, "device:ID", "coll:ID" ...; nothing when never set.
[[nodiscard]] std::optional<std::string> find_setting(
    Snapshot& snapshot, model::AccountId account, const std::string& scope, const std::string& name
);
/// Name and value of every setting of a scope, in order of the names.
[[nodiscard]] std::vector<std::pair<std::string, std::string>>
list_settings(Snapshot& snapshot, model::AccountId account, const std::string& scope);
void put_setting(
    Txn& txn, model::AccountId account, const std::string& scope, const std::string& name,
    std::string_view value
);
void drop_setting(
    Txn& txn, model::AccountId account, const std::string& scope, const std::string& name
);
/// Every setting of a scope: the thing it belonged to is gone.
void drop_settings(Txn& txn, model::AccountId account, const std::string& scope);

} // namespace lockstep::store
