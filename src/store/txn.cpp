// The rule of one ChangeSeq per account and job, and the list of changes to publish.
#include "store/database.hpp"

namespace lockstep::store {
namespace {
constexpr Sql kRaise{"UPDATE account_state SET modseq = modseq + 1 WHERE account_id = $1"};
constexpr Sql kModseq{"SELECT modseq FROM account_state WHERE account_id = $1"};
} // namespace

model::ChangeSeq Txn::modseq(model::AccountId account) {
    for (const auto& [known, seq] : raised_)
        if (known == account)
            return seq;
    if (exec(kRaise, account) != 1)
        throw SqlFailure(Code::not_found, "the account has no state in this file");
    const model::ChangeSeq seq{scalar(kModseq, account).value_or(0)};
    raised_.emplace_back(account, seq);
    return seq;
}

void Txn::require_growth() const {
    if (!may_grow())
        throw SqlFailure(Code::unavailable, "the disk is almost full: nothing new is taken");
}

void Txn::touched(const Change& change) {
    if (std::ranges::find(changes_, change) == changes_.end())
        changes_.push_back(change);
}

} // namespace lockstep::store
