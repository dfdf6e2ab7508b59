// What devices keep: the person's settings and those of each device, and a count before they count.
// Spec: docs/jmap-extensions.md (syncpolicy). Invariants: a property that is null is inherited: a
// device's from the account's, the account's from "all".
#include <array>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "office/devices.hpp"
#include "office/sync_policy.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_own.hpp"
#include "protocols/jmap/own_kind.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::uint64_t kMostPreviewDays = 36'500;
constexpr const char* kPolicySingleton = "singleton";

struct PolicyProperty {
    std::string_view property;
    std::string_view setting; ///< its name in office/sync_policy.hpp
    bool days = false;
};
constexpr std::array<PolicyProperty, 8> kPolicyProperties{{
    {"mailDays", "mail-days", true},
    {"daysBefore", "before", true},
    {"daysAfter", "after", true},
    {"mailFolders", "mail"},
    {"calendars", "calendars"},
    {"addressBooks", "books"},
    {"taskLists", "tasks"},
    {"noteBooks", "notes"},
}};
const std::set<std::string, std::less<>> kPolicyNames{"id",           "mailDays",    "daysBefore",
                                                      "daysAfter",    "mailFolders", "calendars",
                                                      "addressBooks", "taskLists",   "noteBooks"};

/// "12" -> "c12", "5.3" -> "a5.c3".
std::string folder_text(std::string_view key) {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos)
        return fmt::format("c{}", key);
    return fmt::format("a{}.c{}", key.substr(0, dot), key.substr(dot + 1));
}

/// A setting's text as JSON: null, "all", "none", a number, {"only": []} or {"except": []}.
json::Value policy_value(std::string_view text, bool days) {
    if (text.empty())
        return nullptr;
    if (text == "all" || text == "none")
        return json::Value(text);
    if (days)
        return json::Value(parse_int(text).value_or(0));
    const bool except = text.starts_with('-');
    json::Array ids;
    for (auto each : split(text, ',')) {
        if (each.starts_with('-'))
            each.remove_prefix(1);
        ids.emplace_back(folder_text(each));
    }
    return json::Object{{except ? "except" : "only", std::move(ids)}};
}

/// "c12" -> "12", "a5.c3" -> "5.3".
std::optional<std::string> folder_key(std::string_view id) {
    const auto dot = id.find('.');
    if (dot == std::string_view::npos) {
        const auto folder = parse_collection_id(id);
        return folder ? std::optional(std::to_string(folder->value)) : std::nullopt;
    }
    const auto owner = parse_account_id(id.substr(0, dot));
    const auto folder = parse_collection_id(id.substr(dot + 1));
    if (!owner || !folder)
        return std::nullopt;
    return fmt::format("{}.{}", owner->value, folder->value);
}

/// The other way round; nothing when the value makes no sense.
std::optional<std::string> policy_text(const json::Value& value) {
    if (value.is_null())
        return std::string();
    if (value.is_string())
        return std::string(json::view(value.get_string()));
    if (const auto number = json::integer_of(value))
        return std::to_string(*number);
    if (!value.is_object() || value.get_object().size() != 1)
        return std::nullopt;
    const auto& member = *value.get_object().begin();
    const bool except = member.key() == "except";
    if ((!except && member.key() != "only") || !member.value().is_array())
        return std::nullopt;
    std::vector<std::string> keys;
    for (const auto& each : member.value().get_array()) {
        const auto key =
            each.is_string() ? folder_key(json::view(each.get_string())) : std::nullopt;
        if (!key)
            return std::nullopt;
        keys.push_back((except ? "-" : "") + *key);
    }
    if (keys.empty())
        return except ? "all" : "none";
    return join(keys, ",");
}

json::Object
policy_object(std::string id, const office::SyncSettings& settings, model::AccountId account) {
    json::Object out{{"id", std::move(id)}};
    for (const auto& each : kPolicyProperties)
        out[std::string(each.property)] =
            policy_value(office::sync_setting_text(settings, each.setting, account), each.days);
    return out;
}

