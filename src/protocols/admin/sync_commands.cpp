// What devices get: settings of an account or one device, and what they come to.
#include <array>

#include <fmt/format.h>

#include "office/devices.hpp"
#include "office/folders.hpp"
#include "office/sync_policy.hpp"
#include "protocols/admin/office_commands.hpp"

namespace lockstep::admin {
namespace {

/// The settings of the account, and of its device when the request names one.
struct Both {
    office::SyncSettings account;
    office::SyncSettings device;
    office::SyncPolicy policy;
};

Task<Result<Both>>
read_both(office::Office& office, const directory::Account& account, std::string device) {
    if (!device.empty())
        CO_CHECK_OK(co_await office::device_of(office, account.id, device));
    std::function<Result<Both>(store::Snapshot&)> work =
        [id = account.id, device](store::Snapshot& snapshot) -> Result<Both> {
        Both both;
        both.account = office::read_sync_settings(snapshot, id, {});
        if (!device.empty())
            both.device = office::read_sync_settings(snapshot, id, device);
        both.policy = office::sync_policy(snapshot, id, device);
        return both;
    };
    co_return co_await office.db.read<Both>(account.id, std::move(work));
}

Task<Result<Answer>> sync_show(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const std::string device(request.arg("device"));
    CO_TRY(const auto both, co_await read_both(office, account, device));
    Answer answer{"", {"setting", "value", "from", "meaning"}, {}};
    for (const auto& each : office::sync_setting_names()) {
        auto value = office::sync_setting_text(both.device, each.name, account.id);
        std::string from = "device";
        if (value.empty()) {
            value = office::sync_setting_text(both.account, each.name, account.id);
            from = "account";
        }
        if (value.empty()) {
            value = "all";
            from = "default";
        }
        answer.rows.push_back({std::string(each.name), value, from, std::string(each.doc)});
    }
    co_return answer;
}

Task<Result<Answer>> sync_set(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const std::string name(request.arg("setting"));
    const std::string value(request.arg("value"));
    if (value.empty())
        co_return fail(Code::bad_value, "the value is missing");
    std::string device(request.arg("device"));
    CO_CHECK_OK(co_await office::set_sync(office, account.id, std::move(device), name, value));
    co_return said(fmt::format("{} of {}: {}.", name, account.address, value));
}

Task<Result<Answer>> sync_unset(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const std::string name(request.arg("setting"));
    std::string device(request.arg("device"));
    CO_CHECK_OK(co_await office::set_sync(office, account.id, std::move(device), name, {}));
    co_return said(fmt::format("{} of {} is as it was by itself.", name, account.address));
}

Task<Result<Answer>> sync_preview(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    std::string device(request.arg("device"));
    CO_TRY(auto both, co_await read_both(office, account, std::move(device)));
    CO_TRY(
        const auto folders, co_await office::preview_sync(office, account, std::move(both.policy))
    );
    Answer answer{"", {"folder", "name", "owner", "shown", "items", "total"}, {}};
    for (const auto& each : folders) {
        const auto& folder = each.folder.collection;
        const auto number = std::to_string(folder.id.value);
        answer.rows.push_back(
            {each.folder.own ? number : std::to_string(folder.owner.value) + "." + number,
             office::shown_name(folder, account.language), each.folder.owner_name, each.shown,
             each.inside, each.total}
        );
    }
    co_return answer;
}

constexpr std::array kSync = {
    OfficeCommand{"sync show", sync_show},
    OfficeCommand{"sync set", sync_set},
    OfficeCommand{"sync unset", sync_unset},
    OfficeCommand{"sync preview", sync_preview},
};

} // namespace

std::span<const OfficeCommand> sync_commands() { return kSync; }

} // namespace lockstep::admin
