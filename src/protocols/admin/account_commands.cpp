// Accounts: people's mailboxes, their passwords, aliases, quotas and switches.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "directory/administrators.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {

Task<Result<Answer>> Commands::account_add(const Request& request) {
    directory::NewAccount wanted;
    wanted.address = request.arg("address");
    wanted.name = request.arg("name");
    if (wanted.name.empty())
        wanted.name = wanted.address.substr(0, wanted.address.find('@'));
    if (const auto language = request.arg("language"); !language.empty())
        wanted.language = language;
    if (const auto zone = request.arg("zone"); !zone.empty())
        wanted.zone = zone;
    if (const auto kind = request.arg("kind"); kind == "resource")
        wanted.kind = model::AccountKind::resource;
    else if (!kind.empty() && kind != "person")
        co_return fail(Code::bad_value, "--kind is person or resource");
    // Nobody signs in as a room.
    if (request.arg("password").empty() && wanted.kind == model::AccountKind::person)
        co_return fail(Code::bad_value, "an account needs a password");
    wanted.password = Secret<std::string>(std::string(request.arg("password")));
    CO_TRY(const auto account, co_await directory_.add_account(std::move(wanted)));
    co_return Answer{fmt::format("The account {} is ready.", account.address), {}, {}};
}

Task<Result<Answer>> Commands::account_list(const Request&) {
    CO_TRY(const auto accounts, co_await directory_.accounts());
    Answer answer{"", {"address", "name", "kind", "language", "quota", "protocols", "enabled"}, {}};
    for (const auto& account : accounts) {
        if (account.kind == model::AccountKind::group)
            continue;
        answer.rows.push_back(
            {account.address, account.name, std::string(kind_name(account.kind)), account.language,
             account.quota_bytes, doors_text(account.doors), account.enabled}
        );
    }
    co_return answer;
}

Task<Result<Answer>> Commands::account_remove(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_CHECK_OK(co_await directory_.remove_account(account.id));
    co_return Answer{
        fmt::format("The account {} is removed with everything in it.", account.address), {}, {}
    };
}

Task<Result<Answer>> Commands::account_password(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    if (request.arg("password").empty())
        co_return fail(Code::bad_value, "the password is empty");
    auto password = Secret<std::string>(std::string(request.arg("password")));
    CO_CHECK_OK(co_await directory_.set_password(account.id, std::move(password)));
    co_return Answer{fmt::format("{} has a new password.", account.address), {}, {}};
}

Task<Result<Answer>> Commands::account_quota(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto bytes, parse_size(request.arg("size")));
    CO_CHECK_OK(co_await directory_.set_quota(account.id, bytes));
    const auto text = bytes == 0 ? fmt::format("{} has no limit.", account.address)
                                 : fmt::format("{} may hold {} bytes.", account.address, bytes);
    co_return Answer{text, {}, {}};
}

Task<Result<Answer>> Commands::switch_doors(const Request& request, bool on) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    if (request.arg("protocol").empty()) {
        CO_CHECK_OK(co_await directory_.set_enabled(account.id, on));
        co_return Answer{
            fmt::format("{} is {}.", account.address, on ? "enabled" : "disabled"), {}, {}
        };
    }
    CO_TRY(const auto doors, parse_doors(request.arg("protocol")));
    const auto left = on ? account.doors | doors : account.doors & ~doors;
    CO_CHECK_OK(co_await directory_.set_doors(account.id, left));
    co_return Answer{
        fmt::format("{} may use: {}.", account.address, left == 0 ? "nothing" : doors_text(left)),
        {},
        {}
    };
}

Task<Result<Answer>> Commands::account_enable(const Request& request) {
    auto answer = co_await switch_doors(request, true);
    co_return answer;
}

Task<Result<Answer>> Commands::account_disable(const Request& request) {
    auto answer = co_await switch_doors(request, false);
    co_return answer;
}

Task<Result<Answer>> Commands::account_admin(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    const auto wanted = request.arg("on-off");
    if (wanted != "on" && wanted != "off")
        co_return fail(Code::bad_value, "it is on or off");
    CO_CHECK_OK(co_await directory::set_administrator(directory_, account.id, wanted == "on"));
    co_return Answer{
        fmt::format(
            "{} {} this server from the web.", account.address,
            wanted == "on" ? "administrates" : "no longer administrates"
        ),
        {},
        {}
    };
}

Task<Result<Answer>> Commands::alias_add(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    auto alias = std::string(request.arg("alias"));
    CO_CHECK_OK(co_await directory_.add_alias(account.id, std::move(alias)));
    co_return Answer{
        fmt::format("Mail for {} goes to {}.", request.arg("alias"), account.address), {}, {}
    };
}

Task<Result<Answer>> Commands::alias_list(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto addresses, co_await directory_.addresses(account.id));
    Answer answer{"", {"address"}, {}};
    for (const auto& address : addresses)
        answer.rows.push_back({address});
    co_return answer;
}

Task<Result<Answer>> Commands::alias_remove(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    auto alias = std::string(request.arg("alias"));
    CO_CHECK_OK(co_await directory_.remove_alias(account.id, std::move(alias)));
    co_return Answer{
        fmt::format("{} no longer goes to {}.", request.arg("alias"), account.address), {}, {}
    };
}

Task<Result<Answer>> Commands::app_password_add(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    auto scope = directory::kAllDoors;
    if (const auto names = request.arg("scope"); !names.empty()) {
        CO_TRY(scope, parse_doors(names));
    }
    auto name = std::string(request.arg("name"));
    CO_TRY(const auto password, co_await directory_.add_app_password(account.id, name, scope));
    co_return Answer{"It is shown this once.", {"name", "password"}, {{name, password.reveal()}}};
}

Task<Result<Answer>> Commands::app_password_list(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto passwords, co_await directory_.app_passwords(account.id));
    Answer answer{"", {"id", "name", "scope", "created"}, {}};
    for (const auto& password : passwords) {
        answer.rows.push_back(
            {password.id, password.name, doors_text(password.scope), time_text(password.created_us)}
        );
    }
    co_return answer;
}

Task<Result<Answer>> Commands::app_password_remove(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto passwords, co_await directory_.app_passwords(account.id));
    const auto wanted = request.arg("name");
    auto named = passwords;
    std::erase_if(named, [&](const auto& password) { return password.name != wanted; });
    if (named.empty()) {
        named = passwords;
        std::erase_if(named, [&](const auto& password) {
            return std::to_string(password.id) != wanted;
        });
    }
    if (named.empty())
        co_return fail(
            Code::not_found, fmt::format("{} has no app password '{}'", account.address, wanted)
        );
    if (named.size() > 1) {
        co_return fail(
            Code::conflict, fmt::format(
                                "{} has {} app passwords '{}': give the id of one", account.address,
                                named.size(), wanted
                            )
        );
    }
    CO_CHECK_OK(co_await directory_.remove_app_password(account.id, named.front().id));
    co_return Answer{
        fmt::format("The app password '{}' of {} is removed.", named.front().name, account.address),
        {},
        {}
    };
}

} // namespace lockstep::admin
