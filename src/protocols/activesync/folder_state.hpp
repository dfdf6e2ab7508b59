// What a device knows of the folder hierarchy: a place in each owner's changes, and of others'
// folders the ids that were told, since those may vanish with their owner or with the right to see
// them; and the sync keys of folders. Invariants: the same key chain as items have
// (sync/key_chain.hpp), stored under collection none.
#pragma once
#include "office/folders.hpp"
#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"
#include "sync/key_chain.hpp"

namespace lockstep::activesync {

struct OwnerPlace {
    model::AccountId owner;
    std::int64_t epoch = 0;
    model::ChangeSeq since;
    std::vector<model::CollectionId> told; ///< of another owner: what the device has, ascending
    friend bool operator==(const OwnerPlace&, const OwnerPlace&) = default;
};
struct FolderState {
    std::vector<OwnerPlace> owners;
    friend bool operator==(const FolderState&, const FolderState&) = default;
};
[[nodiscard]] std::string pack(const FolderState& state);
[[nodiscard]] Result<FolderState> unpack_folder_state(std::string_view bytes);

struct FolderChange {
    enum class Kind { add, update, remove } kind = Kind::add;
    std::string id;
    std::string parent;
    std::string name;
    int type = 0;
};
struct FolderChanges {
    std::vector<FolderChange> changes;
    FolderState after;
};
/// What the device must be told. Errors: stale when an owner's epoch or floor makes a fresh start
/// necessary.
[[nodiscard]] Task<Result<FolderChanges>>
folder_changes(Exchange& exchange, const FolderState& before);

/// The device's chain for a folder (collection none: the hierarchy); a new one when there is none.
[[nodiscard]] Task<Result<sync::KeyChain>> load_chain(Exchange& exchange, const FolderRef& ref);
[[nodiscard]] Task<Result<>>
save_chain(Exchange& exchange, const FolderRef& ref, const sync::KeyChain& chain);
/// The same inside a job of the device's account.
[[nodiscard]] Result<sync::KeyChain>
load_chain(office::Snapshot& snapshot, const Exchange& exchange, const FolderRef& ref);
void save_chain(
    office::Txn& txn, const Exchange& exchange, const FolderRef& ref, const sync::KeyChain& chain
);

} // namespace lockstep::activesync
