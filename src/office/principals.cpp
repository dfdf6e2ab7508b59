// Principals from the directory.
#include "office/principals.hpp"

#include <algorithm>

namespace lockstep::office {

Task<Result<std::vector<Principal>>> principals(Office& office, const Actor& actor) {
    CO_TRY(const auto accounts, co_await office.directory.accounts());
    std::vector<Principal> out;
    for (const auto& each : accounts)
        if (each.domain == actor.account.domain && (each.enabled || each.id == actor.account.id))
            out.push_back(
                {each.id, each.kind, each.name.empty() ? each.address : each.name, each.address,
                 each.zone}
            );
    std::ranges::sort(out, {}, &Principal::account);
    co_return out;
}

} // namespace lockstep::office
