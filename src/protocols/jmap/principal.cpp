// Principal/get, changes, query, queryChanges and set.
// Spec: RFC 9670 2; draft-ietf-jmap-calendars-29 2.1, 2.3. Invariants: principals are few and
// seldom change: their state is a hash of them all; nobody changes them here.
#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "office/principals.hpp"
#include "protocols/jmap/capabilities.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kPrincipalProperties{"id",           "type",    "name",
                                                              "description",  "email",   "timeZone",
                                                              "capabilities", "accounts"};
constexpr std::array<std::string_view, 7> kPrincipalConditions{
    "accountIds", "email", "name", "text", "type", "timeZone", "calendarAddress"
};
constexpr std::array<std::string_view, 3> kPrincipalSorts{"name", "email", "type"};

std::string_view principal_type(model::AccountKind kind) {
    switch (kind) {
    case model::AccountKind::person:
        return "individual";
    case model::AccountKind::group:
        return "group";
    case model::AccountKind::resource:
        return "resource";
    case model::AccountKind::shared:
    case model::AccountKind::global:
        break;
    }
    return "other";
}

json::Object principal_object(const Session& session, const office::Principal& principal) {
    const auto* owner = session.find(account_id(principal.account));
    json::Object accounts;
    if (owner != nullptr)
        accounts[account_id(owner->id)] = account_object(session, *owner);
    const bool schedules = principal.kind != model::AccountKind::global;
    json::Object calendars{
        {"accountId", owner ? json::Value(account_id(owner->id)) : json::Value(nullptr)},
        {"mayGetAvailability", principal.kind == model::AccountKind::person ||
                                   principal.kind == model::AccountKind::resource},
        {"mayShareWith", principal.account != session.actor.account.id},
        {"calendarAddress",
         schedules ? json::Value("mailto:" + lower(principal.address)) : json::Value(nullptr)},
    };
    json::Object capabilities;
    capabilities[std::string(capability::kCalendars)] = std::move(calendars);
    return {
        {"id", numbered('p', principal.account.value)},
        {"type", principal_type(principal.kind)},
        {"name", principal.name},
        {"description", nullptr},
        {"email", principal.address},
        {"timeZone", principal.zone.empty() ? json::Value(nullptr) : json::Value(principal.zone)},
        {"capabilities", std::move(capabilities)},
        {"accounts", accounts.empty() ? json::Value(nullptr) : json::Value(std::move(accounts))},
    };
}

struct ShownPrincipals {
    std::vector<json::Object> all;
    std::string state;
};
Task<std::expected<ShownPrincipals, MethodError>> show_principals(Call& call) {
    auto read = co_await office::principals(call.office(), call.actor());
    CO_GET(const auto all, std::move(read));
    ShownPrincipals out;
    std::string text;
    for (const auto& each : all) {
        out.all.push_back(principal_object(call.session, each));
        text += json::write(json::Value(out.all.back()));
    }
    out.state = blake2b256(text).hex().substr(0, 16);
    co_return out;
}

bool principal_meets(
    const json::Object& principal, std::string_view name, const json::Value& value
) {
    if (name == "accountIds") {
        const auto* accounts = json::find(principal, "accounts");
        return value.is_array() && accounts->is_object() &&
               std::ranges::any_of(value.get_array(), [&](const json::Value& id) {
                   return id.is_string() && accounts->get_object().contains(id.get_string());
               });
    }
    if (!value.is_string())
        return false;
    const auto text = json::view(value.get_string());
    const auto member = [&](std::string_view key) {
        return std::string(json::text_of(principal, key).value_or(""));
    };
    if (name == "type" || name == "timeZone")
        return member(name) == text;
    if (name == "calendarAddress")
        return iequals("mailto:" + member("email"), text);
    if (name == "text")
        return has_words(member("name") + "\n" + member("email"), text);
    return has_words(member(name), text);
}

std::string principal_key(const json::Object& principal, std::string_view property) {
    return std::string(json::text_of(principal, property).value_or(""));
}

/// Principals are no stored objects: of the kind only the conditions are used.
const QueryKind& principal_query_kind() {
    static constexpr ObjectKind kNone{"Principal", model::ItemClass::contact, "", true, nullptr,
                                      nullptr};
    static const QueryKind kind{
        kNone, kPrincipalConditions, kPrincipalSorts, principal_meets, principal_key
    };
    return kind;
}

} // namespace

Task<Outcome> principal_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kPrincipalProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto shown = co_await show_principals(call);
    if (!shown)
        co_return std::unexpected(std::move(shown).error());
    co_return answer_few(
        *request, account_id(owner->id), std::move(shown->state), std::move(shown->all)
    );
}

Task<Outcome> principal_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto request = read_changes(object);
    if (!request)
        co_return std::unexpected(request.error());
    const auto shown = co_await show_principals(call);
    if (!shown)
        co_return std::unexpected(shown.error());
    co_return no_changes(*request, account_id(owner->id), shown->state);
}

Task<Outcome> principal_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto page = read_page(arguments);
    ObjectFilter filter;
    if (const auto* given = arguments.object("filter")) {
        auto read = ObjectFilter::read(call, *given, principal_query_kind());
        if (!read)
            co_return std::unexpected(std::move(read).error());
        filter = std::move(*read);
    }
    auto orders = read_object_order(arguments, principal_query_kind());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!orders)
        co_return std::unexpected(std::move(orders).error());
    auto shown = co_await show_principals(call);
    if (!shown)
        co_return std::unexpected(std::move(shown).error());
    std::vector<Candidate> found;
    for (auto& each : shown->all)
        if (filter.meets(each, principal_query_kind()))
            found.push_back({std::string(*json::text_of(each, "id")), std::move(each)});
    sort_candidates(found, *orders, principal_query_kind());
    co_return answer_query(page, *owner, shown->state, found, false);
}

Task<Outcome> principal_query_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    co_return refuse("cannotCalculateChanges");
}

Task<Outcome> principal_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto request = read_set(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(request.error());
    const auto shown = co_await show_principals(call);
    if (!shown)
        co_return std::unexpected(shown.error());
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = shown->state;
    const MethodError forbidden{"forbidden", "people are administered elsewhere", {}};
    for (const auto& [key, principal] : request->create)
        response.not_created[key] = to_json(forbidden);
    for (const auto& [id, patch] : request->update)
        response.not_updated[request->shown.at(id)] = to_json(forbidden);
    for (const auto& id : request->destroy)
        response.not_destroyed[request->shown.at(id)] = to_json(forbidden);
    co_return response.take(response.old_state);
}

} // namespace lockstep::jmap
