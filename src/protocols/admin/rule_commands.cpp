// Rules: policies of devices, new devices, the service term; of the server, a domain, a group or an
// account.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/device_policy.hpp"
#include "office/rules.hpp"
#include "protocols/admin/office_commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

/// Where a rule stands: --account, --group, --domain, or else the server.
struct Where {
    std::string scope = directory::kServerScope;
    std::string shown = "the server";
    std::optional<directory::Account> account;
};

Task<Result<std::string>> domain_scope_of(office::Office& office, std::string name) {
    CO_TRY(const auto domains, co_await office.directory.domains());
    const auto found = std::ranges::find(domains, lower(name), &directory::Domain::name);
    if (found == domains.end())
        co_return fail(Code::not_found, "there is no domain " + name);
    co_return directory::domain_scope(found->id);
}

Task<Result<Where>> where(office::Office& office, const Request& request) {
    Where result;
    for (const auto name : {"account", "group"}) {
        if (request.arg(name).empty())
            continue;
        CO_TRY(result.account, co_await owner_of(office, request, name));
        result.scope = directory::account_scope(result.account->id);
        result.shown = result.account->address;
        co_return result;
    }
    if (!request.arg("domain").empty()) {
        result.shown = request.arg("domain");
        CO_TRY(result.scope, co_await domain_scope_of(office, result.shown));
    }
    co_return result;
}

/// What holds there: for an account all that leads to it, else the place itself and the server.
Task<Result<office::RuleSet>> rules_of(office::Office& office, Where place) {
    if (place.account && place.account->kind == model::AccountKind::person)
        co_return co_await office::rules_for(office, *place.account);
    co_return co_await office::rules_at(office, place.scope);
}

Task<Result<Answer>> policy_show(office::Office& office, Request request) {
    CO_TRY(const auto place, co_await where(office, request));
    CO_TRY(const auto rules, co_await rules_of(office, place));
    Answer answer{"", {"element", "value", "from"}, {}};
    for (const auto& element : office::policy_elements()) {
        const auto set = rules.find(office::policy_rule(element));
        const auto free =
            element.demands_not ? std::to_string(*element.demands_not) : std::string("no limit");
        answer.rows.push_back(
            {std::string(element.name), set ? *set : free,
             set ? rules.origin(office::policy_rule(element)) : std::string("default")}
        );
    }
    co_return answer;
}

Result<const office::PolicyElement*> element_of(const Request& request) {
    const auto* element = office::find_policy_element(request.arg("element"));
    if (element == nullptr)
        return fail(
            Code::not_found,
            fmt::format(
                "there is no policy '{}'; 'lockstep policy show' lists them", request.arg("element")
            )
        );
    return element;
}

Task<Result<Answer>> policy_set(office::Office& office, Request request) {
    CO_TRY(const auto place, co_await where(office, request));
    CO_TRY(const auto* element, element_of(request));
    CO_TRY(const auto value, office::check_policy_value(*element, request.arg("value")));
    CO_CHECK_OK(co_await office::set_rule(office, place.scope, office::policy_rule(*element), value)
    );
    co_return said(fmt::format("{} of {}: {}.", element->name, place.shown, value));
}

Task<Result<Answer>> policy_unset(office::Office& office, Request request) {
    CO_TRY(const auto place, co_await where(office, request));
    CO_TRY(const auto* element, element_of(request));
    CO_CHECK_OK(co_await office::unset_rule(office, place.scope, office::policy_rule(*element)));
    co_return said(fmt::format("{} is no longer set for {}.", element->name, place.shown));
}

Task<Result<Answer>> device_rule(office::Office& office, Request request) {
    CO_TRY(const auto place, co_await where(office, request));
    if (const auto word = request.arg("new-devices"); !word.empty())
        CO_CHECK_OK(
            co_await office::set_rule(office, place.scope, office::kNewDevices, std::string(word))
        );
    if (const auto most = request.arg("limit"); !most.empty())
        CO_CHECK_OK(
            co_await office::set_rule(office, place.scope, office::kMostDevices, std::string(most))
        );
    CO_TRY(const auto rules, co_await rules_of(office, place));
    co_return said(fmt::format(
        "New devices of {}: {}. Limit: {}.", place.shown,
        rules.find(office::kNewDevices).value_or("allow"),
        rules.find(office::kMostDevices).value_or("as the configuration says (eas.max_devices)")
    ));
}

std::string term_text(const office::Term& term, std::int64_t now_us) {
    if (!term.on)
        return "off: devices keep what they have and get nothing more";
    if (!term.until_us)
        return "on";
    return fmt::format(
        "{} {} UTC", term.open(now_us) ? "on trial until" : "over since", time_text(*term.until_us)
    );
}

/// Sets the term as the request says, if it does, and tells what it is.
Task<Result<Answer>> set_term(office::Office& office, Request request, Where place) {
    const auto now = office.clock.now_us();
    office::Term term;
    int given = 0;
    if (request.arg("on") == "true")
        ++given;
    if (request.arg("off") == "true") {
        ++given;
        term.on = false;
    }
    if (const auto trial = request.arg("trial"); !trial.empty()) {
        ++given;
        CO_TRY(const auto span, parse_duration(trial));
        term.until_us = now + std::chrono::microseconds(span).count();
    }
    if (given > 1)
        co_return fail(Code::bad_value, "only one of --on, --off and --trial");
    if (given == 1)
        CO_CHECK_OK(
            co_await office::set_rule(office, place.scope, office::kTerm, office::text_of(term))
        );
    CO_TRY(const auto rules, co_await rules_of(office, place));
    co_return said(
        fmt::format("Device sync of {} is {}.", place.shown, term_text(office::term_of(rules), now))
    );
}

Task<Result<Answer>> account_sync(office::Office& office, Request request) {
    Where place;
    CO_TRY(place.account, co_await owner_of(office, request, "address"));
    place.scope = directory::account_scope(place.account->id);
    place.shown = place.account->address;
    co_return co_await set_term(office, std::move(request), std::move(place));
}

Task<Result<Answer>> domain_sync(office::Office& office, Request request) {
    Where place;
    place.shown = request.arg("name");
    CO_TRY(place.scope, co_await domain_scope_of(office, place.shown));
    co_return co_await set_term(office, std::move(request), std::move(place));
}

constexpr std::array kRules = {
    OfficeCommand{"policy show", policy_show},   OfficeCommand{"policy set", policy_set},
    OfficeCommand{"policy unset", policy_unset}, OfficeCommand{"device rule", device_rule},
    OfficeCommand{"account sync", account_sync}, OfficeCommand{"domain sync", domain_sync},
};

} // namespace

std::span<const OfficeCommand> rule_commands() { return kRules; }

} // namespace lockstep::admin
