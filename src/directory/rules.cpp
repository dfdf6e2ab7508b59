// Rules: named values of the server, a domain, a group or an account, few and read at each request.
// Invariants: all of them are in memory; a change takes effect at once. What a name means, its
// form and its default are said where it is used (office/), never here.
#include "directory/rows.hpp"

namespace lockstep::directory {
namespace {

using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kAllRules{"SELECT scope, name, value FROM rule"};
constexpr Sql kSetRule{"INSERT INTO rule (scope, name, value) VALUES ($1, $2, $3) "
                       "ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value"};
constexpr Sql kDropRule{"DELETE FROM rule WHERE scope = $1 AND name = $2"};
constexpr Sql kDropScope{"DELETE FROM rule WHERE scope = $1"};

} // namespace

std::string domain_scope(model::DomainId id) { return "domain:" + std::to_string(id.value); }
std::string account_scope(AccountId id) { return "account:" + std::to_string(id.value); }

void drop_rules(Txn& txn, const std::string& scope) { txn.exec(kDropScope, scope); }

Task<Result<std::shared_ptr<const Rules>>> Directory::rules() {
    auto kept =
        cached_.with([](Cached& cached) { return std::pair(cached.rules, cached.generation); });
    if (kept.first)
        co_return std::move(kept.first);
    std::function<Result<std::shared_ptr<const Rules>>(Snapshot&)> work =
        [](Snapshot& snapshot) -> Result<std::shared_ptr<const Rules>> {
        auto all = std::make_shared<Rules>();
        for (auto rows = snapshot.query(kAllRules); rows.next();)
            (*all)[rows.str(0)][rows.str(1)] = rows.str(2);
        return all;
    };
    auto all = co_await db_.read_control<std::shared_ptr<const Rules>>(std::move(work));
    if (all)
        cached_.with([&](Cached& cached) {
            if (cached.generation == kept.second)
                cached.rules = *all;
        });
    co_return all;
}

Task<Result<>> Directory::set_rule(std::string scope, std::string name, std::string value) {
    if (value.size() > limits::kRuleBytes)
        co_return fail(Code::too_large, "the value is too long");
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        txn.exec(kSetRule, scope, name, value);
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<>> Directory::drop_rule(std::string scope, std::string name) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (txn.exec(kDropRule, scope, name) != 1)
            return fail(Code::not_found, name + " is not set there");
        return true;
    };
    co_return co_await change(std::move(work));
}

} // namespace lockstep::directory
