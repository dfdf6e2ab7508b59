// Provision: the policy is offered, then acknowledged; only then does the device get data.
// Spec: MS-ASPROV 2.2.2, 3.1.5.1, 3.2.5.1; Status of Provision 2.2.2.54.2, of Policy 2.2.2.54.1.
// Hardening W9: a policy is a claim of the client, the key only orders the two phases.
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "office/device_policy.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/device_info.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/provision_wap.hpp"
#include "protocols/activesync/provision_wipe.hpp"

namespace lockstep::activesync {
namespace {

namespace pv = wbxml::provision;
namespace s = wbxml::settings;
using wbxml::Version;

constexpr std::string_view kPolicyType = "MS-EAS-Provisioning-WBXML";

/// A new key: 1 to 2^31-1, never 0, which phones take for "none".
std::int64_t fresh_key() {
    std::uint32_t value = 0;
    const auto bytes = random_bytes(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return static_cast<std::int64_t>(value % 0x7FFFFFFEU) + 1;
}

/// The policy that holds for the device's person, in what its version has words for.
void write_policy(wbxml::Writer& out, const office::DevicePolicy& policy) {
    if (!out.allows(pv::EASProvisionDoc)) {
        out.element(pv::Data, wap_document(policy));
        return;
    }
    out.open(pv::Data);
    out.open(pv::EASProvisionDoc);
    for (const auto& value : policy.values) {
        const auto tag = value.element->tag;
        if (!out.allows(tag))
            continue;
        if (value.element->list_item.empty()) {
            out.element(tag, value.value);
            continue;
        }
        const auto item = wbxml::tag_by_name(pv::kPage, value.element->list_item);
        out.open(tag);
        for (const auto& each : value.items)
            if (item)
                out.element(*item, each);
        out.close();
    }
    out.close();
    out.close();
}

Result<Reply> answer_status(const Exchange& exchange, int status) {
    wbxml::Writer out(exchange.version);
    out.open(pv::Provision);
    out.element(pv::Status, status);
    out.close();
    return reply_of(out);
}

/// The answer to one phase. `policy_status` other than 1 carries neither key nor document; the
/// document is null in the second phase.
Result<Reply> answer(
    const Exchange& exchange, bool with_information, std::string_view type, int policy_status,
    std::int64_t key, const office::DevicePolicy* document
) {
    wbxml::Writer out(exchange.version);
    out.open(pv::Provision);
    if (with_information) {
        out.open(s::DeviceInformation);
        out.element(s::Status, 1);
        out.close();
    }
    out.element(pv::Status, 1);
    out.open(pv::Policies);
    out.open(pv::Policy);
    out.element(pv::PolicyType, type);
    out.element(pv::Status, policy_status);
    if (policy_status == 1) {
        out.element(pv::PolicyKey, key);
        if (document != nullptr)
            write_policy(out, *document);
    }
    out.close();
    out.close();
    out.close();
    return reply_of(out);
}

/// Phase 2: the client says what it made of the policy that the temporary key names.
Task<Result<Reply>>
acknowledge(Exchange& exchange, const wbxml::Node& policy, std::string_view type) {
    const auto key = parse_int(trim(policy.text_of(pv::PolicyKey)));
    const auto status = parse_int<int>(trim(policy.text_of(pv::Status)));
    if (!key || !status || *status < 1 || *status > 4)
        co_return answer_status(exchange, 2);
    // MS-ASPROV 2.2.2.54.1: 5 = the client acknowledges another policy than the one that was
    // offered.
    if (exchange.device.policy_state != 1 || *key != exchange.device.policy_key)
        co_return answer(exchange, false, type, 5, 0, nullptr);
    const auto final_key = fresh_key();
    // 1 applied wholly, 2 partly (nothing is demanded, so nothing can be missing); 3 and 4: not
    // applied.
    const bool applied = *status <= 2;
    const auto mark = exchange.policy_mark;
    CO_CHECK_OK(co_await update_device(exchange, [=](office::Device& device) {
        device.policy_state = applied ? 2 : 0;
        device.policy_key = applied ? final_key : 0;
        device.policy_mark = applied ? mark : 0;
    }));
    co_return answer(exchange, false, type, 1, final_key, nullptr);
}

} // namespace

Task<Result<Reply>> provision(Exchange& exchange) {
    if (!exchange.root)
        co_return answer_status(exchange, 2);
    const auto root = std::move(*exchange.root);
    if (office::wipe_is_due(exchange.device))
        co_return co_await answer_wipe(exchange, root);
    // An empty element asks whether a wipe was ordered (MS-ASPROV 3.1.5.1.1): none was.
    if (root.children.empty())
        co_return answer_status(exchange, 1);
    bool with_information = false;
    if (const auto* information = root.find(s::DeviceInformation)) {
        const auto lines = read_device_information(*information);
        if (!lines)
            co_return answer_status(exchange, 2);
        with_information = true;
        CO_CHECK_OK(co_await update_device(exchange, [&lines](office::Device& device) {
            device.info = *lines;
        }));
    }
    const auto* policies = root.find(pv::Policies);
    const auto* policy = policies != nullptr ? policies->find(pv::Policy) : nullptr;
    // Without a policy the client acknowledges a wipe, and none was ordered.
    if (policy == nullptr)
        co_return answer_status(
            exchange, root.has(pv::RemoteWipe) || root.has(pv::AccountOnlyRemoteWipe) ? 1 : 2
        );
    const auto type = policy->text_of(pv::PolicyType);
    if (type.empty())
        co_return answer_status(exchange, 2);
    if (type != (exchange.at_least(Version::v12_0) ? kPolicyType : kWapPolicyType))
        co_return answer(exchange, with_information, type, 3, 0, nullptr);
    if (policy->has(pv::PolicyKey))
        co_return co_await acknowledge(exchange, *policy, type);
    // 14.1 and later: the first phase must bring the device's own description
    // (MS-ASPROV 3.1.5.1.1).
    if (exchange.at_least(Version::v14_1) && !with_information && exchange.device.info.empty())
        co_return answer_status(exchange, static_cast<int>(Common::device_information_required));
    CO_TRY(const auto rules, co_await office::rules_for(exchange.office(), exchange.actor.account));
    const auto document = office::device_policy(rules);
    const auto temporary = fresh_key();
    CO_CHECK_OK(co_await update_device(exchange, [=](office::Device& device) {
        device.policy_state = 1;
        device.policy_key = temporary;
    }));
    co_return answer(exchange, with_information, type, 1, temporary, &document);
}

} // namespace lockstep::activesync
