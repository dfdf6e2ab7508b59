// What a device says of itself (Settings and Provision), kept in its row as lines "name\tvalue".
// Spec: MS-ASCMD 2.2.3.45 DeviceInformation.
#pragma once
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

/// The lines of a DeviceInformation/Set element; none when it is malformed.
[[nodiscard]] std::optional<std::string> read_device_information(const wbxml::Node& information);
/// Changes the device's row and the exchange's copy of it.
[[nodiscard]] Task<Result<>>
update_device(Exchange& exchange, std::function<void(office::Device&)> change);

} // namespace lockstep::activesync
