// Reading of DeviceInformation, and changes of the device's row.
#include "protocols/activesync/device_info.hpp"

namespace lockstep::activesync {

namespace s = wbxml::settings;

std::optional<std::string> read_device_information(const wbxml::Node& information) {
    const auto* set = information.find(s::Set);
    if (set == nullptr)
        return std::nullopt;
    std::string lines;
    for (const auto& field : set->children) {
        std::string value;
        for (const char c : field.text)
            if (static_cast<unsigned char>(c) >= 0x20)
                value += c;
        if (value.size() > 1'024)
            return std::nullopt;
        lines += wbxml::name_of(field.tag);
        lines += '\t';
        lines += value;
        lines += '\n';
    }
    return lines;
}

Task<Result<>> update_device(Exchange& exchange, std::function<void(office::Device&)> change) {
    const auto account = exchange.actor.account.id;
    std::function<Result<office::Device>(office::Txn&)> work =
        [account, id = exchange.device.id,
         change = std::move(change)](office::Txn& txn) -> Result<office::Device> {
        auto device = office::find_device(txn, account, id);
        if (!device)
            return fail(Code::not_found, "the device was removed meanwhile");
        change(*device);
        office::put_device(txn, account, *device);
        return std::move(*device);
    };
    CO_TRY(
        exchange.device,
        co_await exchange.office().db.write<office::Device>(account, std::move(work))
    );
    co_return Result<>();
}

} // namespace lockstep::activesync
