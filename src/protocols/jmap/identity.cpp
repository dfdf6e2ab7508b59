// Identity/get, Identity/changes and Identity/set.
// Spec: RFC 8621 6. Invariants: identities are few and seldom change: their state is a hash of them
// all, so that changes are told only to whom is up to date.
#include "office/identities.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "protocols/jmap/header_forms.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_submission.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kIdentityProperties{
    "id", "name", "email", "replyTo", "bcc", "textSignature", "htmlSignature", "mayDelete"
};

json::Object identity_object(const office::Identity& identity) {
    return {
        {"id", identity.id},
        {"name", identity.name},
        {"email", identity.email},
        {"replyTo", addresses_or_null(identity.reply_to)},
        {"bcc", addresses_or_null(identity.bcc)},
        {"textSignature", identity.text_signature},
        {"htmlSignature", identity.html_signature},
        {"mayDelete", identity.may_delete},
    };
}

std::string state_of(const std::vector<office::Identity>& all) {
    std::string text;
    for (const auto& each : all)
        text += json::write(json::Value(identity_object(each)));
    return blake2b256(text).hex().substr(0, 16);
}

std::optional<std::vector<mime::Address>> read_address_list(const json::Value& value) {
    std::vector<mime::Address> all;
    if (value.is_null())
        return all;
    if (!value.is_array())
        return std::nullopt;
    for (const auto& each : value.get_array()) {
        auto address = read_address(each);
        if (!address || address->domain.empty())
            return std::nullopt;
        all.push_back(std::move(*address));
    }
    return all;
}

/// Puts the members into the identity; the name of the first that makes no sense otherwise.
std::string take_members(office::Identity& identity, const json::Object& object, bool fresh) {
    for (const auto& member : object) {
        const std::string name(member.key().data(), member.key().size());
        const auto& value = member.value();
        const bool text = value.is_string();
        if (name == "replyTo" || name == "bcc") {
            auto addresses = read_address_list(value);
            if (!addresses)
                return name;
            (name == "bcc" ? identity.bcc : identity.reply_to) = std::move(*addresses);
            continue;
        }
        auto* place = name == "name"             ? &identity.name
                      : name == "textSignature"  ? &identity.text_signature
                      : name == "htmlSignature"  ? &identity.html_signature
                      : name == "email" && fresh ? &identity.email
                                                 : nullptr;
        if (place == nullptr || !text)
            return name;
        *place = json::view(value.get_string());
    }
    return {};
}

MethodError identity_error(const Error& error) {
    if (error.code == Code::forbidden)
        return {"forbiddenFrom", error.text, {}};
    return set_error(error);
}

Task<Outcome> create_identity(Call& call, const json::Object& object) {
    office::Identity identity;
    const auto wrong = take_members(identity, object, true);
    if (!wrong.empty())
        co_return std::unexpected(invalid_properties(wrong, "cannot be set so"));
    if (identity.email.empty())
        co_return std::unexpected(invalid_properties("email", "is missing"));
    const auto made = co_await office::put_identity(call.office(), call.actor(), identity);
    if (!made)
        co_return std::unexpected(identity_error(made.error()));
    auto whole = identity_object(*made);
    for (const auto& member : object)
        whole.erase(member.key());
    co_return whole;
}

Task<Outcome> update_identity(Call& call, office::Identity identity, const json::Object& patch) {
    const auto wrong = take_members(identity, patch, false);
    if (!wrong.empty())
        co_return std::unexpected(invalid_properties(wrong, "cannot be set so"));
    const auto made = co_await office::put_identity(call.office(), call.actor(), identity);
    if (!made)
        co_return std::unexpected(identity_error(made.error()));
    co_return json::Object();
}

/// Identities belong to people: other accounts have none.
Task<std::expected<std::vector<office::Identity>, MethodError>>
identities_of(Call& call, const office::Owner& owner) {
    if (!owner.own)
        co_return std::vector<office::Identity>();
    auto read = co_await office::identities(call.office(), call.actor());
    CO_GET(auto all, std::move(read));
    co_return all;
}

} // namespace

Task<Outcome> identity_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kIdentityProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    const auto all = co_await identities_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    std::vector<json::Object> shown;
    for (const auto& each : *all)
        shown.push_back(identity_object(each));
    co_return answer_few(*request, account_id(owner->id), state_of(*all), std::move(shown));
}

Task<Outcome> identity_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto request = read_changes(object);
    if (!request)
        co_return std::unexpected(request.error());
    const auto all = co_await identities_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    co_return no_changes(*request, account_id(owner->id), state_of(*all));
}

Task<Outcome> identity_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (!owner->own)
        co_return refuse("accountReadOnly");
    const auto before = co_await identities_of(call, *owner);
    if (!before)
        co_return std::unexpected(before.error());
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = state_of(*before);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    for (const auto& [key, identity] : request->create) {
        auto made = co_await create_identity(call, identity);
        if (made) {
            call.session.created[key] = *json::text_of(*made, "id");
            response.created[key] = std::move(*made);
        } else {
            response.not_created[key] = to_json(made.error());
        }
    }
    for (const auto& [id, patch] : request->update) {
        const auto found = std::ranges::find(*before, id, &office::Identity::id);
        Outcome done = refuse("notFound");
        if (found != before->end())
            done = co_await update_identity(call, *found, patch);
        if (done)
            response.updated[request->shown.at(id)] = nullptr;
        else
            response.not_updated[request->shown.at(id)] = to_json(done.error());
    }
    for (const auto& id : request->destroy) {
        const auto gone = co_await office::drop_identity(call.office(), call.actor(), id);
        if (gone)
            response.destroyed.emplace_back(request->shown.at(id));
        else
            response.not_destroyed[request->shown.at(id)] = to_json(set_error(gone.error()));
    }
    const auto after = co_await identities_of(call, *owner);
    if (!after)
        co_return std::unexpected(after.error());
    co_return response.take(state_of(*after));
}

} // namespace lockstep::jmap
