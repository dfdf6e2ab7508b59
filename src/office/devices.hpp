// Device partnerships: a person's phones and tablets, what they may do, and how far a wipe is.
// Spec: hardening W8, W10; MS-ASPROV 3.1.5.1.2 for the steps of a wipe. Invariants: a device
// belongs to one account; its sync states are opaque bytes of the door that wrote them; a wipe goes
// ordered -> sent -> acknowledged or failed and never back, except that it may be called back
// before the device answered. Each step, and whatever a person or administrator decides, stands in
// the device's log and in the server's. Errors: not_found (no such device), conflict (the step does
// not fit the state), bad_value.
#pragma once
#include "office/office.hpp"
#include "store/devices.hpp"

namespace lockstep::office {

using store::add_device_event;
using store::author_of;
using store::Device;
using store::DeviceEvent;
using store::find_device;
using store::find_sync_state;
using store::KeptState;
using store::list_device_events;
using store::list_devices;
using store::list_sync_states;
using store::put_device;
using store::put_sync_state;

/// Device::status.
enum class Access : std::int64_t {
    allowed = 0,
    blocked = 1,     ///< gets nothing until it is allowed again
    quarantined = 2, ///< new, and waits for approval
};
[[nodiscard]] inline Access access_of(const Device& device) {
    return static_cast<Access>(device.status);
}
[[nodiscard]] std::string_view name_of(Access access);

/// Device::wipe_kind.
enum class WipeKind : std::int64_t {
    none = 0,
    account_only = 1, ///< the data of this account; protocol 16.1 and later
    full = 2,         ///< everything on the device
};
/// Device::wipe_state.
enum class WipeState : std::int64_t {
    none = 0,
    ordered = 1,      ///< the device has not come by since
    sent = 2,         ///< it was told, and did not answer yet
    acknowledged = 3, ///< it says that it did so; the partnership is over, the device is blocked
    failed = 4,       ///< it says that it could not; it is told again at its next request
};
struct Wipe {
    WipeKind kind = WipeKind::none;
    WipeState state = WipeState::none;
    std::int64_t at_us = 0; ///< when it reached this state
};
[[nodiscard]] inline Wipe wipe_of(const Device& device) {
    return {
        static_cast<WipeKind>(device.wipe_kind), static_cast<WipeState>(device.wipe_state),
        device.wipe_us
    };
}
/// Whether the device must be told to wipe: it gets nothing else until it has answered.
[[nodiscard]] inline bool wipe_is_due(const Device& device) {
    const auto state = wipe_of(device).state;
    return state == WipeState::ordered || state == WipeState::sent || state == WipeState::failed;
}
[[nodiscard]] std::string_view name_of(WipeKind kind);
[[nodiscard]] std::string_view name_of(WipeState state);

// The door's side of a wipe, inside a job of the device's account. Each changes the row in the
// store and the one given, and writes the log; a repeated one changes nothing.
/// The device is being told now.
void wipe_sent(store::Txn& txn, Office& office, model::AccountId account, Device& device);
/// The device answered. Success ends the partnership: its sync states and policy go, and it is
/// blocked until somebody allows it again (W10). Error conflict when it was not told to wipe.
[[nodiscard]] Result<> wipe_answered(
    store::Txn& txn, Office& office, model::AccountId account, Device& device, bool success
);

// What a person or an administrator does with a device. Each wakes the device.
/// `by` and `reason` go into the logs. Error unsupported: account_only below protocol 16.1.
[[nodiscard]] Task<Result<>> order_wipe(
    Office& office, model::AccountId account, std::string device, WipeKind kind, std::string by,
    std::string reason
);
/// Error conflict once the device has answered.
[[nodiscard]] Task<Result<>>
call_back_wipe(Office& office, model::AccountId account, std::string device, std::string by);
/// Allowing a device that was wiped begins a new partnership.
[[nodiscard]] Task<Result<>> set_access(
    Office& office, model::AccountId account, std::string device, Access access, std::string by
);
/// A paused device gets nothing new; what it sends is accepted.
[[nodiscard]] Task<Result<>>
set_paused(Office& office, model::AccountId account, std::string device, bool paused);
/// An empty title takes the name away.
[[nodiscard]] Task<Result<>>
rename_device(Office& office, model::AccountId account, std::string device, std::string title);
/// Forgets what the device holds: it is told to load everything anew.
[[nodiscard]] Task<Result<>>
restart_sync(Office& office, model::AccountId account, std::string device);
/// Forgets the device.
[[nodiscard]] Task<Result<>>
forget_device(Office& office, model::AccountId account, std::string device);

/// "allowed", "paused", "wipe sent", "blocked": what counts most, for people.
[[nodiscard]] std::string state_text(const Device& device);
/// How many items of each class the device holds: "mail 318, contacts 88". Nothing is kept of it:
/// it is counted from the device's states, so it costs as much as the items in its windows.
[[nodiscard]] Task<Result<std::string>>
held_text(Office& office, model::AccountId account, std::string device);
/// Error not_found.
[[nodiscard]] Task<Result<Device>>
device_of(Office& office, model::AccountId account, std::string device);
[[nodiscard]] Task<Result<std::vector<Device>>>
devices_of(Office& office, model::AccountId account);
/// Newest first, at most limits::kDeviceEvents.
[[nodiscard]] Task<Result<std::vector<DeviceEvent>>>
device_log(Office& office, model::AccountId account, std::string device);

} // namespace lockstep::office
