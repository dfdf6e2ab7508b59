// Rights, kept in the directory (directory/shares.cpp).
#include "office/rights.hpp"

#include <algorithm>

#include "office/share_news.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using model::CollectionId;
using model::Right;

/// Fails unless the folder is there and the actor may share it. Right::delegate is the owner's
/// alone to give.
Task<Result<Right>>
sharing_right(Office& office, const Actor& actor, AccountId owner, CollectionId folder) {
    CO_TRY(const auto right, co_await effective_right(office, actor, owner, folder));
    if (right < Right::read)
        co_return fail(Code::not_found, "no such folder");
    if (right < Right::own)
        co_return fail(Code::forbidden, "the folder is not the actor's to share");
    if (!folder)
        co_return right;
    std::function<Result<bool>(store::Snapshot&)> work = [owner, folder](store::Snapshot& snapshot
                                                         ) -> Result<bool> {
        return store::find_collection(snapshot, owner, folder).has_value();
    };
    CO_TRY(const auto there, co_await office.db.read<bool>(owner, std::move(work)));
    if (!there)
        co_return fail(Code::not_found, "no such folder");
    co_return right;
}

/// What was given to somebody until now.
Task<Result<Right>>
given_right(Office& office, AccountId owner, CollectionId folder, AccountId grantee) {
    CO_TRY(const auto all, co_await office.directory.shares(owner));
    for (const auto& each : all)
        if (each.collection == folder && each.grantee.id == grantee)
            co_return each.right;
    co_return Right::none;
}

} // namespace

Task<Result<Right>>
effective_right(Office& office, const Actor& actor, AccountId owner, CollectionId folder) {
    if (owner == actor.account.id)
        co_return Right::delegate;
    CO_TRY(const auto visible, co_await office.directory.visible_owners(actor.account.id));
    const auto found = std::ranges::find(visible, owner, &directory::Visible::owner);
    if (found == visible.end())
        co_return Right::none;
    auto right = found->right;
    for (const auto& [id, given] : found->collections)
        if (id == folder)
            right = std::max(right, given);
    co_return right;
}

Task<Result<std::vector<Grant>>>
list_grants(Office& office, const Actor& actor, AccountId owner, CollectionId folder) {
    CO_TRY(const auto right, co_await sharing_right(office, actor, owner, folder));
    static_cast<void>(right);
    CO_TRY(auto all, co_await office.directory.shares(owner));
    std::erase_if(all, [folder](const Grant& each) { return each.collection != folder; });
    co_return all;
}

Task<Result<>> grant(
    Office& office, const Actor& actor, AccountId owner, CollectionId folder, AccountId grantee,
    Right right
) {
    CO_TRY(const auto mine, co_await sharing_right(office, actor, owner, folder));
    if (right == Right::none)
        co_return fail(Code::bad_value, "no right is nothing to give");
    if (right > mine)
        co_return fail(Code::forbidden, "nobody gives more than it has");
    CO_TRY(const auto before, co_await given_right(office, owner, folder, grantee));
    CO_CHECK_OK(co_await office.directory.set_share(owner, folder, grantee, right));
    co_await tell_share(office, actor, owner, folder, grantee, before, right);
    co_return Result<>();
}

Task<Result<>> revoke(
    Office& office, const Actor& actor, AccountId owner, CollectionId folder, AccountId grantee
) {
    if (grantee != actor.account.id) {
        CO_TRY(const auto right, co_await sharing_right(office, actor, owner, folder));
        static_cast<void>(right);
    }
    CO_TRY(const auto before, co_await given_right(office, owner, folder, grantee));
    CO_CHECK_OK(co_await office.directory.set_share(owner, folder, grantee, Right::none));
    co_await tell_share(office, actor, owner, folder, grantee, before, Right::none);
    co_return Result<>();
}

} // namespace lockstep::office
