// Domains and accounts: make, find, change, remove.
#include "base/text.hpp"
#include "directory/rows.hpp"

namespace lockstep::directory {
namespace {

using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kDomainByName{"SELECT domain_id FROM domain WHERE name = $1"};
constexpr Sql kInsertDomain{"INSERT INTO domain (domain_id, name, created_us) VALUES ($1, $2, $3)"};
constexpr Sql kDomains{"SELECT domain_id, name FROM domain ORDER BY name"};
constexpr Sql kDomainUsed{"SELECT 1 FROM account WHERE domain_id = $1 LIMIT 1"};
constexpr Sql kDropDomain{"DELETE FROM domain WHERE domain_id = $1"};
constexpr Sql kAddressTaken{"SELECT account_id FROM address WHERE address = $1"};
constexpr Sql kInsertAddress{"INSERT INTO address (address, account_id) VALUES ($1, $2)"};
constexpr Sql kInsertAccount{
    "INSERT INTO account (account_id, domain_id, kind, local, name, language, zone, verifier, "
    "generation, doors, quota_bytes, status, "
    "default_right, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, 0, $10, $11, $12)"
};
constexpr Sql kAll{"SELECT " ACCOUNT_COLUMNS " FROM " ACCOUNT_TABLES
                   " WHERE a.status <> 0 ORDER BY d.name, a.local"};
constexpr Sql kMakingOnes{"SELECT " ACCOUNT_COLUMNS " FROM " ACCOUNT_TABLES " WHERE a.status = 0"};
constexpr Sql kById{"SELECT " ACCOUNT_COLUMNS " FROM " ACCOUNT_TABLES
                    " WHERE a.account_id = $1 AND a.status <> 0"};
constexpr Sql kByAddress{
    "SELECT " ACCOUNT_COLUMNS " FROM " ACCOUNT_TABLES
    " JOIN address x ON x.account_id = a.account_id WHERE x.address = $1 AND a.status <> 0"
};
constexpr Sql kSetStatus{
    "UPDATE account SET status = $2, generation = generation + 1 WHERE account_id = $1"
};
constexpr Sql kSetQuota{"UPDATE account SET quota_bytes = $2 WHERE account_id = $1"};
constexpr Sql kSetDoors{
    "UPDATE account SET doors = $2, generation = generation + 1 WHERE account_id = $1"
};
constexpr Sql kDropAlias{"DELETE FROM address WHERE account_id = $1 AND address = $2"};
constexpr Sql kAddresses{"SELECT address FROM address WHERE account_id = $1 ORDER BY address"};
constexpr Sql kWhoSees{"SELECT account_id FROM member WHERE owner_id = $1 UNION "
                       "SELECT a.account_id FROM account g JOIN account a ON a.domain_id = "
                       "g.domain_id WHERE g.account_id = $1 AND g.default_right > 0 AND "
                       "a.account_id <> g.account_id"};
constexpr Sql kDropAccount[] = {
    {"DELETE FROM account WHERE account_id = $1"},
    {"DELETE FROM address WHERE account_id = $1"},
    {"DELETE FROM app_password WHERE account_id = $1"},
    {"DELETE FROM member WHERE owner_id = $1"},
    {"DELETE FROM member WHERE account_id = $1"},
    {"DELETE FROM share WHERE owner_id = $1"},
    {"DELETE FROM share WHERE grantee_id = $1"},
    {"DELETE FROM web_session WHERE account_id = $1"},
    {"DELETE FROM second_factor WHERE account_id = $1"},
};

std::optional<Account> first_account(store::Rows rows) {
    if (!rows.next())
        return std::nullopt;
    return read_account(rows);
}

} // namespace

void Directory::forget() {
    cached_.with([](Cached& cached) {
        const auto generation = cached.generation + 1;
        cached = {};
        cached.generation = generation;
    });
}

Task<Result<Domain>> Directory::add_domain(std::string name) {
    CO_TRY(const auto canonical, canonical_domain(name));
    const auto now = clock_.now_us();
    std::function<Result<Domain>(Txn&)> work = [canonical, now](Txn& txn) -> Result<Domain> {
        if (txn.scalar(kDomainByName, canonical))
            return fail(Code::exists, "the domain " + canonical + " is there already");
        Domain domain{{next_number(txn, "domain")}, canonical};
        txn.exec(kInsertDomain, domain.id, canonical, now);
        return domain;
    };
    auto made = co_await db_.write_control<Domain>(std::move(work));
    forget();
    co_return made;
}

Task<Result<std::vector<Domain>>> Directory::domains() {
    auto kept =
        cached_.with([](Cached& cached) { return std::pair(cached.domains, cached.generation); });
    if (kept.first)
        co_return std::move(*kept.first);
    std::function<Result<std::vector<Domain>>(Snapshot&)> work = [](Snapshot& snapshot
                                                                 ) -> Result<std::vector<Domain>> {
        std::vector<Domain> all;
        for (auto rows = snapshot.query(kDomains); rows.next();)
            all.push_back({rows.id<model::DomainId>(0), rows.str(1)});
        return all;
    };
    auto all = co_await db_.read_control<std::vector<Domain>>(std::move(work));
    if (all)
        cached_.with([&](Cached& cached) {
            if (cached.generation == kept.second)
                cached.domains = *all;
        });
    co_return all;
}

Task<Result<bool>> Directory::is_local_domain(std::string domain) {
    const auto name = lower(domain);
    CO_TRY(const auto all, co_await domains());
    co_return std::ranges::any_of(all, [&](const Domain& each) { return each.name == name; });
}

Task<Result<>> Directory::remove_domain(std::string name) {
    CO_TRY(const auto canonical, canonical_domain(name));
    std::function<Result<bool>(Txn&)> work = [canonical](Txn& txn) -> Result<bool> {
        const auto id = txn.scalar(kDomainByName, canonical);
        if (!id)
            return fail(Code::not_found, "there is no domain " + canonical);
        if (txn.scalar(kDomainUsed, *id))
            return fail(Code::conflict, "the domain " + canonical + " still has accounts");
        txn.exec(kDropDomain, *id);
        drop_rules(txn, domain_scope(model::DomainId{*id}));
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<Account>> Directory::add_account(NewAccount wanted) {
    CO_TRY(const auto address, canonical_address(wanted.address));
    std::string verifier;
    if (!wanted.password.reveal().empty()) {
        std::function<Result<std::string>()> hash = [password = wanted.password] {
            return hash_password(password.reveal());
        };
        CO_TRY(verifier, co_await workers_.run<std::string>(std::move(hash)));
    }
    const auto at = address.rfind('@');
    if (wanted.name.empty())
        wanted.name = address.substr(0, at);
    std::function<Result<AccountId>(Txn&)> work = [=, now = clock_.now_us()](Txn& txn
                                                  ) -> Result<AccountId> {
        const auto domain = txn.scalar(kDomainByName, address.substr(at + 1));
        if (!domain)
            return fail(
                Code::not_found, "there is no domain " + address.substr(at + 1) + ": add it first"
            );
        if (txn.scalar(kAddressTaken, address))
            return fail(Code::exists, "the address " + address + " is taken");
        const AccountId id{next_number(txn, "account")};
        txn.exec(
            kInsertAccount, id, *domain, wanted.kind, address.substr(0, at), wanted.name,
            wanted.language, wanted.zone, verifier, kAllDoors, kMaking, wanted.default_right, now
        );
        txn.exec(kInsertAddress, address, id);
        return id;
    };
    CO_TRY(const auto id, co_await db_.write_control<AccountId>(std::move(work)));
    CO_CHECK_OK(co_await make_shard_rows(id, wanted.kind, wanted.name));
    co_return co_await find(id);
}

Task<Result<>> Directory::make_shard_rows(AccountId id, AccountKind kind, std::string name) {
    std::int64_t random = 0;
    const auto bytes = random_bytes(sizeof random);
    std::memcpy(&random, bytes.data(), sizeof random);
    const auto epoch = (random & 0x3FFFFFFFFFFFFFFF) + 1;
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (store::account_state(txn, id))
            return true; // an interrupted creation that got this far
        store::create_account_state(txn, id, epoch);
        CHECK_OK(make_default_collections(txn, id, kind, name));
        return true;
    };
    CO_CHECK_OK(co_await db_.write<bool>(id, std::move(work)));
    CO_CHECK_OK(co_await update(id, kSetStatus, kActive));
    co_return Result<>();
}

Task<Result<>> Directory::change(std::function<Result<bool>(Txn&)> work) {
    const auto done = co_await db_.write_control<bool>(std::move(work));
    forget();
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<>> Directory::update(AccountId id, const Sql& sql, std::int64_t value) {
    std::function<Result<bool>(Txn&)> work = [id, &sql, value](Txn& txn) -> Result<bool> {
        if (txn.exec(sql, id, value) != 1)
            return fail(Code::not_found, "no such account");
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<std::vector<Account>>> Directory::accounts() {
    std::function<Result<std::vector<Account>>(Snapshot&)> work =
        [](Snapshot& snapshot) -> Result<std::vector<Account>> {
        std::vector<Account> all;
        for (auto rows = snapshot.query(kAll); rows.next();)
            all.push_back(read_account(rows));
        return all;
    };
    co_return co_await db_.read_control<std::vector<Account>>(std::move(work));
}

Task<Result<Account>> Directory::find(std::string address) {
    CO_TRY(const auto canonical, canonical_address(address));
    auto kept = cached_.with([&](Cached& cached) {
        const auto found = cached.by_address.find(canonical);
        return std::pair(
            found == cached.by_address.end() ? std::nullopt : std::optional(found->second),
            cached.generation
        );
    });
    if (kept.first)
        co_return std::move(*kept.first);
    std::function<Result<Account>(Snapshot&)> work = [canonical](Snapshot& snapshot
                                                     ) -> Result<Account> {
        auto found = first_account(snapshot.query(kByAddress, canonical));
        if (!found)
            return fail(Code::not_found, "there is no account " + canonical);
        return *found;
    };
    auto found = co_await db_.read_control<Account>(std::move(work));
    if (found)
        cached_.with([&](Cached& cached) {
            if (cached.generation != kept.second)
                return;
            if (cached.by_address.size() >= limits::kDirectoryCache)
                cached.by_address.clear();
            cached.by_address[canonical] = *found;
        });
    co_return found;
}

Task<Result<Account>> Directory::find(AccountId id) {
    auto kept = cached_.with([&](Cached& cached) {
        const auto found = cached.by_id.find(id);
        return std::pair(
            found == cached.by_id.end() ? std::nullopt : std::optional(found->second),
            cached.generation
        );
    });
    if (kept.first)
        co_return std::move(*kept.first);
    std::function<Result<Account>(Snapshot&)> work = [id](Snapshot& snapshot) -> Result<Account> {
        auto found = first_account(snapshot.query(kById, id));
        if (!found)
            return fail(Code::not_found, "no such account");
        return *found;
    };
    auto found = co_await db_.read_control<Account>(std::move(work));
    if (found)
        cached_.with([&](Cached& cached) {
            if (cached.generation != kept.second)
                return;
            if (cached.by_id.size() >= limits::kDirectoryCache)
                cached.by_id.clear();
            cached.by_id[id] = *found;
        });
    co_return found;
}

Task<Result<>> Directory::remove_account(AccountId id) {
    // The door closes first; a crash between the two leaves rows that nobody can reach and `verify
    // --repair` removes.
    std::function<Result<std::vector<AccountId>>(Txn&)> control =
        [id](Txn& txn) -> Result<std::vector<AccountId>> {
        std::vector<AccountId> watchers;
        for (auto rows = txn.query(kWhoSees, id); rows.next();)
            watchers.push_back(rows.id<AccountId>(0));
        bool there = false;
        for (const auto& statement : kDropAccount)
            there = txn.exec(statement, id) > 0 || there;
        drop_rules(txn, account_scope(id));
        if (!there)
            return fail(Code::not_found, "no such account");
        return watchers;
    };
    const auto watchers = co_await db_.write_control<std::vector<AccountId>>(std::move(control));
    forget();
    if (!watchers)
        co_return std::unexpected(watchers.error());
    if (visibility_)
        for (const auto each : *watchers)
            visibility_(each);
    std::function<Result<bool>(Txn&)> shard = [id](Txn& txn) -> Result<bool> {
        store::erase_account(txn, id);
        return true;
    };
    CO_CHECK_OK(co_await db_.write<bool>(id, std::move(shard)));
    co_return Result<>();
}

Task<Result<>> Directory::set_quota(AccountId id, std::int64_t bytes) {
    co_return co_await update(id, kSetQuota, bytes);
}
Task<Result<>> Directory::set_doors(AccountId id, std::int64_t doors) {
    co_return co_await update(id, kSetDoors, doors);
}
Task<Result<>> Directory::set_enabled(AccountId id, bool enabled) {
    co_return co_await update(id, kSetStatus, enabled ? kActive : kDisabled);
}

Task<Result<>> Directory::add_alias(AccountId id, std::string address) {
    CO_TRY(const auto canonical, canonical_address(address));
    std::function<Result<bool>(Txn&)> work = [id, canonical](Txn& txn) -> Result<bool> {
        if (!txn.scalar(kDomainByName, canonical.substr(canonical.rfind('@') + 1)))
            return fail(Code::not_found, "the domain of " + canonical + " is not served here");
        if (txn.scalar(kAddressTaken, canonical))
            return fail(Code::exists, "the address " + canonical + " is taken");
        txn.exec(kInsertAddress, canonical, id);
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<>> Directory::remove_alias(AccountId id, std::string address) {
    CO_TRY(const auto canonical, canonical_address(address));
    CO_TRY(const auto account, co_await find(id));
    if (account.address == canonical)
        co_return fail(Code::bad_value, "an account's own address cannot be removed");
    std::function<Result<bool>(Txn&)> work = [id, canonical](Txn& txn) -> Result<bool> {
        if (txn.exec(kDropAlias, id, canonical) != 1)
            return fail(Code::not_found, "no such alias");
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<std::vector<std::string>>> Directory::addresses(AccountId id) {
    std::function<Result<std::vector<std::string>>(Snapshot&)> work =
        [id](Snapshot& snapshot) -> Result<std::vector<std::string>> {
        std::vector<std::string> all;
        for (auto rows = snapshot.query(kAddresses, id); rows.next();)
            all.push_back(rows.str(0));
        return all;
    };
    co_return co_await db_.read_control<std::vector<std::string>>(std::move(work));
}

Task<Result<AccountId>> Directory::recipient(std::string address) {
    CO_TRY(const auto canonical, canonical_address(address));
    auto found = co_await find(canonical);
    const auto at = canonical.rfind('@');
    const auto plus = canonical.find('+');
    if (!found && plus != std::string::npos && plus > 0 && plus < at)
        found = co_await find(canonical.substr(0, plus) + canonical.substr(at));
    if (!found)
        co_return std::unexpected(found.error());
    if (!found->enabled)
        co_return fail(Code::not_found, "the account is disabled");
    co_return found->id;
}

Task<Result<>> Directory::open() {
    std::function<Result<std::string>(Txn&)> key = [](Txn& txn) -> Result<std::string> {
        static constexpr Sql kFind{"SELECT bytes FROM secret WHERE name = 'app-password-key'"};
        static constexpr Sql kInsert{
            "INSERT INTO secret (name, bytes) VALUES ('app-password-key', $1)"
        };
        auto rows = txn.query(kFind);
        if (rows.next())
            return rows.str(0);
        const auto made = random_bytes(32);
        txn.exec(kInsert, store::Bytes{made});
        return made;
    };
    CO_TRY(auto loaded, co_await db_.write_control<std::string>(std::move(key)));
    app_key_ = Secret<std::string>(std::move(loaded));
    std::function<Result<std::vector<Account>>(Snapshot&)> unfinished =
        [](Snapshot& snapshot) -> Result<std::vector<Account>> {
        std::vector<Account> all;
        for (auto rows = snapshot.query(kMakingOnes); rows.next();)
            all.push_back(read_account(rows));
        return all;
    };
    CO_TRY(
        const auto making, co_await db_.read_control<std::vector<Account>>(std::move(unfinished))
    );
    for (const auto& account : making)
        CO_CHECK_OK(co_await make_shard_rows(account.id, account.kind, account.name));
    co_return Result<>();
}

} // namespace lockstep::directory
