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
constexpr Sql kGlobal{"SELECT g.account_id, g.kind, g.name, g.default_right FROM account g JOIN "
                      "account a ON a.domain_id = g.domain_id "
                      "WHERE a.account_id = $1 AND g.account_id <> a.account_id AND "
                      "g.default_right > 0 AND g.status = 1 ORDER BY g.account_id"};

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
    std::function<Result<std::vector<Visible>>(Snapshot&)> work =
        [id](Snapshot& snapshot) -> Result<std::vector<Visible>> {
        std::map<AccountId, Visible> owners;
        const auto take = [&owners](store::Rows rows) {
            while (rows.next()) {
                const Visible each{
                    rows.id<AccountId>(0), static_cast<AccountKind>(rows.i64(1)), rows.str(2),
                    static_cast<model::Right>(rows.i64(3))
                };
                auto& place = owners[each.owner];
                if (each.right >= place.right)
                    place = each;
            }
        };
        take(snapshot.query(kVisible, id));
        take(snapshot.query(kGlobal, id));
        std::vector<Visible> all;
        for (const auto& [owner, each] : owners)
            all.push_back(each);
        return all;
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
