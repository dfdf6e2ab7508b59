// Usage from the account's state and its entry in the directory.
#include "office/usage.hpp"

namespace lockstep::office {

Task<Result<Usage>> usage(Office& office, const Owner& owner) {
    CO_TRY(const auto account, co_await office.directory.find(owner.id));
    std::function<Result<std::int64_t>(store::Snapshot&)> work =
        [id = owner.id](store::Snapshot& snapshot) -> Result<std::int64_t> {
        const auto state = store::account_state(snapshot, id);
        if (!state)
            return fail(Code::not_found, "the owner is gone");
        return state->used_bytes;
    };
    CO_TRY(const auto used, co_await office.db.read<std::int64_t>(owner.id, std::move(work)));
    co_return Usage{used, account.quota_bytes};
}

} // namespace lockstep::office
