// Groups and their members.
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {

Task<Result<Answer>> Commands::group_add(const Request& request) {
    directory::NewAccount wanted;
    wanted.kind = model::AccountKind::group;
    wanted.address = request.arg("group");
    wanted.name = request.arg("name");
    if (wanted.name.empty())
        wanted.name = wanted.address.substr(0, wanted.address.find('@'));
    CO_TRY(const auto group, co_await directory_.add_account(std::move(wanted)));
    co_return Answer{fmt::format("The group {} is ready.", group.address), {}, {}};
}

Task<Result<Answer>> Commands::group_list(const Request&) {
    CO_TRY(const auto accounts, co_await directory_.accounts());
    Answer answer{"", {"address", "name", "members"}, {}};
    for (const auto& account : accounts) {
        if (account.kind != model::AccountKind::group)
            continue;
        CO_TRY(const auto members, co_await directory_.members(account.id));
        answer.rows.push_back(
            {account.address, account.name, static_cast<std::int64_t>(members.size())}
        );
    }
    co_return answer;
}

Task<Result<Answer>> Commands::group_remove(const Request& request) {
    CO_TRY(const auto group, co_await account_of(request, "group", true));
    CO_CHECK_OK(co_await directory_.remove_account(group.id));
    co_return Answer{
        fmt::format("The group {} is removed with everything in it.", group.address), {}, {}
    };
}

Task<Result<Answer>> Commands::member_add(const Request& request) {
    CO_TRY(const auto group, co_await account_of(request, "group", true));
    CO_TRY(const auto member, co_await account_of(request, "member", false));
    auto right = model::Right::edit;
    if (const auto name = request.arg("right"); !name.empty()) {
        CO_TRY(right, parse_right(name));
    }
    CO_CHECK_OK(co_await directory_.add_member(group.id, member.id, right));
    co_return Answer{fmt::format("{} is a member of {}.", member.address, group.address), {}, {}};
}

Task<Result<Answer>> Commands::member_list(const Request& request) {
    CO_TRY(const auto group, co_await account_of(request, "group", true));
    CO_TRY(const auto members, co_await directory_.members(group.id));
    Answer answer{"", {"address", "name", "right"}, {}};
    for (const auto& member : members) {
        answer.rows.push_back(
            {member.account.address, member.account.name, std::string(right_name(member.right))}
        );
    }
    co_return answer;
}

Task<Result<Answer>> Commands::member_remove(const Request& request) {
    CO_TRY(const auto group, co_await account_of(request, "group", true));
    CO_TRY(const auto member, co_await account_of(request, "member", false));
    CO_CHECK_OK(co_await directory_.remove_member(group.id, member.id));
    co_return Answer{
        fmt::format("{} is no longer a member of {}.", member.address, group.address), {}, {}
    };
}

} // namespace lockstep::admin