Task<Result<std::vector<json::Object>>> all_policies(Call& call) {
    const auto account = call.actor().account.id;
    using Objects = std::vector<json::Object>;
    std::function<Result<Objects>(store::Snapshot&)> work = [account](store::Snapshot& snapshot
                                                            ) -> Result<Objects> {
        Objects out{policy_object(
            kPolicySingleton, office::read_sync_settings(snapshot, account, {}), account
        )};
        for (const auto& device : office::list_devices(snapshot, account))
            out.push_back(policy_object(
                numbered('d', device.author.value),
                office::read_sync_settings(snapshot, account, device.id), account
            ));
        return out;
    };
    co_return co_await call.office().db.read<Objects>(account, std::move(work));
}

/// The EAS id of the device that an id of ours stands for; empty for the singleton.
Task<Result<std::string>> device_of_policy(Call& call, std::string id) {
    if (id == kPolicySingleton)
        co_return std::string();
    const auto number = number_of('d', id);
    CO_TRY(const auto all, co_await office::devices_of(call.office(), call.actor().account.id));
    for (const auto& each : all)
        if (number && each.author.value == *number)
            co_return each.id;
    co_return fail(Code::not_found, "no such device");
}

Task<Outcome> change_policy(Call& call, const std::string& id, const json::Object& patch) {
    const auto device = co_await device_of_policy(call, id);
    if (!device)
        co_return std::unexpected(set_error(device.error()));
    for (const auto& member : patch) {
        const std::string name(member.key().data(), member.key().size());
        const auto property =
            std::ranges::find(kPolicyProperties, std::string_view(name), &PolicyProperty::property);
        auto text = policy_text(member.value());
        if (property == kPolicyProperties.end() || !text)
            co_return refuse_property(name, "makes no sense");
        const auto done = co_await office::set_sync(
            call.office(), call.actor().account.id, *device, std::string(property->setting),
            std::move(*text)
        );
        if (!done && done.error().code == Code::bad_value)
            co_return refuse_property(name, done.error().text);
        if (!done)
            co_return std::unexpected(set_error(done.error()));
    }
    co_return json::Object();
}

const OwnKind kPolicies{kPolicyNames, all_policies, nullptr, change_policy};

} // namespace

Task<Outcome> sync_policy_get(Call& call, const json::Object& object) {
    return get_own(call, object, kPolicies);
}
Task<Outcome> sync_policy_set(Call& call, const json::Object& object) {
    return set_own(call, object, kPolicies);
}

/// {"accountId", "mailDays"?, "daysBefore"?, "daysAfter"?}: days that are not given count as saved.
Task<Outcome> sync_policy_preview(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    if (!owner->own)
        co_return refuse("accountNotSupportedByMethod");
    Arguments arguments(object);
    const auto mail = arguments.count("mailDays");
    const auto before = arguments.count("daysBefore");
    const auto after = arguments.count("daysAfter");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    const auto account = call.actor().account.id;
    std::function<Result<office::SyncPolicy>(store::Snapshot&)> work =
        [account](store::Snapshot& snapshot) -> Result<office::SyncPolicy> {
        return office::sync_policy(snapshot, account, {});
    };
    auto saved = co_await call.office().db.read<office::SyncPolicy>(account, std::move(work));
    CO_GET(auto policy, std::move(saved));
    const auto take = [](const std::optional<std::uint64_t>& days, int& place) {
        if (days)
            place = static_cast<int>(std::min(*days, kMostPreviewDays));
    };
    take(mail, policy.mail_days);
    take(before, policy.before_days);
    take(after, policy.after_days);
    auto counted = co_await office::preview_sync(call.office(), call.actor().account, policy);
    CO_GET(const auto previews, std::move(counted));
    json::Array list;
    for (const auto& each : previews)
        list.push_back(json::Object{
            {"accountId", account_id(each.folder.collection.owner)},
            {"collectionId", collection_id(each.folder.collection.id)},
            {"name", each.folder.collection.name},
            {"class", static_cast<int>(each.folder.collection.item_class)},
            {"isShown", each.shown},
            {"inside", each.inside},
            {"total", each.total},
        });
    co_return json::Object{{"accountId", account_id(owner->id)}, {"list", std::move(list)}};
}

} // namespace lockstep::jmap
