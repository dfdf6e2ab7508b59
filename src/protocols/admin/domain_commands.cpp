// A domain's keys, and the records that belong to it.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/domain_keys.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

Result<office::Office*> office_for_domain(const Lent& lent) {
    if (lent.office == nullptr)
        return fail(Code::unsupported, "this is not offered here");
    return lent.office;
}

/// Whether what is published will do: the same, or (SPF, DMARC) another record of its kind.
std::string
state_of(const office::DomainRecord& wanted, const Result<std::vector<std::string>>& found) {
    if (!found)
        return "unknown: the DNS does not answer";
    if (std::ranges::find(*found, wanted.value) != found->end())
        return "ok";
    const auto kind = wanted.value.substr(0, wanted.value.find_first_of(" ;"));
    const auto other = std::ranges::find_if(*found, [&](const std::string& each) {
        return wanted.type == "TXT" && each.starts_with(kind) && !kind.starts_with("v=DKIM1");
    });
    if (other != found->end())
        return "other: " + clean_utf8(*other);
    return found->empty() ? "missing" : "wrong: " + clean_utf8(found->front());
}

} // namespace

Task<Result<Answer>> Commands::domain_dkim_new(const Request& request) {
    CO_TRY(auto* const office, office_for_domain(lent_));
    const auto domain = lower(request.arg("name"));
    const auto made = co_await office::make_domain_keys(*office, domain);
    CO_CHECK_OK(made);
    co_return Answer{
        fmt::format("New keys sign the mail of {}. `domain dns` prints their records.", domain),
        {},
        {}
    };
}

Task<Result<Answer>> Commands::domain_dkim_list(const Request& request) {
    CO_TRY(auto* const office, office_for_domain(lent_));
    CO_TRY(const auto keys, co_await office::domain_keys(*office, lower(request.arg("name"))));
    Answer answer{"", {"selector", "kind", "created"}, {}};
    for (const auto& key : keys)
        answer.rows.push_back(
            {key.signing.selector, key.signing.key.kind() == KeyKind::rsa ? "rsa" : "ed25519",
             time_text(key.created_us)}
        );
    co_return answer;
}

Task<Result<Answer>> Commands::domain_dkim_remove(const Request& request) {
    CO_TRY(auto* const office, office_for_domain(lent_));
    const auto removed = co_await office::remove_domain_key(
        *office, lower(request.arg("name")), std::string(request.arg("selector"))
    );
    CO_CHECK_OK(removed);
    co_return Answer{fmt::format("The key {} is gone.", request.arg("selector")), {}, {}};
}

Task<Result<Answer>> Commands::domain_dns(const Request& request) {
    CO_TRY(auto* const office, office_for_domain(lent_));
    CO_TRY(
        const auto records, co_await office::domain_records(*office, lower(request.arg("name")))
    );
    Answer answer{"", {"name", "type", "value", "why"}, {}};
    for (const auto& each : records)
        answer.rows.push_back({each.name, each.type, each.value, each.why});
    co_return answer;
}

Task<Result<Answer>> Commands::domain_check(const Request& request) {
    CO_TRY(auto* const office, office_for_domain(lent_));
    if (!lent_.look_up)
        co_return fail(Code::unsupported, "the check needs a running server");
    CO_TRY(
        const auto records, co_await office::domain_records(*office, lower(request.arg("name")))
    );
    Answer answer{"", {"name", "type", "state", "wanted"}, {}};
    for (const auto& each : records) {
        const auto found = co_await lent_.look_up(each.name, each.type);
        answer.rows.push_back({each.name, each.type, state_of(each, found), each.value});
    }
    co_return answer;
}

} // namespace lockstep::admin
