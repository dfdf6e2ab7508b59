// Shares: what an owner lets other people and groups do with its collections.
#include "base/text.hpp"
#include "directory/rows.hpp"

namespace lockstep::directory {
namespace {

using model::CollectionId;
using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kGrant{"INSERT INTO share (owner_id, coll_id, grantee_id, granted) VALUES ($1, $2, "
                     "$3, $4) ON CONFLICT (owner_id, coll_id, grantee_id) DO UPDATE SET granted = "
                     "excluded.granted"};
constexpr Sql kRevoke{"DELETE FROM share WHERE owner_id = $1 AND coll_id = $2 AND grantee_id = $3"};
constexpr Sql kCountShares{"SELECT count(*) FROM share WHERE owner_id = $1"};
constexpr Sql kShares{
    "SELECT " ACCOUNT_COLUMNS ", s.coll_id, s.granted FROM " ACCOUNT_TABLES
    " JOIN share s ON s.grantee_id = a.account_id WHERE s.owner_id = $1 ORDER BY s.coll_id, "
    "d.name, a.local"
};
constexpr Sql kDropShares{"DELETE FROM share WHERE owner_id = $1 AND coll_id = $2"};

} // namespace

Task<Result<std::vector<AccountId>>> Directory::people_of(const Account& account) {
    std::vector<AccountId> people;
    if (account.kind != AccountKind::group) {
        people.push_back(account.id);
        co_return people;
    }
    CO_TRY(const auto all, co_await members(account.id));
    for (const auto& each : all)
        people.push_back(each.account.id);
    co_return people;
}

Task<Result<>> Directory::set_share(
    AccountId owner, CollectionId collection, AccountId grantee, model::Right right
) {
    CO_TRY(const auto giver, co_await find(owner));
    CO_TRY(const auto taker, co_await find(grantee));
    if (owner == grantee)
        co_return fail(Code::bad_value, giver.address + " has every right on its own folders");
    if (taker.kind != AccountKind::person && taker.kind != AccountKind::group)
        co_return fail(Code::bad_value, taker.address + " is neither a person nor a group");
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (right == model::Right::none) {
            if (txn.exec(kRevoke, owner, collection, grantee) != 1)
                return fail(Code::not_found, "there is no such share");
            return true;
        }
        txn.exec(kGrant, owner, collection, grantee, right);
        if (txn.scalar(kCountShares, owner).value_or(0) >
            static_cast<std::int64_t>(limits::kShares))
            return fail(Code::too_large, "the owner shares too much");
        return true;
    };
    CO_CHECK_OK(co_await change(std::move(work)));
    CO_TRY(const auto people, co_await people_of(taker));
    for (const auto each : people)
        tell_visibility(each);
    co_return Result<>();
}

Task<Result<std::vector<Share>>> Directory::shares(AccountId owner) {
    std::function<Result<std::vector<Share>>(Snapshot&)> work = [owner](Snapshot& snapshot
                                                                ) -> Result<std::vector<Share>> {
        std::vector<Share> all;
        for (auto rows = snapshot.query(kShares, owner); rows.next();)
            all.push_back(
                {owner, rows.id<CollectionId>(14), read_account(rows),
                 static_cast<model::Right>(rows.i64(15))}
            );
        return all;
    };
    co_return co_await db_.read_control<std::vector<Share>>(std::move(work));
}

Task<Result<>> Directory::drop_shares(AccountId owner, CollectionId collection) {
    if (!collection)
        co_return fail(Code::bad_value, "no collection");
    CO_TRY(const auto all, co_await shares(owner));
    if (std::ranges::find(all, collection, &Share::collection) == all.end())
        co_return Result<>();
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        txn.exec(kDropShares, owner, collection);
        return true;
    };
    CO_CHECK_OK(co_await change(std::move(work)));
    for (const auto& each : all) {
        if (each.collection != collection)
            continue;
        CO_TRY(const auto people, co_await people_of(each.grantee));
        for (const auto person : people)
            tell_visibility(person);
    }
    co_return Result<>();
}

} // namespace lockstep::directory
