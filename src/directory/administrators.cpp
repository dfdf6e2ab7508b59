// The rule that makes an account an administrator.
#include "directory/administrators.hpp"

namespace lockstep::directory {
namespace {

constexpr const char* kAdminRule = "admin";

} // namespace

Task<Result<bool>> is_administrator(Directory& directory, AccountId account) {
    CO_TRY(const auto rules, co_await directory.rules());
    const auto scope = rules->find(account_scope(account));
    if (scope == rules->end())
        co_return false;
    const auto rule = scope->second.find(kAdminRule);
    co_return rule != scope->second.end() && rule->second == "on";
}

Task<Result<>> set_administrator(Directory& directory, AccountId account, bool administrates) {
    auto scope = account_scope(account);
    co_return co_await directory.set_rule(
        std::move(scope), kAdminRule, administrates ? "on" : "off"
    );
}

} // namespace lockstep::directory
