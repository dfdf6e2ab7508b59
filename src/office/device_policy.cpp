// The table of policy elements, and the document that rules make of it.
#include "office/device_policy.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace lockstep::office {
namespace {

namespace pv = wbxml::provision;

constexpr std::int64_t kMost32 = 0xFFFFFFFF;
constexpr std::int64_t kMostSize = 0x7FFFFFFF;

// clang-format off
// name, tag, least, most, may be empty, value that demands nothing (none: empty), always, list item
constexpr std::array kElements = {
    PolicyElement{"DevicePasswordEnabled", pv::DevicePasswordEnabled, 0, 1, false, 0, true},
    PolicyElement{"AlphanumericDevicePasswordRequired", pv::AlphanumericDevicePasswordRequired, 0, 1, false, 0, true},
    PolicyElement{"PasswordRecoveryEnabled", pv::PasswordRecoveryEnabled, 0, 1, false, 0, true},
    PolicyElement{"RequireStorageCardEncryption", pv::RequireStorageCardEncryption, 0, 1, false, 0, true},
    PolicyElement{"AttachmentsEnabled", pv::AttachmentsEnabled, 0, 1, false, 1, true},
    PolicyElement{"MinDevicePasswordLength", pv::MinDevicePasswordLength, 1, 16, true, std::nullopt, true},
    PolicyElement{"MaxInactivityTimeDeviceLock", pv::MaxInactivityTimeDeviceLock, 0, kMost32, true, std::nullopt, true},
    PolicyElement{"MaxDevicePasswordFailedAttempts", pv::MaxDevicePasswordFailedAttempts, 4, 16, true, std::nullopt, true},
    PolicyElement{"MaxAttachmentSize", pv::MaxAttachmentSize, 0, kMost32, true, std::nullopt, true},
    PolicyElement{"AllowSimpleDevicePassword", pv::AllowSimpleDevicePassword, 0, 1, false, 1, true},
    PolicyElement{"DevicePasswordExpiration", pv::DevicePasswordExpiration, 0, kMost32, true, std::nullopt, true},
    PolicyElement{"DevicePasswordHistory", pv::DevicePasswordHistory, 0, kMost32, false, 0, true},
    PolicyElement{"AllowStorageCard", pv::AllowStorageCard, 0, 1, false, 1},
    PolicyElement{"AllowCamera", pv::AllowCamera, 0, 1, false, 1},
    PolicyElement{"RequireDeviceEncryption", pv::RequireDeviceEncryption, 0, 1, false, 0},
    PolicyElement{"AllowUnsignedApplications", pv::AllowUnsignedApplications, 0, 1, false, 1},
    PolicyElement{"AllowUnsignedInstallationPackages", pv::AllowUnsignedInstallationPackages, 0, 1, false, 1},
    PolicyElement{"MinDevicePasswordComplexCharacters", pv::MinDevicePasswordComplexCharacters, 1, 4, false, 1},
    PolicyElement{"AllowWiFi", pv::AllowWiFi, 0, 1, false, 1},
    PolicyElement{"AllowTextMessaging", pv::AllowTextMessaging, 0, 1, false, 1},
    PolicyElement{"AllowPOPIMAPEmail", pv::AllowPOPIMAPEmail, 0, 1, false, 1},
    PolicyElement{"AllowBluetooth", pv::AllowBluetooth, 0, 2, false, 2},
    PolicyElement{"AllowIrDA", pv::AllowIrDA, 0, 1, false, 1},
    PolicyElement{"RequireManualSyncWhenRoaming", pv::RequireManualSyncWhenRoaming, 0, 1, false, 0},
    PolicyElement{"AllowDesktopSync", pv::AllowDesktopSync, 0, 1, false, 1},
    PolicyElement{"MaxCalendarAgeFilter", pv::MaxCalendarAgeFilter, 0, 7, false, 0},
    PolicyElement{"AllowHTMLEmail", pv::AllowHTMLEmail, 0, 1, false, 1},
    PolicyElement{"MaxEmailAgeFilter", pv::MaxEmailAgeFilter, 0, 5, false, 0},
    PolicyElement{"MaxEmailBodyTruncationSize", pv::MaxEmailBodyTruncationSize, -1, kMostSize, false, -1},
    PolicyElement{"MaxEmailHTMLBodyTruncationSize", pv::MaxEmailHTMLBodyTruncationSize, -1, kMostSize, false, -1},
    PolicyElement{"RequireSignedSMIMEMessages", pv::RequireSignedSMIMEMessages, 0, 1, false, 0},
    PolicyElement{"RequireEncryptedSMIMEMessages", pv::RequireEncryptedSMIMEMessages, 0, 1, false, 0},
    PolicyElement{"RequireSignedSMIMEAlgorithm", pv::RequireSignedSMIMEAlgorithm, 0, 1, false, 0},
    PolicyElement{"RequireEncryptionSMIMEAlgorithm", pv::RequireEncryptionSMIMEAlgorithm, 0, 4, false, 0},
    PolicyElement{"AllowSMIMEEncryptionAlgorithmNegotiation", pv::AllowSMIMEEncryptionAlgorithmNegotiation, 0, 2, false, 2},
    PolicyElement{"AllowSMIMESoftCerts", pv::AllowSMIMESoftCerts, 0, 1, false, 1},
    PolicyElement{"AllowBrowser", pv::AllowBrowser, 0, 1, false, 1},
    PolicyElement{"AllowConsumerEmail", pv::AllowConsumerEmail, 0, 1, false, 1},
    PolicyElement{"AllowRemoteDesktop", pv::AllowRemoteDesktop, 0, 1, false, 1},
    PolicyElement{"AllowInternetSharing", pv::AllowInternetSharing, 0, 1, false, 1},
    PolicyElement{"UnapprovedInROMApplicationList", pv::UnapprovedInROMApplicationList, 0, 0, true, std::nullopt, false, "ApplicationName"},
    PolicyElement{"ApprovedApplicationList", pv::ApprovedApplicationList, 0, 0, true, std::nullopt, false, "Hash"},
};
// clang-format on

std::string harmless(const PolicyElement& element) {
    return element.demands_not ? std::to_string(*element.demands_not) : std::string();
}

} // namespace

