// Characteristics and their parameters.
#include "protocols/activesync/provision_wap.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::activesync {
namespace {

constexpr std::string_view kIdle =
    "HKLM\\Comm\\Security\\Policy\\LASSD\\AE\\{50C13377-C66D-400C-889E-C316FC4AB374}";
constexpr std::string_view kAuthentication = "HKLM\\Comm\\Security\\Policy\\LASSD";
constexpr std::string_view kPassword = "HKLM\\Comm\\Security\\Policy\\LASSD\\LAP\\lap_pw";

/// The value of an element; empty when the policy has none. Values are numbers: nothing to escape.
std::string_view value_of(const office::DevicePolicy& policy, std::string_view name) {
    for (const auto& value : policy.values)
        if (value.element->name == name)
            return value.value;
    return {};
}

std::string parameter(std::string_view name, std::string_view value) {
    return value.empty() ? std::string()
                         : fmt::format("<parm name=\"{}\" value=\"{}\"/>", name, value);
}

std::string characteristic(std::string_view type, const std::string& content) {
    return content.empty()
               ? std::string()
               : fmt::format("<characteristic type=\"{}\">{}</characteristic>", type, content);
}

/// Seconds as the minutes of that document, at least one.
std::string idle_minutes(std::string_view seconds) {
    const auto number = parse_int(seconds);
    return number ? std::to_string(std::max<std::int64_t>(1, *number / 60)) : std::string();
}

} // namespace

std::string wap_document(const office::DevicePolicy& policy) {
    const bool locked = value_of(policy, "DevicePasswordEnabled") == "1";
    // 4131: 0 demands a password, 1 does not.
    auto document = characteristic("SecurityPolicy", parameter("4131", locked ? "0" : "1"));
    if (locked) {
        const auto idle = idle_minutes(value_of(policy, "MaxInactivityTimeDeviceLock"));
        const bool letters = value_of(policy, "AlphanumericDevicePasswordRequired") == "1";
        document += characteristic(
            "Registry",
            characteristic(
                kIdle, parameter("AEFrequencyType", idle.empty() ? "0" : "1") +
                           parameter("AEFrequencyValue", idle)
            ) +
                characteristic(
                    kAuthentication,
                    parameter(
                        "DeviceWipeThreshold", value_of(policy, "MaxDevicePasswordFailedAttempts")
                    )
                ) +
                characteristic(
                    kPassword,
                    parameter(
                        "MinimumPasswordLength", value_of(policy, "MinDevicePasswordLength")
                    ) + parameter("PasswordComplexity", letters ? "0" : "2")
                )
        );
    }
    return "<wap-provisioningdoc>" + document + "</wap-provisioningdoc>";
}

} // namespace lockstep::activesync
