// Members of groups, and whose collections an account sees.
#include "directory/rows.hpp"

namespace lockstep::directory {
namespace {

using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kJoin{"INSERT INTO member (owner_id, account_id, granted) VALUES ($1, $2, $3) "
                    "ON CONFLICT (owner_id, account_id) DO UPDATE SET granted = excluded.granted"};
constexpr Sql kLeave{"DELETE FROM member WHERE owner_id = $1 AND account_id = $2"};
constexpr Sql kMembers{
    "SELECT " ACCOUNT_COLUMNS ", m.granted FROM " ACCOUNT_TABLES
    " JOIN member m ON m.account_id = a.account_id WHERE m.owner_id = $1 ORDER BY d.name, a.local"
};
constexpr Sql kVisible{"SELECT a.account_id, a.kind, a.name, m.granted FROM member m JOIN account "
                       "a ON a.account_id = m.owner_id "
                       "WHERE m.account_id = $1 AND a.status = 1 ORDER BY a.account_id"};
constexpr Sql kShared{"SELECT s.owner_id, a.kind, a.name, s.granted, s.coll_id FROM share s "
                      "JOIN account a ON a.account_id = s.owner_id "
                      "WHERE s.grantee_id = $1 AND a.status = 1 AND s.owner_id <> $1"};
constexpr Sql kSharedByGroup{
    "SELECT s.owner_id, a.kind, a.name, s.granted, s.coll_id FROM member m "
    "JOIN share s ON s.grantee_id = m.owner_id JOIN account a ON a.account_id = s.owner_id "
    "WHERE m.account_id = $1 AND a.status = 1 AND s.owner_id <> $1"
};
constexpr Sql kGlobal{"SELECT g.account_id, g.kind, g.name, g.default_right FROM account g JOIN "
                      "account a ON a.domain_id = g.domain_id "
                      "WHERE a.account_id = $1 AND g.account_id <> a.account_id AND "
                      "g.default_right > 0 AND g.status = 1 ORDER BY g.account_id"};

using Owners = std::map<AccountId, Visible>;

Visible& place_of(Owners& owners, const store::Rows& row) {
    auto& place = owners[row.id<AccountId>(0)];
    place.owner = row.id<AccountId>(0);
    place.kind = static_cast<AccountKind>(row.i64(1));
    place.name = row.str(2);
    return place;
}

void take_owners(Owners& owners, store::Rows rows, bool member) {
    while (rows.next()) {
        auto& place = place_of(owners, rows);
        place.right = std::max(place.right, static_cast<model::Right>(rows.i64(3)));
        place.member = place.member || member;
    }
}

void take_shares(Owners& owners, store::Rows rows) {
    while (rows.next()) {
        auto& place = place_of(owners, rows);
        const auto right = static_cast<model::Right>(rows.i64(3));
        const auto collection = rows.id<model::CollectionId>(4);
        if (collection)
            place.collections.emplace_back(collection, right);
        else
            place.right = std::max(place.right, right);
    }
}

/// One entry a collection, the greatest right, and only where it is more than on the whole.
void settle(Visible& owner) {
    auto& all = owner.collections;
    std::ranges::sort(all, std::greater{});
    const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    std::erase_if(all, [&](const auto& each) { return each.second <= owner.right; });
    std::ranges::reverse(all);
}

Result<std::vector<Visible>> read_visible(Snapshot& snapshot, AccountId id) {
    Owners owners;
    take_owners(owners, snapshot.query(kVisible, id), true);
    take_owners(owners, snapshot.query(kGlobal, id), false);
    take_shares(owners, snapshot.query(kShared, id));
    take_shares(owners, snapshot.query(kSharedByGroup, id));
    std::vector<Visible> all;
    for (auto& [owner, each] : owners) {
        settle(each);
        all.push_back(std::move(each));
    }
    return all;
}

} // namespace

Task<Result<>> Directory::add_member(AccountId owner, AccountId member, model::Right right) {
    CO_TRY(const auto group, co_await find(owner));
    CO_TRY(const auto person, co_await find(member));
    if (group.kind == AccountKind::person)
        co_return fail(Code::bad_value, group.address + " is a person, not a group");
    if (person.kind != AccountKind::person)
        co_return fail(Code::bad_value, person.address + " is not a person");
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        txn.exec(kJoin, owner, member, right);
        return true;
    };
    CO_CHECK_OK(co_await change(std::move(work)));
    if (visibility_)
        visibility_(member);
    co_return Result<>();
}

Task<Result<>> Directory::remove_member(AccountId owner, AccountId member) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (txn.exec(kLeave, owner, member) != 1)
            return fail(Code::not_found, "not a member");
        return true;
    };
    CO_CHECK_OK(co_await change(std::move(work)));
    if (visibility_)
        visibility_(member);
    co_return Result<>();
}

Task<Result<std::vector<Member>>> Directory::members(AccountId owner) {
    std::function<Result<std::vector<Member>>(Snapshot&)> work = [owner](Snapshot& snapshot
                                                                 ) -> Result<std::vector<Member>> {
        std::vector<Member> all;
        for (auto rows = snapshot.query(kMembers, owner); rows.next();)
            all.push_back({read_account(rows), static_cast<model::Right>(rows.i64(14))});
        return all;
    };
    co_return co_await db_.read_control<std::vector<Member>>(std::move(work));
}

Task<Result<std::vector<Visible>>> Directory::visible_owners(AccountId id) {
    auto kept = cached_.with([&](Cached& cached) {
        const auto found = cached.visible.find(id);
        return std::pair(
            found == cached.visible.end() ? std::nullopt : std::optional(found->second),
            cached.generation
        );
    });
    if (kept.first)
        co_return std::move(*kept.first);
    std::function<Result<std::vector<Visible>>(Snapshot&)> work = [id](Snapshot& snapshot) {
        return read_visible(snapshot, id);
    };
    auto all = co_await db_.read_control<std::vector<Visible>>(std::move(work));
    if (all)
        cached_.with([&](Cached& cached) {
            if (cached.generation != kept.second)
                return;
            if (cached.visible.size() >= limits::kDirectoryCache)
                cached.visible.clear();
            cached.visible[id] = *all;
        });
    co_return all;
}

} // namespace lockstep::directory
