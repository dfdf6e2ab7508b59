// Passwords, app passwords and sign-in.
// Invariants (A2): the answer to an unknown name, a wrong password and a disabled account is one
// and the same, at one cost.
#include "base/text.hpp"
#include "directory/closed.hpp"
#include "directory/rows.hpp"
#include "directory/second_factor.hpp"

namespace lockstep::directory {
namespace {

using store::Bytes;
using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kSetVerifier{
    "UPDATE account SET verifier = $2, generation = generation + 1 WHERE account_id = $1"
};
constexpr Sql kEndSessions{"DELETE FROM web_session WHERE account_id = $1"};
constexpr Sql kRaiseGeneration{
    "UPDATE account SET generation = generation + 1 WHERE account_id = $1"
};
constexpr Sql kInsertAppPassword{"INSERT INTO app_password (account_id, password_id, name, scope, "
                                 "verifier, created_us) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Sql kAppPasswords{"SELECT password_id, name, scope, created_us FROM app_password WHERE "
                            "account_id = $1 ORDER BY password_id"};
constexpr Sql kAppVerifiers{"SELECT scope, verifier FROM app_password WHERE account_id = $1"};
constexpr Sql kDropAppPassword{"DELETE FROM app_password WHERE account_id = $1 AND password_id = $2"
};

/// 160 random bits as five groups of letters and digits that are hard to confuse.
std::string new_app_password() {
    constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    static_assert(alphabet.size() == 32);
    std::string text;
    const auto bytes = random_bytes(32);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i > 0 && i % 8 == 0)
            text += '-';
        text += alphabet[static_cast<unsigned char>(bytes[i]) & 31U];
    }
    return text;
}

bool matches_app_password(Snapshot& snapshot, AccountId id, const Hash& offered, Door door) {
    bool matches = false;
    for (auto rows = snapshot.query(kAppVerifiers, id); rows.next();)
        if (constant_time_equal(rows.view(1), offered.raw()) &&
            (rows.i64(0) & static_cast<std::int64_t>(door)) != 0)
            matches = true;
    return matches;
}

/// What the rows say of an attempt.
struct Checked {
    bool app_password = false; ///< the password is one that opens this door
    /// With a second factor the account's own password opens the web only, where the factor is
    /// asked for.
    bool own_password_will_do = true;
};

} // namespace

Directory::Directory(store::Database& db, Clock& clock, Workers& workers, Options options)
    : db_(db), clock_(clock), workers_(workers), default_domain_(std::move(options.default_domain)),
      credentials_(clock), limiter_(clock, options.limiter) {}

void Directory::set(Options options) {
    limiter_.set(options.limiter);
    default_domain_.with([&](std::string& domain) { domain = std::move(options.default_domain); });
}

Task<Result<>> Directory::set_password(AccountId id, Secret<std::string> password) {
    if (password.reveal().empty())
        co_return fail(Code::bad_value, "an empty password is not a password");
    std::function<Result<std::string>()> hash = [password] {
        return hash_password(password.reveal());
    };
    CO_TRY(const auto verifier, co_await workers_.run<std::string>(std::move(hash)));
    std::function<Result<bool>(Txn&)> work = [id, verifier](Txn& txn) -> Result<bool> {
        if (txn.exec(kSetVerifier, id, verifier) != 1)
            return fail(Code::not_found, "no such account");
        // Whoever signed in with the old password is out (hardening A7).
        txn.exec(kEndSessions, id);
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<Secret<std::string>>>
Directory::add_app_password(AccountId id, std::string name, std::int64_t scope) {
    if (name.empty() || name.size() > 100)
        co_return fail(Code::bad_value, "an app password's name has 1 to 100 bytes");
    if (scope <= 0 || (scope & ~kAllDoors) != 0)
        co_return fail(Code::bad_value, "no such door");
    Secret<std::string> secret(new_app_password());
    const auto verifier = keyed_hash(app_key_.reveal(), secret.reveal());
    std::function<Result<bool>(Txn&)> work = [=, now = clock_.now_us()](Txn& txn) -> Result<bool> {
        if (txn.exec(kRaiseGeneration, id) != 1)
            return fail(Code::not_found, "no such account");
        txn.exec(
            kInsertAppPassword, id, next_number(txn, "app_password"), name, scope,
            Bytes{verifier.raw()}, now
        );
        return true;
    };
    CO_CHECK_OK(co_await change(std::move(work)));
    co_return secret;
}

Task<Result<std::vector<AppPassword>>> Directory::app_passwords(AccountId id) {
    std::function<Result<std::vector<AppPassword>>(Snapshot&)> work =
        [id](Snapshot& snapshot) -> Result<std::vector<AppPassword>> {
        std::vector<AppPassword> all;
        for (auto rows = snapshot.query(kAppPasswords, id); rows.next();)
            all.push_back({rows.i64(0), rows.str(1), rows.i64(2), rows.i64(3)});
        return all;
    };
    co_return co_await db_.read_control<std::vector<AppPassword>>(std::move(work));
}

Task<Result<>> Directory::remove_app_password(AccountId id, std::int64_t password_id) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (txn.exec(kDropAppPassword, id, password_id) != 1)
            return fail(Code::not_found, "no such app password");
        txn.exec(kRaiseGeneration, id);
        return true;
    };
    co_return co_await change(std::move(work));
}

