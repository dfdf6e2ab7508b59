// Classes that a device has as one folder, because its client takes no more: the default folder
// then shows the items of all folders of the class that the device is to have. An item's ServerId
// names its source, so an edit changes it where it lies.
// Spec: quirk 27 and the folder types each client takes. Invariants: what is added comes into the
// default folder; a folder whose place the synchronization settings hide holds no others.
#pragma once
#include "office/folders.hpp"
#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"

namespace lockstep::activesync {

/// The device's default folders by class, in the order of model::ItemClass; none for classes that
/// it has as several folders.
using OneFolders = std::array<model::CollectionId, 5>;
[[nodiscard]] Task<Result<OneFolders>> one_folders(Exchange& exchange);

/// Whether the device has this class as one folder, by its client or its settings.
[[nodiscard]] bool takes_one_folder(const Exchange& exchange, model::ItemClass item_class);

struct OtherSource {
    FolderRef ref;
    office::Folder folder;
    std::string label; ///< names the source to people
};
/// Whose items the folder shows besides its own; nothing for a folder that only shows its own.
[[nodiscard]] Task<Result<std::vector<OtherSource>>>
other_sources(Exchange& exchange, const FolderRef& ref);

/// Adds to the folders those whose items they show.
[[nodiscard]] Task<Result<std::set<FolderRef>>>
with_sources(Exchange& exchange, std::set<FolderRef> folders);

/// Whether an item of `source` may be named with the folder that a request names.
[[nodiscard]] Task<Result<bool>>
shows_items_of(Exchange& exchange, const FolderRef& named, const FolderRef& source);

/// A folder's name: a foreign one has its owner's in it.
[[nodiscard]] std::string folder_title(
    const Exchange& exchange, bool own, const std::string& owner,
    const model::Collection& collection
);

} // namespace lockstep::activesync
