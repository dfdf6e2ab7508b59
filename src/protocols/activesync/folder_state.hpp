// What a device knows of the folder hierarchy: a place in each owner's changes, and of others'
// folders the ids that were told, since those may vanish with their owner or with the right to see
// them; and the sync keys of folders. Invariants: the same key chain as items have
// (sync/key_chain.hpp), stored under collection none.
#pragma once
#include <array>
#include <optional>

#include "office/folders.hpp"
#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"
#include "protocols/activesync/one_folder.hpp"
#include "sync/key_chain.hpp"

namespace lockstep::activesync {

/// Which folders of an owner a device is shown: what the person may see, without what its
/// synchronization settings or its protocol version leave out.
struct Shown {
    std::optional<std::vector<model::CollectionId>> readable; ///< none: all of them
    struct OfClass {
        bool only = false; ///< just those named, else all but them
        std::vector<model::CollectionId> named;
        friend bool operator==(const OfClass&, const OfClass&) = default;
    };
    std::array<OfClass, 5> classes; ///< in the order of model::ItemClass; ids ascend

    [[nodiscard]] bool has(model::CollectionId id, model::ItemClass item_class) const;
    friend bool operator==(const Shown&, const Shown&) = default;
};
/// Of a class that the device has as one folder (`ones`), only that one is shown.
[[nodiscard]] Shown
shown_of(const Exchange& exchange, const office::Owner& owner, const OneFolders& ones);

struct OwnerPlace {
    model::AccountId owner;
    std::int64_t epoch = 0;
    model::ChangeSeq since;
    std::vector<model::CollectionId> told; ///< of another owner: what the device has, ascending
    Shown shown;
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

/// The id of the person's own folder of a class, by which clients up to 12.0 may name it; empty
/// when the class is none.
[[nodiscard]] Task<Result<std::string>>
folder_of_class(Exchange& exchange, std::string_view item_class);

/// office::open_folder for reading, unless the device is not shown the folder: not_found then.
[[nodiscard]] Task<Result<office::Folder>> open_shown(Exchange& exchange, const FolderRef& ref);
/// The same inside a job of the owner's file.
[[nodiscard]] Result<office::Folder> open_shown(
    office::Snapshot& snapshot, const Exchange& exchange, const office::Reach& reach,
    model::CollectionId id
);

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
