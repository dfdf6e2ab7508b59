// Sessions of browsers, app passwords, second factors and the password, for their person.
// Spec: hardening A5, A7; docs/jmap-extensions.md (signin). Invariants: what was made is shown
// once; whoever makes a second factor or takes one away proved the password a moment ago.
#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_own.hpp"
#include "protocols/jmap/own_kind.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kSessionProperties{"id",          "created", "lastSeen",
                                                            "userAgent",   "address", "isCurrent",
                                                            "isRemembered"};
const std::set<std::string, std::less<>> kAppPasswordProperties{"id", "name", "scope", "created"};
const std::set<std::string, std::less<>> kFactorProperties{
    "id", "kind", "name", "created", "lastUsed"
};

const std::set<std::string, std::less<>> kInviteProperties{"id", "url", "expires"};

constexpr std::array kScopes{
    directory::Door::activesync, directory::Door::imap, directory::Door::web, directory::Door::dav,
    directory::Door::smtp
};

Task<Result<std::vector<json::Object>>> all_sessions(Call& call) {
    CO_TRY(const auto all, co_await call.session.door.sessions().list(call.actor().account.id));
    std::vector<json::Object> out;
    for (const auto& each : all)
        out.push_back({
            {"id", numbered('s', each.id)},
            {"created", json::utc_date(each.created_us)},
            {"lastSeen", json::utc_date(each.seen_us)},
            {"userAgent", each.agent},
            {"address", each.address},
            {"isCurrent", call.session.web && call.session.web->id == each.id},
            {"isRemembered", each.remember},
        });
    co_return out;
}

Task<Outcome> end_session(Call& call, const std::string& id) {
    const auto number = number_of('s', id);
    if (!number)
        co_return refuse("notFound");
    const auto done = co_await call.session.door.sessions().end(call.actor().account.id, *number);
    co_return own_outcome(done);
}

Task<Result<std::vector<json::Object>>> all_app_passwords(Call& call) {
    CO_TRY(const auto all, co_await call.office().directory.app_passwords(call.actor().account.id));
    std::vector<json::Object> out;
    for (const auto& each : all) {
        json::Array scope;
        for (const auto door : kScopes)
            if ((each.scope & static_cast<std::int64_t>(door)) != 0)
                scope.emplace_back(std::string(directory::name_of(door)));
        out.push_back({
            {"id", numbered('w', each.id)},
            {"name", each.name},
            {"scope", std::move(scope)},
            {"created", json::utc_date(each.created_us)},
        });
    }
    co_return out;
}

/// The bits of {"scope": ["imap", "smtp"]}; all doors when it is left out, 0 when it makes no
/// sense.
std::int64_t read_scope(const json::Object& object) {
    const auto* scope = json::find(object, "scope");
    if (scope == nullptr || scope->is_null())
        return directory::kAllDoors;
    std::int64_t bits = 0;
    if (!scope->is_array())
        return 0;
    for (const auto& each : scope->get_array()) {
        const auto found = std::ranges::find_if(kScopes, [&](directory::Door door) {
            return each.is_string() && json::view(each.get_string()) == directory::name_of(door);
        });
        if (found == kScopes.end())
            return 0;
        bits |= static_cast<std::int64_t>(*found);
    }
    return bits;
}

Task<Outcome> make_app_password(Call& call, const json::Object& object) {
    if (auto confirm = ask_to_confirm(call))
        co_return std::unexpected(std::move(*confirm));
    const auto name = json::text_of(object, "name");
    const auto scope = read_scope(object);
    if (!name || scope == 0)
        co_return refuse_property(name ? "scope" : "name", "makes no sense");
    auto& directory = call.office().directory;
    const auto account = call.actor().account.id;
    auto made = co_await directory.add_app_password(account, std::string(*name), scope);
    if (!made)
        co_return std::unexpected(set_error(made.error()));
    const auto all = co_await directory.app_passwords(account);
    if (!all || all->empty())
        co_return refuse("serverFail");
    co_return json::Object{{"id", numbered('w', all->back().id)}, {"password", made->reveal()}};
}

Task<Outcome> drop_app_password(Call& call, const std::string& id) {
    const auto number = number_of('w', id);
    if (!number)
        co_return refuse("notFound");
    const auto done =
        co_await call.office().directory.remove_app_password(call.actor().account.id, *number);
    co_return own_outcome(done);
}

Task<Result<std::vector<json::Object>>> all_factors(Call& call) {
    CO_TRY(const auto all, co_await call.session.door.sessions().factors(call.actor().account.id));
    std::vector<json::Object> out;
    for (const auto& each : all)
        out.push_back({
            {"id", numbered('f', each.id)},
            {"kind", each.kind == directory::FactorKind::code ? "code" : "passkey"},
            {"name", each.name},
            {"created", json::utc_date(each.created_us)},
            {"lastUsed",
             each.used_us == 0 ? json::Value(nullptr) : json::Value(json::utc_date(each.used_us))},
        });
    co_return out;
}

