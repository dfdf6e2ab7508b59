// Settings of a device that name the items it could not take.
#include "office/sync_aside.hpp"

#include "base/limits_poison.hpp"
#include "base/text.hpp"
#include "store/devices.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr std::string_view kAsideName = "aside.";

std::vector<std::string>
read_aside(store::Snapshot& snapshot, model::AccountId account, std::string_view device) {
    std::vector<std::string> items;
    for (const auto& [name, value] :
         store::list_settings(snapshot, account, "device:" + upper(device)))
        if (name.starts_with(kAsideName))
            items.push_back(name.substr(kAsideName.size()));
    return items;
}

} // namespace

Task<Result<>> note_aside(
    Office& office, model::AccountId account, std::string device, std::string item, std::string text
) {
    const auto now = office.clock.now_us();
    std::function<Result<bool>(store::Txn&)> work = [=](store::Txn& txn) -> Result<bool> {
        store::add_device_event(txn, account, device, {now, text});
        if (read_aside(txn, account, device).size() < limits::kItemsAside)
            store::put_setting(
                txn, account, "device:" + upper(device), std::string(kAsideName) + item,
                std::to_string(now)
            );
        return true;
    };
    CO_CHECK_OK(co_await office.db.write<bool>(account, std::move(work)));
    co_return Result<>();
}

Task<Result<std::vector<std::string>>>
items_aside(Office& office, model::AccountId account, std::string device) {
    using Items = std::vector<std::string>;
    std::function<Result<Items>(store::Snapshot&)> look = [=](store::Snapshot& snapshot
                                                          ) -> Result<Items> {
        return read_aside(snapshot, account, device);
    };
    co_return co_await office.db.read<Items>(account, std::move(look));
}

} // namespace lockstep::office
