// /get and /set of our own types.
#include "protocols/jmap/own_kind.hpp"

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

std::string state_of_own(const std::vector<json::Object>& all) {
    std::string text;
    for (const auto& each : all)
        text += json::write(json::Value(each)) + "\n";
    return blake2b256(text).hex().substr(0, 16);
}

std::expected<office::Owner, MethodError>
own_account(const Call& call, const json::Object& object) {
    auto owner = call.account(object);
    if (owner && !owner->own)
        return refuse("accountNotSupportedByMethod");
    return owner;
}

Outcome not_offered() { return refuse("forbidden", "this is not offered"); }

Task<void>
create_own(Call& call, const SetRequest& request, const OwnKind& kind, SetResponse& response) {
    for (const auto& [key, object] : request.create) {
        auto made = kind.create == nullptr ? not_offered() : Outcome(json::Object());
        if (made)
            made = co_await kind.create(call, object);
        if (!made) {
            response.not_created[key] = to_json(made.error());
            continue;
        }
        call.session.created[key] = std::string(json::text_of(*made, "id").value_or(""));
        response.created[key] = std::move(*made);
    }
}

Task<void>
update_own(Call& call, const SetRequest& request, const OwnKind& kind, SetResponse& response) {
    for (const auto& [id, patch] : request.update) {
        const auto& shown = request.shown.at(id);
        if (request.destroys(id)) {
            response.not_updated[shown] = to_json({"willDestroy", {}, {}});
            continue;
        }
        auto done = kind.update == nullptr ? not_offered() : Outcome(json::Object());
        if (done)
            done = co_await kind.update(call, id, patch);
        if (!done)
            response.not_updated[shown] = to_json(done.error());
        else
            response.updated[shown] =
                done->empty() ? json::Value(nullptr) : json::Value(std::move(*done));
    }
}

Task<void>
destroy_own(Call& call, const SetRequest& request, const OwnKind& kind, SetResponse& response) {
    for (const auto& id : request.destroy) {
        const auto& shown = request.shown.at(id);
        auto done = kind.destroy == nullptr ? not_offered() : Outcome(json::Object());
        if (done)
            done = co_await kind.destroy(call, id);
        if (done)
            response.destroyed.emplace_back(shown);
        else
            response.not_destroyed[shown] = to_json(done.error());
    }
}

} // namespace

Task<Outcome> get_own(Call& call, const json::Object& object, const OwnKind& kind) {
    const auto owner = own_account(call, object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kind.properties);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    auto found = co_await kind.all(call);
    CO_GET(auto all, std::move(found));
    auto state = state_of_own(all);
    co_return answer_few(*request, account_id(owner->id), std::move(state), std::move(all));
}

Task<Outcome> set_own(Call& call, const json::Object& object, const OwnKind& kind) {
    const auto owner = own_account(call, object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    auto before = co_await kind.all(call);
    CO_GET(const auto old, std::move(before));
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = state_of_own(old);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    co_await create_own(call, *request, kind, response);
    co_await update_own(call, *request, kind, response);
    co_await destroy_own(call, *request, kind, response);
    auto after = co_await kind.all(call);
    CO_GET(const auto now, std::move(after));
    auto state = state_of_own(now);
    co_return response.take(std::move(state));
}

Outcome own_outcome(const Result<>& done) {
    if (done)
        return json::Object();
    return std::unexpected(set_error(done.error()));
}

std::optional<MethodError> ask_to_confirm(const Call& call) {
    const auto& web = call.session.web;
    if (web && web->fresh(call.office().clock.now_us()))
        return std::nullopt;
    return MethodError{"forbidden", "confirm", {}};
}

} // namespace lockstep::jmap