/// {"kind": "code", "name", "secret" (as SecondFactor/secret gave it), "code"}.
Task<Outcome> make_factor(Call& call, const json::Object& object) {
    if (auto confirm = ask_to_confirm(call))
        co_return std::unexpected(std::move(*confirm));
    const auto name = json::text_of(object, "name");
    const auto secret = unbase64url(json::text_of(object, "secret").value_or(""));
    const auto code = json::text_of(object, "code");
    if (json::text_of(object, "kind") != "code")
        co_return refuse_property("kind", "is not one that can be made so");
    if (!name || !secret || !code)
        co_return refuse_property(!name ? "name" : !secret ? "secret" : "code", "is missing");
    auto made = co_await call.session.door.sessions().add_codes(
        call.actor().account.id, Secret<std::string>(*secret), std::string(*name),
        replace_all(*code, " ", "")
    );
    if (!made && made.error().code == Code::bad_value)
        co_return refuse_property("code", made.error().text);
    if (!made)
        co_return std::unexpected(set_error(made.error()));
    co_return json::Object{{"id", numbered('f', *made)}};
}

Task<Outcome> drop_factor(Call& call, const std::string& id) {
    if (auto confirm = ask_to_confirm(call))
        co_return std::unexpected(std::move(*confirm));
    const auto number = number_of('f', id);
    if (!number)
        co_return refuse("notFound");
    const auto done =
        co_await call.session.door.sessions().drop_factor(call.actor().account.id, *number);
    co_return own_outcome(done);
}

/// Links are not listed: who has one has seen it.
Task<Result<std::vector<json::Object>>> no_invites(Call& /*call*/) {
    co_return std::vector<json::Object>();
}

/// {"kind": "apple" or "other"}.
Task<Outcome> make_invite(Call& call, const json::Object& object) {
    const auto kind = json::text_of(object, "kind");
    if (kind != "apple" && kind != "other")
        co_return refuse_property("kind", "is neither apple nor other");
    auto& invites = call.session.door.sessions().invites();
    const auto secret = invites.add(call.actor().account.id, kind == "apple");
    co_return json::Object{
        {"id", "v" + blake2b256(secret.reveal()).hex().substr(0, 16)},
        {"url", call.session.base_url + "/s/" + secret.reveal()},
        {"expires", json::utc_date(invites.expiry())},
    };
}

const OwnKind kInviteKind{kInviteProperties, no_invites, make_invite};
const OwnKind kSessions{kSessionProperties, all_sessions, nullptr, nullptr, end_session};
const OwnKind kAppPasswords{
    kAppPasswordProperties, all_app_passwords, make_app_password, nullptr, drop_app_password
};
const OwnKind kFactors{kFactorProperties, all_factors, make_factor, nullptr, drop_factor};

} // namespace

Task<Outcome> web_session_get(Call& call, const json::Object& object) {
    return get_own(call, object, kSessions);
}
Task<Outcome> web_session_set(Call& call, const json::Object& object) {
    return set_own(call, object, kSessions);
}
Task<Outcome> device_invite_set(Call& call, const json::Object& object) {
    return set_own(call, object, kInviteKind);
}
Task<Outcome> app_password_get(Call& call, const json::Object& object) {
    return get_own(call, object, kAppPasswords);
}
Task<Outcome> app_password_set(Call& call, const json::Object& object) {
    return set_own(call, object, kAppPasswords);
}
Task<Outcome> second_factor_get(Call& call, const json::Object& object) {
    return get_own(call, object, kFactors);
}
Task<Outcome> second_factor_set(Call& call, const json::Object& object) {
    return set_own(call, object, kFactors);
}

Task<Outcome> second_factor_secret(Call& call, const json::Object& object) {
    if (const auto owner = call.account(object); !owner)
        co_return std::unexpected(owner.error());
    if (auto confirm = ask_to_confirm(call))
        co_return std::unexpected(std::move(*confirm));
    const auto secret = directory::WebSessions::new_code_secret();
    const auto text = directory::base32(secret.reveal());
    co_return json::Object{
        {"accountId", account_id(call.actor().account.id)},
        {"secret", base64url(secret.reveal())},
        {"text", text},
        {"url", fmt::format(
                    "otpauth://totp/Lockstep:{}?secret={}&issuer=Lockstep",
                    call.actor().account.address, text
                )},
    };
}

Task<Outcome> password_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto current = arguments.text("current");
    auto wanted = arguments.text("new");
    if (!current || !wanted)
        arguments.wrong(current ? "new" : "current", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!owner->own || !call.session.web)
        co_return refuse("forbidden", "a password is changed in a signed-in browser");
    const auto done = co_await call.session.door.sessions().change_password(
        {call.actor().account, *call.session.web}, Secret<std::string>(std::move(*current)),
        Secret<std::string>(std::move(*wanted)), call.session.peer
    );
    if (!done && done.error().code == Code::unauthorized)
        co_return refuse("forbidden", "wrong");
    if (!done)
        co_return std::unexpected(method_error(done.error()));
    co_return json::Object{{"accountId", account_id(owner->id)}};
}

} // namespace lockstep::jmap
