// Names on the wire: folder ids, item ids and folder types.
// Invariants: ids never change with a rename; an id names its owner, and whoever uses it is checked
// for the right (W12).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/model.hpp"

namespace lockstep::activesync {

/// "12" for the account's own folder, "5.12" for one of owner 5.
struct FolderRef {
    model::AccountId owner;
    model::CollectionId collection;
    friend auto operator<=>(const FolderRef&, const FolderRef&) = default;
};
[[nodiscard]] std::string folder_id(const FolderRef& ref, model::AccountId self);
[[nodiscard]] std::optional<FolderRef>
parse_folder_id(std::string_view text, model::AccountId self);

/// "12:33", "5.12:33".
struct ItemRef {
    FolderRef folder;
    model::Uid uid;
};
[[nodiscard]] std::string item_id(const FolderRef& folder, model::Uid uid, model::AccountId self);
[[nodiscard]] std::optional<ItemRef> parse_item_id(std::string_view text, model::AccountId self);

/// Type of a folder (MS-ASCMD 2.2.3.186.3). Foreign folders and those without a role are
/// user-created ones.
[[nodiscard]] int folder_type(const model::Collection& collection, bool own);
/// The class of a user-created type that FolderCreate names; none for types that cannot be made.
[[nodiscard]] std::optional<model::ItemClass> class_of_type(int type);
/// "Email", "Calendar", ...
[[nodiscard]] std::string_view class_name(model::ItemClass item_class);
[[nodiscard]] std::optional<model::ItemClass> class_of_name(std::string_view name);

} // namespace lockstep::activesync
