// AddressBook: folders of cards.
// Spec: RFC 9610 2.
#include <array>

#include "protocols/jmap/folder_facts.hpp"
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/methods_groupware.hpp"

namespace lockstep::jmap {
namespace {

using model::Right;

json::Object address_book_rights(Right right, bool fixed) {
    return {
        {"mayRead", right >= Right::read},
        {"mayWrite", right >= Right::edit},
        {"mayShare", right >= Right::own},
        {"mayDelete", right >= Right::own && !fixed},
    };
}

Right right_of_address_book(const json::Object& rights) {
    const auto has = [&](std::string_view name) { return has_right(rights, name); };
    if (has("mayShare"))
        return Right::own;
    if (has("mayWrite"))
        return Right::edit;
    return has("mayRead") ? Right::read : Right::none;
}

const std::array<FactMember, 2> kAddressBookFacts{
    {{"description", nullptr, is_text, true}, {"sortOrder", 0, is_sort_order}}
};

const FolderKind kAddressBooks{"AddressBook",
                               model::ItemClass::contact,
                               "onDestroyRemoveContents",
                               "addressBookHasContents",
                               kAddressBookFacts,
                               address_book_rights,
                               right_of_address_book};

} // namespace

Task<Outcome> address_book_get(Call& call, const json::Object& arguments) {
    co_return co_await get_folders(call, arguments, kAddressBooks);
}
Task<Outcome> address_book_changes(Call& call, const json::Object& arguments) {
    co_return co_await folder_changes(call, arguments, kAddressBooks);
}
Task<Outcome> address_book_set(Call& call, const json::Object& arguments) {
    co_return co_await set_folders(call, arguments, kAddressBooks);
}

} // namespace lockstep::jmap
