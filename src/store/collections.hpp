// Collections of an account, and the account's own state row.
// Invariants: one ChangeSeq per account and transaction; ids are never reused; a removed collection
// leaves a tombstone. Errors: not_found, exists (name taken), bad_value.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct AccountState {
    model::ChangeSeq modseq;
    model::ChangeSeq floor; ///< a cursor below it can no longer be answered
    std::int64_t epoch = 0;
    std::int64_t used_bytes = 0;
};

struct NewCollection {
    model::CollectionId parent;
    model::ItemClass item_class = model::ItemClass::mail;
    model::Role role = model::Role::none;
    std::string name;
    model::AuthorId author;
};

struct CollectionTombstone {
    model::CollectionId id;
    model::ChangeSeq modseq;
    model::ChangeSeq created;
    model::ItemClass item_class = model::ItemClass::mail;
    model::AuthorId author;
};

/// Makes the state row. `epoch` is random and positive: a restored store gets another one.
void create_account_state(Txn& txn, model::AccountId account, std::int64_t epoch);
/// Removes every row of the account from this file.
void erase_account(Txn& txn, model::AccountId account);
[[nodiscard]] std::optional<AccountState>
account_state(Snapshot& snapshot, model::AccountId account);

[[nodiscard]] Result<model::Collection>
create_collection(Txn& txn, model::AccountId account, const NewCollection& wanted);
[[nodiscard]] Result<> rename_collection(
    Txn& txn, model::AccountId account, model::CollectionId id, model::CollectionId parent,
    const std::string& name, model::AuthorId author
);
/// Removes a collection with its items; its children must be gone before.
[[nodiscard]] Result<> remove_collection(
    Txn& txn, model::AccountId account, model::CollectionId id, model::AuthorId author
);

[[nodiscard]] std::optional<model::Collection>
find_collection(Snapshot& snapshot, model::AccountId account, model::CollectionId id);
[[nodiscard]] std::optional<model::Collection>
find_by_role(Snapshot& snapshot, model::AccountId account, model::Role role);
/// All collections of the account in order of their ids.
[[nodiscard]] std::vector<model::Collection>
list_collections(Snapshot& snapshot, model::AccountId account);
/// Those made or changed (name, parent) after `since`, in order of the changes.
[[nodiscard]] std::vector<model::Collection>
changed_collections(Snapshot& snapshot, model::AccountId account, model::ChangeSeq since);
/// Collections removed after `since`, in order of the removals.
[[nodiscard]] std::vector<CollectionTombstone>
removed_collections(Snapshot& snapshot, model::AccountId account, model::ChangeSeq since);
/// Whether a tombstone is kept of every collection ever removed. False once maintenance forgot
/// some: then removed_collections() is incomplete for a `since` below the account's floor.
[[nodiscard]] bool knows_all_removed_collections(Snapshot& snapshot, model::AccountId account);

} // namespace lockstep::store