Task<Result<std::string>> Directory::canonical_login(std::string login) {
    std::string user = login;
    std::string domain;
    if (const auto slash = login.find('\\'); slash != std::string::npos) {
        domain = lower(login.substr(0, slash));
        user = login.substr(slash + 1);
    }
    // DOMAIN\user@domain: phones put the whole address behind the backslash; the address counts.
    if (user.find('@') != std::string::npos)
        co_return canonical_address(user);
    CO_TRY(const auto all, co_await domains());
    std::string chosen = default_domain_.with([](const std::string& domain) { return domain; });
    if (chosen.empty() && all.size() == 1)
        chosen = all.front().name;
    for (const auto& each : all)
        if (!domain.empty() && (each.name == domain || each.name.starts_with(domain + ".")))
            chosen = each.name;
    if (chosen.empty())
        co_return fail(Code::not_found, "no domain in the login name, and no default domain");
    co_return canonical_address(user + "@" + chosen);
}

Task<Result<Account>>
Directory::sign_in(std::string login, Secret<std::string> password, Door door, std::string peer) {
    const bool also_closed = is_closed_too(door);
    door = door_alone(door);
    const auto canonical = co_await canonical_login(login);
    const auto user = canonical ? *canonical : lower(login);
    const auto bit = static_cast<std::int64_t>(door);
    auto account =
        canonical ? co_await find(user) : Result<Account>(fail(Code::not_found, "no such name"));
    const auto cached = credentials_.find(user, bit, password);
    const bool known = cached && account && (account->enabled || also_closed) &&
                       account->id == cached->account && account->generation == cached->generation;
    if (!known) {
        const auto offered = keyed_hash(app_key_.reveal(), password.reveal());
        const AccountId id = account ? account->id : AccountId{};
        std::function<Result<Checked>(Snapshot&)> work = [=](Snapshot& snapshot
                                                         ) -> Result<Checked> {
            return Checked{
                matches_app_password(snapshot, id, offered, door),
                door == Door::web || !has_factor(snapshot, id)
            };
        };
        CO_TRY(const auto checked, co_await db_.read_control<Checked>(std::move(work)));
        bool good = checked.app_password;
        // An app password is no guess (160 random bits): failures of the account's own password do
        // not shut it out.
        if (!good && !limiter_.allows(user, peer))
            co_return fail(Code::throttled, "too many failed sign-ins");
        if (!good) {
            std::function<Result<bool>()> hash =
                [verifier = account ? account->verifier : std::string(), password](
                ) -> Result<bool> { return verify_password(verifier, password.reveal()); };
            CO_TRY(good, co_await workers_.run<bool>(std::move(hash)));
            good = good && checked.own_password_will_do;
        }
        const bool closed_here = account && !account->enabled && !also_closed;
        if (!good || !account || closed_here || account->kind != AccountKind::person) {
            limiter_.failed(user, peer);
            co_return fail(Code::unauthorized, "wrong name or password");
        }
        credentials_.add(user, bit, password, account->id, account->generation);
    }
    if ((account->doors & bit) == 0 && !also_closed)
        co_return fail(Code::forbidden, "this door is off for the account");
    co_return std::move(*account);
}

} // namespace lockstep::directory
