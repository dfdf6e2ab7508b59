// The directory: domains, accounts, addresses, members, passwords, and who may sign in.
// Invariants: the control file has one writer, this class; what it caches is dropped with each
// write, so a change takes effect at once. An account's rows in its shard are made before the
// account becomes active; an interrupted creation resumes at open. Errors: not_found, exists,
// bad_value (names, addresses), forbidden (door off, disabled), unauthorized, throttled.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/locked.hpp"
#include "base/workers.hpp"
#include "directory/credential_cache.hpp"
#include "directory/limiter.hpp"
#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::directory {

using model::AccountId;
using model::AccountKind;

/// The doors an account may use; bits of Account::doors, and the scopes of app passwords.
enum class Door : std::int64_t { activesync = 1, imap = 2, web = 4, dav = 8, smtp = 16 };
inline constexpr std::int64_t kAllDoors = 31;
[[nodiscard]] std::string_view name_of(Door door);

struct Domain {
    model::DomainId id;
    std::string name;
};

struct Account {
    AccountId id;
    model::DomainId domain;
    AccountKind kind = AccountKind::person;
    std::string address;         ///< local@domain, lower case
    std::string name;            ///< as shown to people
    std::string language;        ///< BCP 47: "en", "de"
    std::string zone;            ///< IANA
    std::string verifier;        ///< argon2id; empty: no password sign-in
    std::int64_t generation = 0; ///< raised with each change of a password or switch
    std::int64_t doors = kAllDoors;
    std::int64_t quota_bytes = 0; ///< 0: none
    bool enabled = true;
    model::Right default_right =
        model::Right::none; ///< what everybody of the domain may do (global accounts)
};

struct NewAccount {
    std::string address;
    AccountKind kind = AccountKind::person;
    std::string name;
    std::string language = "en";
    std::string zone = "Europe/Berlin";
    Secret<std::string> password; ///< empty: none
    model::Right default_right = model::Right::none;
};

struct AppPassword {
    std::int64_t id = 0;
    std::string name;
    std::int64_t scope = 0;
    std::int64_t created_us = 0;
};

/// An owner whose collections somebody sees, with the right that person has on them.
struct Visible {
    AccountId owner;
    AccountKind kind = AccountKind::group;
    std::string name;
    model::Right right = model::Right::none; ///< on all of its collections
    /// Collections with a greater right than that, in order of their ids.
    std::vector<std::pair<model::CollectionId, model::Right>> collections = {};
    bool member = false; ///< the person belongs to this group
};

/// What an owner lets a person or a group do with one of its collections (none: with all of them).
struct Share {
    AccountId owner;
    model::CollectionId collection;
    Account grantee;
    model::Right right = model::Right::none;
};

/// Rules by scope and name; what a name means is said where it is used (office/).
using Rules = std::map<std::string, std::map<std::string, std::string>, std::less<>>;
inline constexpr const char* kServerScope = "server";
[[nodiscard]] std::string domain_scope(model::DomainId id);
[[nodiscard]] std::string account_scope(AccountId id); ///< of a group too

struct Member {
    Account account;
    model::Right right = model::Right::none;
};

class Directory {
public:
    struct Options {
        std::string default_domain;
        LimiterOptions limiter;
    };
    Directory(store::Database& db, Clock& clock, Workers& workers, Options options);
    /// Takes effect with the next sign-in.
    void set(Options options);

    /// Finishes interrupted creations and loads the key of app passwords. Call once before use.
    [[nodiscard]] Task<Result<>> open();

    [[nodiscard]] Task<Result<Domain>> add_domain(std::string name);
    [[nodiscard]] Task<Result<std::vector<Domain>>> domains();
    /// Error conflict while accounts remain.
    [[nodiscard]] Task<Result<>> remove_domain(std::string name);

    [[nodiscard]] Task<Result<Account>> add_account(NewAccount wanted);
    [[nodiscard]] Task<Result<std::vector<Account>>> accounts();
    [[nodiscard]] Task<Result<Account>> find(std::string address);
    [[nodiscard]] Task<Result<Account>> find(AccountId id);
    /// Removes the account, its addresses, memberships and every row of its shard.
    [[nodiscard]] Task<Result<>> remove_account(AccountId id);
    [[nodiscard]] Task<Result<>> set_password(AccountId id, Secret<std::string> password);
    [[nodiscard]] Task<Result<>> set_quota(AccountId id, std::int64_t bytes);
    [[nodiscard]] Task<Result<>> set_doors(AccountId id, std::int64_t doors);
    [[nodiscard]] Task<Result<>> set_enabled(AccountId id, bool enabled);
    [[nodiscard]] Task<Result<>> add_alias(AccountId id, std::string address);
    [[nodiscard]] Task<Result<>> remove_alias(AccountId id, std::string address);
    [[nodiscard]] Task<Result<std::vector<std::string>>> addresses(AccountId id);

