// What is done with devices, and its traces in the logs.
#include "office/devices.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Snapshot;
using store::Txn;

constexpr std::int64_t kAccountOnlySince = 161;

/// One entry in the device's log, and one in the server's.
void note(
    Txn& txn, Office& office, AccountId account, const Device& device, std::string_view event,
    std::string text
) {
    log::info(
        event, {{"account", std::to_string(account.value)}, {"device", device.id}, {"text", text}}
    );
    add_device_event(txn, account, device.id, {office.clock.now_us(), std::move(text)});
}

/// Reads the row, lets `act` change it, writes it, and wakes the device.
Task<Result<>> with_device(
    Office& office, AccountId account, std::string id, std::function<Result<>(Txn&, Device&)> act
) {
    std::function<Result<bool>(Txn&)> work = [=, act = std::move(act)](Txn& txn) -> Result<bool> {
        auto device = find_device(txn, account, id);
        if (!device)
            return fail(Code::not_found, "there is no device " + id);
        CHECK_OK(act(txn, *device));
        put_device(txn, account, *device);
        return true;
    };
    CO_TRY(const auto done, co_await office.db.write<bool>(account, std::move(work)));
    static_cast<void>(done);
    office.directory.tell_visibility(account);
    co_return Result<>();
}

void set_wipe(Office& office, Device& device, WipeKind kind, WipeState state) {
    device.wipe_kind = static_cast<std::int64_t>(kind);
    device.wipe_state = static_cast<std::int64_t>(state);
    device.wipe_us = office.clock.now_us();
}

/// The device holds nothing any more, and has acknowledged no policy.
void end_partnership(Txn& txn, AccountId account, Device& device) {
    store::drop_sync_states(txn, account, device.id);
    device.policy_key = 0;
    device.policy_state = 0;
    device.policy_mark = 0;
}

} // namespace

std::string_view name_of(Access access) {
    switch (access) {
    case Access::allowed:
        return "allowed";
    case Access::blocked:
        return "blocked";
    case Access::quarantined:
        return "waits for approval";
    }
    return "blocked";
}

std::string_view name_of(WipeKind kind) {
    switch (kind) {
    case WipeKind::none:
        return "none";
    case WipeKind::account_only:
        return "account";
    case WipeKind::full:
        return "device";
    }
    return "none";
}

std::string_view name_of(WipeState state) {
    switch (state) {
    case WipeState::none:
        return "none";
    case WipeState::ordered:
        return "ordered";
    case WipeState::sent:
        return "sent";
    case WipeState::acknowledged:
        return "acknowledged";
    case WipeState::failed:
        return "failed";
    }
    return "none";
}

void wipe_sent(Txn& txn, Office& office, AccountId account, Device& device) {
    const auto wipe = wipe_of(device);
    if (!wipe_is_due(device) || wipe.state == WipeState::sent)
        return;
    set_wipe(office, device, wipe.kind, WipeState::sent);
    put_device(txn, account, device);
    note(txn, office, account, device, "device.wipe_sent", "Told to erase itself");
}

Result<> wipe_answered(Txn& txn, Office& office, AccountId account, Device& device, bool success) {
    const auto wipe = wipe_of(device);
    if (wipe.state == WipeState::acknowledged)
        return {};
    if (wipe.state != WipeState::sent && wipe.state != WipeState::failed)
        return fail(Code::conflict, "the device was not told to wipe");
    set_wipe(office, device, wipe.kind, success ? WipeState::acknowledged : WipeState::failed);
    if (success) {
        end_partnership(txn, account, device);
        device.status = static_cast<std::int64_t>(Access::blocked);
    }
    put_device(txn, account, device);
    note(
        txn, office, account, device, success ? "device.wiped" : "device.wipe_failed",
        success ? "Says that it erased itself; blocked until it is allowed again"
                : "Says that it could not erase itself"
    );
    return {};
}

Task<Result<>> order_wipe(
    Office& office, AccountId account, std::string device, WipeKind kind, std::string by,
    std::string reason
) {
    if (kind == WipeKind::none)
        co_return fail(Code::bad_value, "no kind of wipe");
    std::function<Result<>(Txn&, Device&)> act = [&office, account, kind, by,
                                                  reason](Txn& txn, Device& row) -> Result<> {
        if (kind == WipeKind::account_only && row.version < kAccountOnlySince)
            return fail(
                Code::unsupported,
                "only devices with protocol 16.1 can erase one account; this one speaks " +
                    fmt::format("{}.{}", row.version / 10, row.version % 10)
            );
        set_wipe(office, row, kind, WipeState::ordered);
        note(
            txn, office, account, row, "device.wipe_ordered",
            fmt::format(
                "{} ordered it to erase {}{}", by,
                kind == WipeKind::full ? "everything" : "this account",
                reason.empty() ? "" : ": " + reason
            )
        );
        return {};
    };
    co_return co_await with_device(office, account, std::move(device), std::move(act));
}

