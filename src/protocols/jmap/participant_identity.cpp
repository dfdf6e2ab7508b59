// ParticipantIdentity: the addresses under which a person takes part in events.
// Spec: draft-ietf-jmap-calendars-29 3. Invariants: they are the addresses of the account, which
// administration gives; nothing can be set here.
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "office/identities.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kParticipantProperties{
    "id", "name", "calendarAddress", "isDefault"
};

Task<std::expected<std::vector<json::Object>, MethodError>>
participants_of(Call& call, const office::Owner& owner) {
    std::vector<json::Object> out;
    if (!owner.own)
        co_return out;
    auto read = co_await office::identities(call.office(), call.actor());
    CO_GET(const auto all, std::move(read));
    std::set<std::string> seen;
    for (const auto& each : all) {
        const auto address = lower(each.email);
        if (!seen.insert(address).second)
            continue;
        out.push_back(
            {{"id", each.id},
             {"name", each.name.empty() ? call.actor().account.name : each.name},
             {"calendarAddress", "mailto:" + address},
             {"isDefault", address == lower(call.actor().account.address)}}
        );
    }
    co_return out;
}

std::string participants_state(const std::vector<json::Object>& all) {
    std::string text;
    for (const auto& each : all)
        text += json::write(json::Value(each));
    return blake2b256(text).hex().substr(0, 16);
}

} // namespace

Task<Outcome> participant_identity_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kParticipantProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto all = co_await participants_of(call, *owner);
    if (!all)
        co_return std::unexpected(std::move(all).error());
    auto state = participants_state(*all);
    co_return answer_few(*request, account_id(owner->id), std::move(state), std::move(*all));
}

Task<Outcome> participant_identity_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto request = read_changes(object);
    if (!request)
        co_return std::unexpected(request.error());
    const auto all = co_await participants_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    co_return no_changes(*request, account_id(owner->id), participants_state(*all));
}

Task<Outcome> participant_identity_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto request = read_set(call, arguments);
    const auto chosen = arguments.text("onSuccessSetIsDefault"); // the main address stays it
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(request.error());
    const auto all = co_await participants_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = participants_state(*all);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    const MethodError forbidden{"forbidden", "addresses are given by administration", {}};
    for (const auto& [key, identity] : request->create)
        response.not_created[key] = to_json(forbidden);
    for (const auto& [id, patch] : request->update)
        response.not_updated[request->shown.at(id)] = to_json(forbidden);
    for (const auto& id : request->destroy)
        response.not_destroyed[request->shown.at(id)] = to_json(forbidden);
    co_return response.take(response.old_state);
}

} // namespace lockstep::jmap
