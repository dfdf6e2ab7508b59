// Devices: which phones synchronise, and forgetting one.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {

namespace {

std::unexpected<Error> no_devices() {
    return fail(Code::unsupported, "devices are not offered here");
}

std::unexpected<Error> no_such_device(const directory::Account& account, std::string_view id) {
    return fail(Code::not_found, fmt::format("{} has no device '{}'", account.address, id));
}

} // namespace

Task<Result<Answer>> Commands::device_list(const Request& request) {
    if (!lent_.devices)
        co_return no_devices();
    std::vector<directory::Account> accounts;
    if (!request.arg("address").empty()) {
        CO_TRY(auto account, co_await account_of(request, "address", false));
        accounts.push_back(std::move(account));
    } else {
        CO_TRY(accounts, co_await directory_.accounts());
    }
    Answer answer{"", {"address", "device", "name", "kind", "version", "state", "seen"}, {}};
    for (const auto& account : accounts) {
        if (account.kind != model::AccountKind::person)
            continue;
        CO_TRY(const auto devices, co_await lent_.devices(account.id));
        for (const auto& device : devices) {
            answer.rows.push_back(
                {account.address, device.id, device.title, device.kind, device.version,
                 device.state, time_text(device.seen_us)}
            );
        }
    }
    co_return answer;
}

Task<Result<Answer>> Commands::device_show(const Request& request) {
    if (!lent_.devices)
        co_return no_devices();
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto devices, co_await lent_.devices(account.id));
    const auto found = std::ranges::find(devices, request.arg("device"), &DeviceFacts::id);
    if (found == devices.end())
        co_return no_such_device(account, request.arg("device"));
    co_return Answer{
        "",
        {"address", "device", "name", "kind", "agent", "version", "info", "state", "holds",
         "created", "seen"},
        {{account.address, found->id, found->title, found->kind, found->agent, found->version,
          found->info, found->state, found->holds, time_text(found->created_us),
          time_text(found->seen_us)}}
    };
}

Task<Result<Answer>> Commands::device_remove(const Request& request) {
    if (!lent_.devices || !lent_.remove_device)
        co_return no_devices();
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto devices, co_await lent_.devices(account.id));
    const std::string id(request.arg("device"));
    if (std::ranges::find(devices, id, &DeviceFacts::id) == devices.end())
        co_return no_such_device(account, id);
    CO_CHECK_OK(co_await lent_.remove_device(account.id, id));
    co_return Answer{
        fmt::format(
            "The device {} of {} is forgotten; it must set itself up anew.", id, account.address
        ),
        {},
        {}
    };
}

} // namespace lockstep::admin
