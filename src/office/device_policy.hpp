// The policy that devices must take before they get data: each element with its value.
// Spec: MS-ASPROV 2.2.2.28 EASProvisionDoc and its children; which protocol version knows an
// element is the token table's business (wbxml::Writer::element_if_allowed). Invariants: one table
// in the order of the schema; what nobody set is what demands nothing. A changed policy has another
// mark, so that devices are told to provision again (Status 143). Errors: bad_value.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/wbxml/tags.hpp"
#include "office/rules.hpp"

namespace lockstep::office {

struct PolicyElement {
    std::string_view name; ///< as the schema names it
    wbxml::Tag tag;
    std::int64_t least = 0;
    std::int64_t most = 1;
    bool may_be_empty = false;       ///< an empty element means "no limit"
    std::optional<int> demands_not;  ///< the value that demands nothing; none: empty
    bool always = false;             ///< stands in every document, as old clients expect it
    std::string_view list_item = {}; ///< a list: the name of its items ("ApplicationName")
};
[[nodiscard]] std::span<const PolicyElement> policy_elements();
/// By name, case-insensitive; null when there is none.
[[nodiscard]] const PolicyElement* find_policy_element(std::string_view name);

/// One element as the document has it.
struct PolicyValue {
    const PolicyElement* element = nullptr;
    std::string value;              ///< empty: an empty element
    std::vector<std::string> items; ///< of a list
};
struct DevicePolicy {
    std::vector<PolicyValue> values; ///< in the order of the schema: what the document holds
    /// Of all values that were set; 0 when none was. A device that acknowledged the policy keeps it
    /// in Device::policy_mark.
    std::int64_t mark = 0;
};
[[nodiscard]] DevicePolicy device_policy(const RuleSet& rules);
[[nodiscard]] std::int64_t policy_mark(const RuleSet& rules);

/// The rule's name of an element: "policy.DevicePasswordEnabled".
[[nodiscard]] std::string policy_rule(const PolicyElement& element);
/// The value as it is kept. A list is separated by commas. Error bad_value.
[[nodiscard]] Result<std::string>
check_policy_value(const PolicyElement& element, std::string_view value);

} // namespace lockstep::office
