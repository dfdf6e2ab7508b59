// Devices of a person: what they are, what they were asked to do, and their log in words.
// Spec: docs/jmap-extensions.md (devices); MS-ASPROV 3.1.5.1.2 (wipes). Invariants: `state` is what
// the device confirmed, `desired` what was asked of it; a whole device is reset only by somebody
// who gave the password a moment ago.
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "office/devices.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_own.hpp"
#include "protocols/jmap/own_kind.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kDeviceProperties{
    "id",        "name",     "kind",  "userAgent", "protocol", "protocolVersion",
    "firstSeen", "lastSync", "state", "desired",   "info",     "deviceId"
};
const std::set<std::string, std::less<>> kLogProperties{"id", "entries"};

std::string device_state(const office::Device& device) {
    const auto wipe = office::wipe_of(device);
    switch (wipe.state) {
    case office::WipeState::ordered:
        return "asked";
    case office::WipeState::sent:
        return "erasing";
    case office::WipeState::acknowledged:
        return "erased";
    case office::WipeState::failed:
        return "refused";
    case office::WipeState::none:
        break;
    }
    switch (office::access_of(device)) {
    case office::Access::blocked:
        return "signedOut";
    case office::Access::quarantined:
        return "waiting";
    case office::Access::allowed:
        break;
    }
    return device.paused ? "paused" : "ok";
}

std::string_view desired_of(const office::Device& device) {
    const auto wipe = office::wipe_of(device);
    if (wipe.state != office::WipeState::none)
        return wipe.kind == office::WipeKind::full ? "resetDevice" : "eraseAccount";
    if (office::access_of(device) == office::Access::blocked)
        return "signOut";
    return device.paused ? "pause" : "none";
}

/// Lines "name\tvalue" as an object.
json::Object info_of(const office::Device& device) {
    json::Object out;
    for (const auto line : split(device.info, '\n'))
        if (const auto tab = line.find('\t'); tab != std::string_view::npos)
            out[std::string(line.substr(0, tab))] = std::string(line.substr(tab + 1));
    return out;
}

json::Object device_object(const office::Device& device) {
    return {
        {"id", numbered('d', device.author.value)},
        {"deviceId", device.id},
        {"name", device.title.empty() ? device.kind : device.title},
        {"kind", device.kind},
        {"userAgent", device.agent},
        {"protocol", "ActiveSync"},
        {"protocolVersion", fmt::format("{}.{}", device.version / 10, device.version % 10)},
        {"firstSeen", json::utc_date(device.created_us)},
        {"lastSync",
         device.seen_us == 0 ? json::Value(nullptr) : json::Value(json::utc_date(device.seen_us))},
        {"state", device_state(device)},
        {"desired", std::string(desired_of(device))},
        {"info", info_of(device)},
    };
}

Task<Result<std::vector<json::Object>>> all_devices(Call& call) {
    CO_TRY(const auto all, co_await office::devices_of(call.office(), call.actor().account.id));
    std::vector<json::Object> out;
    for (const auto& each : all)
        out.push_back(device_object(each));
    co_return out;
}

/// The device that an id of ours stands for.
Task<Result<office::Device>> find_own_device(Call& call, std::string id) {
    const auto number = number_of('d', id);
    CO_TRY(auto all, co_await office::devices_of(call.office(), call.actor().account.id));
    for (auto& each : all)
        if (number && each.author.value == *number)
            co_return std::move(each);
    co_return fail(Code::not_found, "no such device");
}

/// Takes back what was asked before: a pause, a block, a wipe that the device has not done.
Task<Result<>> ask_nothing(Call& call, office::Device device) {
    auto& office = call.office();
    const auto account = call.actor().account.id;
    const auto by = call.actor().account.address;
    if (office::wipe_is_due(device))
        CO_CHECK_OK(co_await office::call_back_wipe(office, account, device.id, by));
    if (office::access_of(device) == office::Access::blocked)
        CO_CHECK_OK(
            co_await office::set_access(office, account, device.id, office::Access::allowed, by)
        );
    if (device.paused)
        CO_CHECK_OK(co_await office::set_paused(office, account, device.id, false));
    co_return Result<>();
}

Task<Result<>> ask_device(Call& call, office::Device device, std::string desired) {
    auto& office = call.office();
    const auto account = call.actor().account.id;
    const auto by = call.actor().account.address;
    if (desired == "none")
        co_return co_await ask_nothing(call, std::move(device));
    if (desired == "pause")
        co_return co_await office::set_paused(office, account, device.id, true);
    if (desired == "syncFromStart")
        co_return co_await office::restart_sync(office, account, device.id);
    if (desired == "signOut")
        co_return co_await office::set_access(
            office, account, device.id, office::Access::blocked, by
        );
    if (desired == "eraseAccount")
        co_return co_await office::order_wipe(
            office, account, device.id, office::WipeKind::account_only, by, "asked by its person"
        );
    if (desired == "resetDevice")
        co_return co_await office::order_wipe(
            office, account, device.id, office::WipeKind::full, by, "asked by its person"
        );
    co_return fail(Code::bad_value, "desired is none of the known words");
}

Task<Outcome> change_device(Call& call, const std::string& id, const json::Object& patch) {
    auto device = co_await find_own_device(call, id);
    if (!device)
        co_return std::unexpected(set_error(device.error()));
    for (const auto& member : patch) {
        const std::string name(member.key().data(), member.key().size());
        if ((name != "name" && name != "desired") || !member.value().is_string())
            co_return refuse_property(name, "cannot be changed so");
        std::string value(json::view(member.value().get_string()));
        if (name == "desired" && value == "resetDevice")
            if (auto confirm = ask_to_confirm(call))
                co_return std::unexpected(std::move(*confirm));
        const auto done = name == "name"
                              ? co_await office::rename_device(
                                    call.office(), call.actor().account.id, device->id, value
                                )
                              : co_await ask_device(call, *device, value);
        if (!done)
            co_return std::unexpected(set_error(done.error()));
    }
    co_return json::Object();
}

Task<Outcome> forget_own_device(Call& call, const std::string& id) {
    auto device = co_await find_own_device(call, id);
    if (!device)
        co_return std::unexpected(set_error(device.error()));
    const auto done =
        co_await office::forget_device(call.office(), call.actor().account.id, device->id);
    co_return own_outcome(done);
}

Task<Result<std::vector<json::Object>>> all_logs(Call& call) {
    auto& office = call.office();
    const auto account = call.actor().account.id;
    CO_TRY(const auto devices, co_await office::devices_of(office, account));
    std::vector<json::Object> out;
    for (const auto& device : devices) {
        CO_TRY(const auto events, co_await office::device_log(office, account, device.id));
        json::Array entries;
        for (const auto& event : events)
            entries.push_back(
                json::Object{{"at", json::utc_date(event.at_us)}, {"text", event.text}}
            );
        out.push_back({{"id", numbered('d', device.author.value)}, {"entries", std::move(entries)}}
        );
    }
    co_return out;
}

const OwnKind kDeviceKind{
    kDeviceProperties, all_devices, nullptr, change_device, forget_own_device
};
const OwnKind kDeviceLogs{kLogProperties, all_logs};

} // namespace

Task<Outcome> device_get(Call& call, const json::Object& object) {
    return get_own(call, object, kDeviceKind);
}
Task<Outcome> device_set(Call& call, const json::Object& object) {
    return set_own(call, object, kDeviceKind);
}
Task<Outcome> device_log_get(Call& call, const json::Object& object) {
    return get_own(call, object, kDeviceLogs);
}

} // namespace lockstep::jmap
