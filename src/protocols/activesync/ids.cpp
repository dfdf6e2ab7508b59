// Reading and writing of ids and types.
#include "protocols/activesync/ids.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace lockstep::activesync {
namespace {

using model::ItemClass;
using model::Role;

std::optional<std::int64_t> positive(std::string_view text) {
    const auto value = parse_int(text);
    // A leading zero would give one folder several names.
    if (!value || *value <= 0 || text.front() == '0')
        return std::nullopt;
    return value;
}

} // namespace

std::string folder_id(const FolderRef& ref, model::AccountId self) {
    if (ref.owner == self)
        return std::to_string(ref.collection.value);
    return fmt::format("{}.{}", ref.owner.value, ref.collection.value);
}

std::optional<FolderRef> parse_folder_id(std::string_view text, model::AccountId self) {
    FolderRef ref{self, {}};
    if (const auto dot = text.find('.'); dot != std::string_view::npos) {
        const auto owner = positive(text.substr(0, dot));
        if (!owner || *owner == self.value)
            return std::nullopt;
        ref.owner = model::AccountId{*owner};
        text.remove_prefix(dot + 1);
    }
    const auto collection = positive(text);
    if (!collection)
        return std::nullopt;
    ref.collection = model::CollectionId{*collection};
    return ref;
}

std::string item_id(const FolderRef& folder, model::Uid uid, model::AccountId self) {
    return fmt::format("{}:{}", folder_id(folder, self), uid.value);
}

std::optional<ItemRef> parse_item_id(std::string_view text, model::AccountId self) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const auto folder = parse_folder_id(text.substr(0, colon), self);
    const auto uid = positive(text.substr(colon + 1));
    if (!folder || !uid)
        return std::nullopt;
    return ItemRef{*folder, model::Uid{*uid}};
}

int folder_type(const model::Collection& collection, bool own) {
    if (own) {
        switch (collection.role) {
        case Role::inbox:
            return 2;
        case Role::drafts:
            return 3;
        case Role::trash:
            return 4;
        case Role::sent:
            return 5;
        case Role::outbox:
            return 6;
        case Role::todos:
            return 7;
        case Role::calendar:
            return 8;
        case Role::contacts:
            return 9;
        case Role::notes:
            return 10;
        case Role::none:
        case Role::junk:
        case Role::archive:
        case Role::detained:
            break;
        }
    }
    switch (collection.item_class) {
    case ItemClass::mail:
        return 12;
    case ItemClass::event:
        return 13;
    case ItemClass::contact:
        return 14;
    case ItemClass::todo:
        return 15;
    case ItemClass::note:
        return 17;
    }
    return 18;
}

std::optional<ItemClass> class_of_type(int type) {
    switch (type) {
    case 1:
    case 12:
        return ItemClass::mail;
    case 13:
        return ItemClass::event;
    case 14:
        return ItemClass::contact;
    case 15:
        return ItemClass::todo;
    case 17:
        return ItemClass::note;
    default:
        return std::nullopt;
    }
}

std::string_view class_name(ItemClass item_class) {
    switch (item_class) {
    case ItemClass::mail:
        return "Email";
    case ItemClass::event:
        return "Calendar";
    case ItemClass::contact:
        return "Contacts";
    case ItemClass::todo:
        return "Tasks";
    case ItemClass::note:
        return "Notes";
    }
    return "";
}

std::optional<ItemClass> class_of_name(std::string_view name) {
    for (const auto each :
         {ItemClass::mail, ItemClass::event, ItemClass::contact, ItemClass::todo, ItemClass::note})
        if (class_name(each) == name)
            return each;
    return std::nullopt;
}

} // namespace lockstep::activesync
