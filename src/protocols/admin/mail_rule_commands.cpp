// What becomes of an account's arriving mail: forwarding and Sieve scripts; and a domain's
// catch-all.
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/forwarding.hpp"
#include "office/sieve.hpp"
#include "protocols/admin/office_commands.hpp"

namespace lockstep::admin {
namespace {

Task<Result<Answer>> account_forward(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const auto to = request.arg("to");
    if (!to.empty() || request.arg("off") == "true") {
        office::Forwarding wanted;
        wanted.keep = request.arg("only") != "true";
        for (const auto each : split(to, ','))
            if (!trim(each).empty())
                wanted.addresses.emplace_back(trim(each));
        const auto set = co_await office::set_forwarding(office, account.id, std::move(wanted));
        CO_CHECK_OK(set);
    }
    CO_TRY(const auto now, co_await office::forwarding(office, account.id));
    Answer answer{"", {"address", "to", "keep"}, {}};
    for (const auto& each : now.addresses)
        answer.rows.push_back({account.address, each, now.keep ? "yes" : "no"});
    co_return answer;
}

Task<Result<Answer>> domain_catch_all(office::Office& office, Request request) {
    const auto domain = lower(request.arg("name"));
    const std::string wanted(request.arg("address"));
    if (!wanted.empty()) {
        const auto set = co_await office::set_catch_all(
            office, domain, wanted == "off" ? std::string() : wanted
        );
        CO_CHECK_OK(set);
    }
    CO_TRY(const auto now, co_await office::catch_all(office, domain));
    Answer answer{"", {"domain", "catch-all"}, {}};
    answer.rows.push_back({domain, now.empty() ? "off" : now});
    co_return answer;
}

Task<Result<Answer>> sieve_list(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    CO_TRY(const auto scripts, co_await office::sieve_scripts(office, account.id));
    Answer answer{"", {"script", "active", "bytes"}, {}};
    for (const auto& each : scripts)
        answer.rows.push_back(
            {each.name, each.active ? "yes" : "no", static_cast<std::int64_t>(each.text.size())}
        );
    co_return answer;
}

Task<Result<Answer>> sieve_show(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    CO_TRY(
        const auto script,
        co_await office::sieve_script(office, account.id, std::string(request.arg("script")))
    );
    co_return said(script.text);
}

Task<Result<Answer>> sieve_put(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const std::string name(request.arg("script"));
    const auto put = co_await office::put_sieve_script(
        office, account.id, name, std::string(request.arg("text"))
    );
    // The author's own mistake, with its line: said as it is.
    if (!put && put.error().code == Code::bad_syntax)
        co_return fail(Code::bad_value, put.error().text);
    CO_CHECK_OK(put);
    co_return said(fmt::format("{} has the script {}.", account.address, name));
}

Task<Result<Answer>> sieve_activate(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const std::string name(request.arg("script"));
    const auto done = co_await office::activate_sieve_script(office, account.id, name);
    CO_CHECK_OK(done);
    co_return said(
        name.empty() ? fmt::format("No script of {} is active.", account.address)
                     : fmt::format("{} is the active script of {}.", name, account.address)
    );
}

Task<Result<Answer>> sieve_remove(office::Office& office, Request request) {
    CO_TRY(const auto account, co_await owner_of(office, request, "address"));
    const auto done =
        co_await office::drop_sieve_script(office, account.id, std::string(request.arg("script")));
    CO_CHECK_OK(done);
    co_return said("The script is gone.");
}

constexpr std::array kMailRuleCommands = {
    OfficeCommand{"account forward", account_forward},
    OfficeCommand{"domain catch-all", domain_catch_all},
    OfficeCommand{"account sieve list", sieve_list},
    OfficeCommand{"account sieve show", sieve_show},
    OfficeCommand{"account sieve put", sieve_put},
    OfficeCommand{"account sieve activate", sieve_activate},
    OfficeCommand{"account sieve remove", sieve_remove},
};

} // namespace

std::span<const OfficeCommand> mail_rule_commands() { return kMailRuleCommands; }

} // namespace lockstep::admin
