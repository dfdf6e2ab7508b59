// The way from an account to its rules.
#include "office/rules.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep::office {
namespace {

using directory::Account;

std::string domain_of(const Account& account) {
    return account.address.substr(account.address.rfind('@') + 1);
}

/// Wakes everybody whom a rule of this scope concerns.
Task<Result<>> wake(Office& office, std::string scope) {
    CO_TRY(const auto accounts, co_await office.directory.accounts());
    const auto tell = [&office](const Account& account) {
        office.directory.tell_visibility(account.id);
    };
    for (const auto& account : accounts) {
        const bool itself = scope == directory::account_scope(account.id);
        if (scope == directory::kServerScope || scope == directory::domain_scope(account.domain) ||
            itself)
            tell(account);
        if (!itself || account.kind != model::AccountKind::group)
            continue;
        CO_TRY(const auto members, co_await office.directory.members(account.id));
        for (const auto& member : members)
            tell(member.account);
    }
    co_return Result<>();
}

} // namespace

std::optional<std::string> RuleSet::find(std::string_view name) const {
    for (const auto& place : places_) {
        const auto scope = rules_->find(place.scope);
        if (scope == rules_->end())
            continue;
        if (const auto rule = scope->second.find(std::string(name)); rule != scope->second.end())
            return rule->second;
    }
    return std::nullopt;
}

std::string RuleSet::origin(std::string_view name) const {
    for (const auto& place : places_) {
        const auto scope = rules_->find(place.scope);
        if (scope != rules_->end() && scope->second.contains(std::string(name)))
            return place.shown;
    }
    return {};
}

bool RuleSet::has_any(std::string_view prefix) const {
    return std::ranges::any_of(places_, [&](const Place& place) {
        const auto scope = rules_->find(place.scope);
        if (scope == rules_->end())
            return false;
        const auto rule = scope->second.lower_bound(std::string(prefix));
        return rule != scope->second.end() && rule->first.starts_with(prefix);
    });
}

Task<Result<RuleSet>> rules_for(Office& office, const Account& account) {
    CO_TRY(auto rules, co_await office.directory.rules());
    std::vector<RuleSet::Place> places;
    if (rules->empty())
        co_return RuleSet(std::move(rules), std::move(places));
    places.push_back({directory::account_scope(account.id), account.address});
    CO_TRY(const auto visible, co_await office.directory.visible_owners(account.id));
    for (const auto& each : visible)
        if (each.member)
            places.push_back({directory::account_scope(each.owner), each.name});
    places.push_back({directory::domain_scope(account.domain), domain_of(account)});
    places.push_back({directory::kServerScope, "server"});
    co_return RuleSet(std::move(rules), std::move(places));
}

Task<Result<RuleSet>> rules_at(Office& office, std::string scope) {
    CO_TRY(auto rules, co_await office.directory.rules());
    std::vector<RuleSet::Place> places;
    places.push_back({scope, "here"});
    if (scope != directory::kServerScope)
        places.push_back({directory::kServerScope, "server"});
    co_return RuleSet(std::move(rules), std::move(places));
}

Term term_of(const RuleSet& rules) {
    constexpr std::string_view kUntil = "until:";
    Term term;
    const auto value = rules.find(kTerm);
    if (!value || *value == "on")
        return term;
    const auto until = value->starts_with(kUntil)
                           ? parse_int(std::string_view(*value).substr(kUntil.size()))
                           : std::nullopt;
    term.on = until.has_value();
    term.until_us = until;
    return term;
}

std::string text_of(const Term& term) {
    if (!term.on)
        return "off";
    return term.until_us ? "until:" + std::to_string(*term.until_us) : "on";
}

Task<Result<>>
set_rule(Office& office, std::string scope, std::string_view name, std::string value) {
    const auto known =
        name == kNewDevices || name == kMostDevices || name == kTerm || name.starts_with("policy.");
    if (!known)
        co_return fail(Code::bad_value, "there is no such rule");
    if (name == kNewDevices && value != "allow" && value != "quarantine" && value != "block")
        co_return fail(Code::bad_value, "new devices are: allow, quarantine or block");
    if (name == kMostDevices && parse_int<int>(value).value_or(-1) < 0)
        co_return fail(Code::bad_value, "'" + value + "' is not a number of devices");
    CO_CHECK_OK(co_await office.directory.set_rule(scope, std::string(name), std::move(value)));
    co_return co_await wake(office, std::move(scope));
}

Task<Result<>> unset_rule(Office& office, std::string scope, std::string_view name) {
    CO_CHECK_OK(co_await office.directory.drop_rule(scope, std::string(name)));
    co_return co_await wake(office, std::move(scope));
}

} // namespace lockstep::office
