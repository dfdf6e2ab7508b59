// The policy as protocol 2.5 has it: a provisioning document of the phones of that time.
// Spec: MS-ASPROV 2.2.2.43 (MS-WAP-Provisioning-XML); the settings are those of the local
// authentication subsystem of Windows Mobile. Invariants: only what that document has words for.
#pragma once
#include <string>

#include "office/device_policy.hpp"

namespace lockstep::activesync {

inline constexpr std::string_view kWapPolicyType = "MS-WAP-Provisioning-XML";

/// XML text, to be the text of Data.
[[nodiscard]] std::string wap_document(const office::DevicePolicy& policy);

} // namespace lockstep::activesync
