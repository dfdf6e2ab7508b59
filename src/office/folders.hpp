// The folders that a person sees: own ones, those of groups, shared and global owners.
// Errors: not_found (none, or none the actor may know of), forbidden (known, but the right is
// missing), exists, bad_value.
#pragma once
#include "office/office.hpp"
#include "store/collections.hpp"

namespace lockstep::office {

/// An owner whose folders the actor sees: the actor itself first, then the others in order of their
/// ids.
struct Owner {
    model::AccountId id;
    model::Right right = model::Right::none; ///< on all of its folders
    std::string name;
    bool own = false;
    model::AccountKind kind = model::AccountKind::person;
    /// Folders with a greater right than that, in order of their ids.
    std::vector<std::pair<model::CollectionId, model::Right>> folders = {};

    [[nodiscard]] model::Right right_on(model::CollectionId folder) const;
    /// The greatest right on any of its folders.
    [[nodiscard]] model::Right best_right() const;
    [[nodiscard]] bool sees(model::CollectionId folder) const {
        return right_on(folder) >= model::Right::read;
    }
};
[[nodiscard]] Task<Result<std::vector<Owner>>> owners(Office& office, const Actor& actor);

/// Every folder that the actor may read, own ones first, in order of owners and ids.
[[nodiscard]] Task<Result<std::vector<Folder>>> visible_folders(Office& office, const Actor& actor);

/// One of these owners, from outside of the jobs that open folders of it. Error: not_found.
struct Reach {
    Owner owner;
    std::int64_t quota_bytes = 0; ///< of the owner; 0: none
};
[[nodiscard]] Task<Result<Reach>> reach(Office& office, const Actor& actor, model::AccountId owner);

/// Opens a folder inside a job of its owner's file.
[[nodiscard]] Result<Folder> open_folder(
    store::Snapshot& snapshot, const Reach& reach, model::CollectionId id, model::Right needed
);
/// The same by a job of its own.
[[nodiscard]] Task<Result<Folder>> open_folder(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId id,
    model::Right needed
);

/// What changed in an owner's hierarchy after `since`.
struct HierarchyChanges {
    std::int64_t epoch = 0;
    model::ChangeSeq now;
    std::vector<model::Collection> changed;
    std::vector<store::CollectionTombstone> removed;
};
[[nodiscard]] Task<Result<HierarchyChanges>>
hierarchy_changes(Office& office, model::AccountId owner, model::ChangeSeq since);
[[nodiscard]] Task<Result<std::vector<model::Collection>>>
all_folders(Office& office, model::AccountId owner);

/// Folders are made, renamed and removed among the actor's own ones only. A name is cleaned as at
/// every door: a slash and control characters are removed. Folders with a role stay.
[[nodiscard]] Task<Result<model::Collection>> create_folder(
    Office& office, const Actor& actor, model::CollectionId parent, model::ItemClass item_class,
    std::string name
);
[[nodiscard]] Task<Result<>> rename_folder(
    Office& office, const Actor& actor, model::CollectionId id, model::CollectionId parent,
    std::string name
);
/// With everything that lies in it, and the rights that were given on it.
[[nodiscard]] Task<Result<>>
remove_folder(Office& office, const Actor& actor, model::CollectionId id);

/// A folder's name as people read it: that of its role in the account's language, else its own.
[[nodiscard]] std::string
shown_name(const model::Collection& collection, std::string_view language);

} // namespace lockstep::office
