// Address books, calendars, task lists and notebooks: folders of one class as JMAP shows them.
// Spec: RFC 9610 2; draft-ietf-jmap-calendars 4; RFC 9670 4 (shareWith, myRights).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "office/folder_facts.hpp"
#include "office/rights.hpp"
#include "protocols/jmap/call.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {

/// A member that each person sets for itself.
struct FactMember {
    std::string_view name;
    json::Value standard; ///< when nothing is set
    /// Whether it may have this value; null is the standard.
    bool (*may_be)(const json::Value& value);
    bool inherited = false;       ///< from the owner, until the viewer sets its own
    const char* shared = nullptr; ///< the standard in folders of others; null: the same
};

struct FolderKind {
    std::string_view type; ///< "AddressBook"
    model::ItemClass item_class;
    std::string_view destroy_argument; ///< "onDestroyRemoveContents"
    std::string_view not_empty;        ///< "addressBookHasContents"
    std::span<const FactMember> facts;
    /// What a right lets do, in the type's words. `fixed`: a folder with a role.
    json::Object (*rights)(model::Right right, bool fixed);
    /// The greatest right whose words are all among those given.
    model::Right (*right_of)(const json::Object& rights);
};

[[nodiscard]] Task<Outcome>
get_folders(Call& call, const json::Object& arguments, const FolderKind& kind);
[[nodiscard]] Task<Outcome>
folder_changes(Call& call, const json::Object& arguments, const FolderKind& kind);
[[nodiscard]] Task<Outcome>
set_folders(Call& call, const json::Object& arguments, const FolderKind& kind);

/// Every folder of the kind with all its members, and the state.
struct ShownFolders {
    std::vector<model::Collection> collections;
    std::vector<json::Object> objects; ///< one for each
    std::string state;
};
[[nodiscard]] Task<std::expected<ShownFolders, MethodError>>
show_folders(Call& call, const office::Owner& owner, const FolderKind& kind);

/// "shareWith" of a folder: principals and their rights; null when it is shared with nobody, or is
/// not the actor's to share.
[[nodiscard]] Task<Result<json::Value>> share_with(
    Call& call, const office::Owner& owner, model::CollectionId folder,
    json::Object (*rights)(model::Right right, bool fixed)
);
/// Brings the grants to what a patch of "shareWith" says: a map in its place, or single members
/// ("shareWith/PRINCIPAL", "shareWith/PRINCIPAL/RIGHT").
[[nodiscard]] Task<std::optional<MethodError>> set_share_with(
    Call& call, const office::Owner& owner, model::CollectionId folder, const json::Object& patch,
    json::Object (*rights)(model::Right right, bool fixed),
    model::Right (*right_of)(const json::Object& rights)
);

} // namespace lockstep::jmap
