// A person's second factors: made, listed, removed, and passkeys found and used.
#include "base/text.hpp"
#include "directory/rows.hpp"
#include "directory/web_sessions.hpp"

namespace lockstep::directory {
namespace {

using store::Bytes;
using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kPasskeyOwner{
    "SELECT account_id, factor_id FROM second_factor WHERE kind = 2 AND secret = $1"
};
constexpr std::size_t kCodeSecretBytes = 20; // RFC 4226 4 R6

Result<> check_name(const std::string& name) {
    if (name.empty() || name.size() > limits::kFactorName)
        return fail(Code::bad_value, "a name has 1 to 100 bytes");
    return {};
}

} // namespace

Task<Result<std::vector<SecondFactor>>> WebSessions::factors(AccountId account) {
    std::function<Result<std::vector<SecondFactor>>(Snapshot&)> work =
        [account](Snapshot& snapshot) -> Result<std::vector<SecondFactor>> {
        return list_factors(snapshot, account);
    };
    co_return co_await directory_.database().read_control<std::vector<SecondFactor>>(std::move(work)
    );
}

/// Said in a rule too: the command line shows it, and the change drops what the directory keeps of
/// accounts, so that a password that was just verified is no longer enough.
Task<Result<>> WebSessions::note_factors(AccountId account) {
    CO_TRY(const auto all, co_await factors(account));
    auto scope = account_scope(account);
    co_return co_await directory_.set_rule(
        std::move(scope), "second-factor", all.empty() ? "off" : "on"
    );
}

Secret<std::string> WebSessions::new_code_secret() {
    return Secret<std::string>(random_bytes(kCodeSecretBytes));
}

Task<Result<std::int64_t>> WebSessions::add_codes(
    AccountId account, Secret<std::string> secret, std::string name, std::string code
) {
    CO_CHECK_OK(check_name(name));
    if (secret.reveal().size() != kCodeSecretBytes)
        co_return fail(Code::bad_value, "the secret is not one of ours");
    const auto now = directory_.clock().now_us();
    const auto step = step_of_code(secret.reveal(), code, now, 0);
    if (!step)
        co_return fail(Code::bad_value, "the code is wrong");
    SecondFactor factor{0, FactorKind::code, name, secret.reveal(), "", *step, now, now};
    std::function<Result<std::int64_t>(Txn&)> work = [=](Txn& txn) -> Result<std::int64_t> {
        for (const auto& each : list_factors(txn, account))
            if (each.kind == FactorKind::code)
                return fail(Code::exists, "there is an authenticator app already");
        return add_factor(txn, account, factor);
    };
    CO_TRY(
        const auto made, co_await directory_.database().write_control<std::int64_t>(std::move(work))
    );
    CO_CHECK_OK(co_await note_factors(account));
    co_return made;
}

Task<Result<std::int64_t>> WebSessions::add_passkey(AccountId account, SecondFactor factor) {
    CO_CHECK_OK(check_name(factor.name));
    std::function<Result<std::int64_t>(Txn&)> work = [=](Txn& txn) -> Result<std::int64_t> {
        if (txn.scalar(kPasskeyOwner, Bytes{factor.secret}))
            return fail(Code::exists, "this passkey is known already");
        if (list_factors(txn, account).size() >= limits::kPasskeys)
            return fail(Code::too_large, "too many passkeys");
        return add_factor(txn, account, factor);
    };
    CO_TRY(
        const auto made, co_await directory_.database().write_control<std::int64_t>(std::move(work))
    );
    CO_CHECK_OK(co_await note_factors(account));
    co_return made;
}

Task<Result<>> WebSessions::use_passkey(AccountId account, std::int64_t id, std::int64_t counter) {
    const auto now = directory_.clock().now_us();
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        for (const auto& each : list_factors(txn, account)) {
            if (each.id != id)
                continue;
            // Synchronized passkeys count nothing: they say 0 for ever.
            if (counter == 0 && each.counter == 0)
                return true;
            return use_factor(txn, account, id, counter, now);
        }
        return false;
    };
    CO_TRY(const auto good, co_await directory_.database().write_control<bool>(std::move(work)));
    co_return good ? Result<>() : fail(Code::unauthorized, "the passkey's counter went back");
}

Task<Result<std::pair<AccountId, SecondFactor>>> WebSessions::find_passkey(std::string credential) {
    using Found = std::pair<AccountId, SecondFactor>;
    std::function<Result<Found>(Snapshot&)> work = [credential](Snapshot& snapshot
                                                   ) -> Result<Found> {
        auto rows = snapshot.query(kPasskeyOwner, Bytes{credential});
        if (!rows.next())
            return fail(Code::not_found, "no such passkey");
        const auto account = rows.id<AccountId>(0);
        const auto id = rows.i64(1);
        for (auto& each : list_factors(snapshot, account))
            if (each.id == id)
                return Found{account, std::move(each)};
        return fail(Code::not_found, "no such passkey");
    };
    co_return co_await directory_.database().read_control<Found>(std::move(work));
}

Task<Result<>> WebSessions::drop_factor(AccountId account, std::int64_t id) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (!remove_factor(txn, account, id))
            return fail(Code::not_found, "no such factor");
        return true;
    };
    CO_TRY(const auto done, co_await directory_.database().write_control<bool>(std::move(work)));
    if (!done)
        co_return fail(Code::internal, "a second factor was not removed");
    co_return co_await note_factors(account);
}

} // namespace lockstep::directory
