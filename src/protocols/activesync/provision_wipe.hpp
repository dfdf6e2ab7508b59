// The wire's side of a wipe: the order to the device, and its answer.
// Spec: MS-ASPROV 2.2.2.1 AccountOnlyRemoteWipe, 2.2.2.45 RemoteWipe, 3.2.5.1.2.2, 3.2.5.1.2.3.
// Hardening W10: only a device that was told to wipe can say that it did; what it says is a claim.
#pragma once
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

/// The answer to any Provision of a device that is to wipe: its acknowledgement is taken, anything
/// else is answered with the order. Errors: unavailable.
[[nodiscard]] Task<Result<Reply>> answer_wipe(Exchange& exchange, const wbxml::Node& request);

} // namespace lockstep::activesync