Task<Result<>>
call_back_wipe(Office& office, AccountId account, std::string device, std::string by) {
    std::function<Result<>(Txn&, Device&)> act = [&office, account,
                                                  by](Txn& txn, Device& row) -> Result<> {
        if (!wipe_is_due(row))
            return fail(Code::conflict, "no wipe is under way");
        set_wipe(office, row, WipeKind::none, WipeState::none);
        note(txn, office, account, row, "device.wipe_called_back", by + " called the wipe back");
        return {};
    };
    co_return co_await with_device(office, account, std::move(device), std::move(act));
}

Task<Result<>>
set_access(Office& office, AccountId account, std::string device, Access access, std::string by) {
    std::function<Result<>(Txn&, Device&)> act = [&office, account, access,
                                                  by](Txn& txn, Device& row) -> Result<> {
        if (access == Access::allowed && wipe_is_due(row))
            return fail(Code::conflict, "a wipe is under way: call it back first");
        if (access == Access::allowed && wipe_of(row).state == WipeState::acknowledged)
            set_wipe(office, row, WipeKind::none, WipeState::none);
        row.status = static_cast<std::int64_t>(access);
        note(
            txn, office, account, row, "device.access",
            fmt::format("{} decided: {}", by, name_of(access))
        );
        return {};
    };
    co_return co_await with_device(office, account, std::move(device), std::move(act));
}

Task<Result<>> set_paused(Office& office, AccountId account, std::string device, bool paused) {
    std::function<Result<>(Txn&, Device&)> act = [&office, account,
                                                  paused](Txn& txn, Device& row) -> Result<> {
        if (row.paused == paused)
            return {};
        row.paused = paused;
        note(
            txn, office, account, row, "device.paused",
            paused ? "Paused: gets nothing new, what it sends is taken" : "Goes on"
        );
        return {};
    };
    co_return co_await with_device(office, account, std::move(device), std::move(act));
}

Task<Result<>>
rename_device(Office& office, AccountId account, std::string device, std::string title) {
    const auto cleaned = std::string(trim(clean_utf8(title)));
    if (cleaned.size() > limits::kDeviceTitle)
        co_return fail(Code::bad_value, "a device's name has at most 100 bytes");
    std::function<Result<>(Txn&, Device&)> act = [cleaned](Txn&, Device& row) -> Result<> {
        row.title = cleaned;
        return {};
    };
    co_return co_await with_device(office, account, std::move(device), std::move(act));
}

Task<Result<>> restart_sync(Office& office, AccountId account, std::string device) {
    std::function<Result<>(Txn&, Device&)> act = [&office,
                                                  account](Txn& txn, Device& row) -> Result<> {
        store::drop_sync_states(txn, account, row.id);
        note(txn, office, account, row, "device.restarted", "Loads everything anew");
        return {};
    };
    co_return co_await with_device(office, account, std::move(device), std::move(act));
}

Task<Result<>> forget_device(Office& office, AccountId account, std::string device) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (!store::remove_device(txn, account, device))
            return fail(Code::not_found, "there is no device " + device);
        return true;
    };
    CO_TRY(const auto removed, co_await office.db.write<bool>(account, std::move(work)));
    static_cast<void>(removed);
    log::info("device.forgotten", {{"account", std::to_string(account.value)}, {"device", device}});
    office.directory.tell_visibility(account);
    co_return Result<>();
}

Task<Result<Device>> device_of(Office& office, AccountId account, std::string device) {
    std::function<Result<Device>(Snapshot&)> work = [=](Snapshot& snapshot) -> Result<Device> {
        auto found = find_device(snapshot, account, device);
        if (!found)
            return fail(Code::not_found, "there is no device " + device);
        return std::move(*found);
    };
    co_return co_await office.db.read<Device>(account, std::move(work));
}

Task<Result<std::vector<Device>>> devices_of(Office& office, AccountId account) {
    std::function<Result<std::vector<Device>>(Snapshot&)> work = [account](Snapshot& snapshot
                                                                 ) -> Result<std::vector<Device>> {
        return list_devices(snapshot, account);
    };
    co_return co_await office.db.read<std::vector<Device>>(account, std::move(work));
}

Task<Result<std::vector<DeviceEvent>>>
device_log(Office& office, AccountId account, std::string device) {
    std::function<Result<std::vector<DeviceEvent>>(Snapshot&)> work =
        [=](Snapshot& snapshot) -> Result<std::vector<DeviceEvent>> {
        return list_device_events(snapshot, account, device);
    };
    co_return co_await office.db.read<std::vector<DeviceEvent>>(account, std::move(work));
}

} // namespace lockstep::office
