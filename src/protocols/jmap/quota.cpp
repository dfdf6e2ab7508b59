// Quota/get, Quota/changes and Quota/query.
// Spec: RFC 9425. Invariants: an account has one quota, of bytes, or none.
#include "office/usage.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_core.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

constexpr const char* kQuotaId = "q1";
const std::set<std::string, std::less<>> kQuotaProperties{"id",         "resourceType", "used",
                                                          "hardLimit",  "scope",        "name",
                                                          "types",      "warnLimit",    "softLimit",
                                                          "description"};

json::Object quota_object(const office::Usage& usage) {
    return {
        {"id", kQuotaId},
        {"resourceType", "octets"},
        {"used", usage.used_bytes},
        {"hardLimit", usage.quota_bytes},
        {"scope", "account"},
        {"name", "Storage"},
        {"types", json::Array{"Mail", "Calendar", "Contact"}},
        {"warnLimit", nullptr},
        {"softLimit", nullptr},
        {"description", nullptr},
    };
}

std::string state_of(const office::Usage& usage) {
    return std::to_string(usage.quota_bytes) + "-" + std::to_string(usage.used_bytes);
}

} // namespace

Task<Outcome> quota_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kQuotaProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto read = co_await office::usage(call.office(), *owner);
    CO_GET(const auto usage, std::move(read));
    GetResponse response{account_id(owner->id), state_of(usage), {}, {}};
    const bool there = usage.quota_bytes > 0;
    const auto ids = request->ids.value_or(
        there ? std::vector<std::string>{kQuotaId} : std::vector<std::string>{}
    );
    for (const auto& id : ids) {
        if (there && id == kQuotaId)
            response.list.push_back(pick(quota_object(usage), *request));
        else
            response.not_found.emplace_back(id);
    }
    co_return response.take();
}

Task<Outcome> quota_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto since = arguments.text("sinceState");
    static_cast<void>(arguments.count("maxChanges"));
    if (!since)
        arguments.wrong("sinceState", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto read = co_await office::usage(call.office(), *owner);
    CO_GET(const auto usage, std::move(read));
    const auto now = state_of(usage);
    const auto limit = now.substr(0, now.find('-') + 1);
    // Another limit may be another quota, or none.
    if (!since->starts_with(limit))
        co_return refuse("cannotCalculateChanges");
    json::Array updated;
    if (now != *since && usage.quota_bytes > 0)
        updated.emplace_back(kQuotaId);
    const bool used_only = !updated.empty();
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"oldState", *since},
        {"newState", now},
        {"hasMoreChanges", false},
        {"created", json::Array()},
        {"updated", std::move(updated)},
        {"destroyed", json::Array()},
        {"updatedProperties", used_only ? json::Value(json::Array{"used"}) : json::Value(nullptr)},
    };
}

Task<Outcome> quota_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto page = read_page(arguments);
    const auto* filter = arguments.object("filter");
    static_cast<void>(arguments.array("sort"));
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto read = co_await office::usage(call.office(), *owner);
    CO_GET(const auto usage, std::move(read));
    std::vector<std::string> ids;
    bool meets = usage.quota_bytes > 0;
    const auto shown = quota_object(usage);
    for (const auto& member : filter == nullptr ? json::Object() : *filter) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto* property = json::find(shown, name == "type" ? "types" : name);
        if (property == nullptr ||
            (name != "name" && name != "scope" && name != "resourceType" && name != "type"))
            co_return refuse("unsupportedFilter", std::string(name));
        meets =
            meets && (name == "type" ? std::ranges::find(property->get_array(), member.value()) !=
                                           property->get_array().end()
                                     : *property == member.value());
    }
    if (meets)
        ids.emplace_back(kQuotaId);
    auto out = cut_page(page, ids);
    if (!out)
        co_return out;
    (*out)["accountId"] = account_id(owner->id);
    (*out)["queryState"] = state_of(usage);
    (*out)["canCalculateChanges"] = false;
    co_return out;
}

} // namespace lockstep::jmap
