// Folders of an account or group, and who else may use them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/folders.hpp"
#include "office/rights.hpp"
#include "protocols/admin/office_commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

using model::ItemClass;

constexpr std::array<std::pair<std::string_view, ItemClass>, 5> kKinds{
    {{"mail", ItemClass::mail},
     {"calendar", ItemClass::event},
     {"contacts", ItemClass::contact},
     {"tasks", ItemClass::todo},
     {"notes", ItemClass::note}}
};

std::string_view class_text(ItemClass item_class) {
    return kKinds[static_cast<std::size_t>(item_class) - 1].first;
}

Task<Result<Answer>> folder_list(office::Office& office, Request request) {
    CO_TRY(const auto owner, co_await owner_of(office, request, "address"));
    CO_TRY(const auto folders, co_await office::all_folders(office, owner.id));
    Answer answer{"", {"folder", "name", "kind", "items"}, {}};
    for (const auto& each : folders)
        answer.rows.push_back(
            {each.id.value, each.name, std::string(class_text(each.item_class)), each.total}
        );
    co_return answer;
}

Task<Result<Answer>> folder_add(office::Office& office, Request request) {
    CO_TRY(const auto owner, co_await owner_of(office, request, "address"));
    const auto kind = request.arg("kind").empty() ? "calendar" : request.arg("kind");
    const auto found =
        std::ranges::find(kKinds, kind, &std::pair<std::string_view, ItemClass>::first);
    if (found == kKinds.end())
        co_return fail(
            Code::bad_value,
            fmt::format("'{}' is none of: mail, calendar, contacts, tasks, notes", kind)
        );
    const office::Actor actor{owner, {}};
    const std::string name(request.arg("name"));
    CO_TRY(const auto made, co_await office::create_folder(office, actor, {}, found->second, name));
    co_return said(fmt::format("{} has the folder {} '{}'.", owner.address, made.id.value, name));
}

Task<Result<Answer>> folder_remove(office::Office& office, Request request) {
    CO_TRY(const auto owner, co_await owner_of(office, request, "address"));
    CO_TRY(const auto folder, co_await folder_of(office, request, "folder", owner));
    CO_CHECK_OK(co_await office::remove_folder(office, {owner, {}}, folder));
    co_return said(fmt::format("The folder {} of {} is removed.", folder.value, owner.address));
}

Task<Result<Answer>> share_list(office::Office& office, Request request) {
    CO_TRY(const auto owner, co_await owner_of(office, request, "address"));
    CO_TRY(const auto shares, co_await office.directory.shares(owner.id));
    CO_TRY(const auto folders, co_await office::all_folders(office, owner.id));
    Answer answer{"", {"folder", "name", "with", "right"}, {}};
    for (const auto& each : shares) {
        const auto found = std::ranges::find(folders, each.collection, &model::Collection::id);
        if (each.collection && found == folders.end())
            continue;
        answer.rows.push_back(
            {each.collection.value, each.collection ? found->name : std::string("(all)"),
             each.grantee.address, std::string(right_name(each.right))}
        );
    }
    co_return answer;
}

Task<Result<Answer>> share_grant(office::Office& office, Request request) {
    CO_TRY(const auto owner, co_await owner_of(office, request, "address"));
    CO_TRY(const auto grantee, co_await owner_of(office, request, "with"));
    CO_TRY(const auto folder, co_await folder_of(office, request, "folder", owner));
    auto right = model::Right::read;
    if (const auto name = request.arg("right"); !name.empty()) {
        CO_TRY(right, parse_right(name));
    }
    CO_CHECK_OK(co_await office::grant(office, {owner, {}}, owner.id, folder, grantee.id, right));
    co_return said(fmt::format(
        "{} has the right '{}' on {} of {}.", grantee.address, right_name(right),
        folder ? fmt::format("folder {}", folder.value) : std::string("all folders"), owner.address
    ));
}

Task<Result<Answer>> share_revoke(office::Office& office, Request request) {
    CO_TRY(const auto owner, co_await owner_of(office, request, "address"));
    CO_TRY(const auto grantee, co_await owner_of(office, request, "with"));
    CO_TRY(const auto folder, co_await folder_of(office, request, "folder", owner));
    CO_CHECK_OK(co_await office::revoke(office, {owner, {}}, owner.id, folder, grantee.id));
    co_return said(fmt::format("{} no longer has that right.", grantee.address));
}

constexpr std::array kSharing = {
    OfficeCommand{"folder list", folder_list},     OfficeCommand{"folder add", folder_add},
    OfficeCommand{"folder remove", folder_remove}, OfficeCommand{"share list", share_list},
    OfficeCommand{"share grant", share_grant},     OfficeCommand{"share revoke", share_revoke},
};

} // namespace

std::span<const OfficeCommand> sharing_commands() { return kSharing; }

Task<Result<directory::Account>>
owner_of(office::Office& office, const Request& request, std::string_view name) {
    std::string address(request.arg(name));
    if (address.empty())
        co_return fail(Code::bad_value, fmt::format("the argument {} is missing", name));
    co_return co_await office.directory.find(std::move(address));
}

Task<Result<model::CollectionId>> folder_of(
    office::Office& office, const Request& request, std::string_view name,
    const directory::Account& owner
) {
    const auto wanted = request.arg(name);
    if (wanted.empty())
        co_return model::CollectionId{};
    CO_TRY(const auto folders, co_await office::all_folders(office, owner.id));
    std::vector<model::CollectionId> named;
    for (const auto& each : folders) {
        if (std::to_string(each.id.value) == wanted)
            co_return each.id;
        if (each.name == wanted)
            named.push_back(each.id);
    }
    if (named.empty())
        co_return fail(
            Code::not_found, fmt::format("{} has no folder '{}'", owner.address, wanted)
        );
    if (named.size() > 1)
        co_return fail(
            Code::conflict, fmt::format(
                                "{} has {} folders '{}': give the number of one", owner.address,
                                named.size(), wanted
                            )
        );
    co_return named.front();
}

} // namespace lockstep::admin