std::span<const PolicyElement> policy_elements() { return kElements; }

const PolicyElement* find_policy_element(std::string_view name) {
    for (const auto& each : kElements)
        if (iequals(each.name, name))
            return &each;
    return nullptr;
}

std::string policy_rule(const PolicyElement& element) {
    return "policy." + std::string(element.name);
}

DevicePolicy device_policy(const RuleSet& rules) {
    DevicePolicy policy;
    for (const auto& element : kElements) {
        const auto set = rules.find(policy_rule(element));
        if (!set && !element.always)
            continue;
        PolicyValue value{&element, set ? *set : harmless(element), {}};
        if (!element.list_item.empty()) {
            for (const auto item : split(value.value, ','))
                if (!trim(item).empty())
                    value.items.emplace_back(trim(item));
            value.value.clear();
        }
        policy.values.push_back(std::move(value));
    }
    policy.mark = policy_mark(rules);
    return policy;
}

std::int64_t policy_mark(const RuleSet& rules) {
    if (!rules.has_any("policy."))
        return 0;
    std::string all;
    for (const auto& element : kElements)
        if (const auto set = rules.find(policy_rule(element)))
            all += fmt::format("{}={}\n", element.name, *set);
    const auto hash = blake2b256(all);
    std::int64_t mark = 0;
    std::memcpy(&mark, hash.bytes.data(), sizeof mark);
    return (mark & std::numeric_limits<std::int64_t>::max()) | 1;
}

Result<std::string> check_policy_value(const PolicyElement& element, std::string_view value) {
    const auto text = trim(value);
    if (!is_utf8(text))
        return fail(Code::bad_value, "the value is not text");
    if (!element.list_item.empty())
        return std::string(text);
    if (text.empty() && element.may_be_empty)
        return std::string();
    const auto number = parse_int(text);
    const bool fits = number && *number >= element.least && *number <= element.most;
    // MS-ASPROV 2.2.2.31: a calendar knows no filter between 0 and two weeks.
    const bool hole = element.name == "MaxCalendarAgeFilter" && fits && *number > 0 && *number < 4;
    if (!fits || hole)
        return fail(
            Code::bad_value,
            fmt::format(
                "{} takes {} to {}, not '{}'", element.name, element.least, element.most, text
            )
        );
    return std::to_string(*number);
}

} // namespace lockstep::office