    /// Makes an app password and returns it in the only form in which it is ever shown.
    [[nodiscard]] Task<Result<Secret<std::string>>>
    add_app_password(AccountId id, std::string name, std::int64_t scope);
    [[nodiscard]] Task<Result<std::vector<AppPassword>>> app_passwords(AccountId id);
    [[nodiscard]] Task<Result<>> remove_app_password(AccountId id, std::int64_t password_id);

    [[nodiscard]] Task<Result<>> add_member(AccountId owner, AccountId member, model::Right right);
    [[nodiscard]] Task<Result<>> remove_member(AccountId owner, AccountId member);
    [[nodiscard]] Task<Result<std::vector<Member>>> members(AccountId owner);
    /// Lets `grantee` (a person or a group) do with the collection, or with all of the owner's
    /// (none), what the right says; Right::none takes it away. Whoever sees more or less now is
    /// told (on_visibility). That the collection exists is the caller's care.
    [[nodiscard]] Task<Result<>> set_share(
        AccountId owner, model::CollectionId collection, AccountId grantee, model::Right right
    );
    /// In order of collections, then of the grantees' addresses.
    [[nodiscard]] Task<Result<std::vector<Share>>> shares(AccountId owner);
    /// The collection is gone: so are its shares.
    [[nodiscard]] Task<Result<>> drop_shares(AccountId owner, model::CollectionId collection);
    /// Owners that the account sees, or of which it sees a collection or free/busy times: groups,
    /// shared, global ones and other people, in order of their ids. Cached.
    [[nodiscard]] Task<Result<std::vector<Visible>>> visible_owners(AccountId id);

    /// All rules; cached, never null.
    [[nodiscard]] Task<Result<std::shared_ptr<const Rules>>> rules();
    [[nodiscard]] Task<Result<>> set_rule(std::string scope, std::string name, std::string value);
    /// Error not_found when it was not set.
    [[nodiscard]] Task<Result<>> drop_rule(std::string scope, std::string name);
    /// Tells whoever waits in the name of the account that what it sees has changed.
    void tell_visibility(AccountId id) const {
        if (visibility_)
            visibility_(id);
    }

    /// The account that mail for an address belongs to; not_found. Sub-addresses (local+tag) lead
    /// to local.
    [[nodiscard]] Task<Result<AccountId>> recipient(std::string address);
    /// Whether a domain is served here. Cached.
    [[nodiscard]] Task<Result<bool>> is_local_domain(std::string domain);

    /// Checks a login name and password for a door. Cached for minutes; an unknown name costs as
    /// much as a wrong password.
    [[nodiscard]] Task<Result<Account>>
    sign_in(std::string login, Secret<std::string> password, Door door, std::string peer);

    /// Called after what an account sees of others has changed. Set once, before use.
    void on_visibility(std::function<void(AccountId)> listener) {
        visibility_ = std::move(listener);
    }

    [[nodiscard]] store::Database& database() { return db_; }
    [[nodiscard]] Clock& clock() { return clock_; }

private:
    [[nodiscard]] Task<Result<>> make_shard_rows(AccountId id, AccountKind kind, std::string name);
    [[nodiscard]] Task<Result<>> update(AccountId id, const store::Sql& sql, std::int64_t value);
    [[nodiscard]] Task<Result<std::string>> canonical_login(std::string login);
    /// Writes to the control file and drops what was cached.
    [[nodiscard]] Task<Result<>> change(std::function<Result<bool>(store::Txn&)> work);
    /// The account itself, or the members of the group that it is.
    [[nodiscard]] Task<Result<std::vector<AccountId>>> people_of(const Account& account);
    void forget();
    std::function<void(AccountId)> visibility_;

    struct Cached {
        std::map<std::string, Account> by_address;
        std::map<AccountId, Account> by_id;
        std::map<AccountId, std::vector<Visible>> visible;
        std::map<std::string, AccountId> recipients;
        std::optional<std::vector<Domain>> domains;
        std::shared_ptr<const Rules> rules;
        std::uint64_t generation =
            0; ///< raised by forget(): what was read before must not be kept after
    };
    store::Database& db_;
    Clock& clock_;
    Workers& workers_;
    LockGuarded<std::string> default_domain_;
    Secret<std::string> app_key_;
    LockGuarded<Cached> cached_;
    CredentialCache credentials_;
    Limiter limiter_;
};

} // namespace lockstep::directory
