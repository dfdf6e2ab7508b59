// Opens, finds and ends sessions of browsers.
#include "directory/web_sessions.hpp"

#include "base/text.hpp"
#include "directory/rows.hpp"

namespace lockstep::directory {
namespace {

using store::Bytes;
using store::Snapshot;
using store::Sql;
using store::Txn;

#define SESSION_COLUMNS                                                                            \
    "session_id, account_id, remember, created_us, seen_us, proved_us, agent, address"
constexpr Sql kInsertSession{"INSERT INTO web_session (token, " SESSION_COLUMNS
                             ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr Sql kSessionByToken{"SELECT " SESSION_COLUMNS " FROM web_session WHERE token = $1"};
constexpr Sql kSessionsOf{"SELECT " SESSION_COLUMNS
                          " FROM web_session WHERE account_id = $1 ORDER BY seen_us DESC"};
constexpr Sql kTouchSession{
    "UPDATE web_session SET seen_us = $2, address = $3, proved_us = $4 WHERE token = $1"
};
constexpr Sql kEndSession{"DELETE FROM web_session WHERE account_id = $1 AND session_id = $2"};
constexpr Sql kEndToken{"DELETE FROM web_session WHERE token = $1"};
constexpr Sql kCountSessions{"SELECT count(*) FROM web_session WHERE account_id = $1"};
constexpr Sql kOldestSession{
    "SELECT session_id FROM web_session WHERE account_id = $1 ORDER BY seen_us LIMIT 1"
};
constexpr Sql kTokenOf{"SELECT token FROM web_session WHERE account_id = $1 AND session_id = $2"};
constexpr Sql kAppKey{"SELECT bytes FROM secret WHERE name = 'app-password-key'"};
constexpr Sql kAppPassword{"SELECT 1 FROM app_password WHERE account_id = $1 AND verifier = $2"};

#undef SESSION_COLUMNS

constexpr std::size_t kTokenBytes = 32;

WebSession read_session(const store::Rows& row) {
    return {row.i64(0), row.id<AccountId>(1), row.i64(2) != 0, row.i64(3),
            row.i64(4), row.i64(5),           row.str(6),      row.str(7)};
}

void insert_session(Txn& txn, const Hash& token, const WebSession& session) {
    txn.exec(
        kInsertSession, Bytes{token.raw()}, session.id, session.account, session.remember,
        session.created_us, session.seen_us, session.proved_us, session.agent, session.address
    );
}

std::int64_t micros(std::chrono::hours time) { return std::chrono::microseconds(time).count(); }

LimiterOptions code_limits() {
    return {limits::kCodeTries, 100, 4 * limits::kCodeTries, std::chrono::seconds(600)};
}

} // namespace

WebSessions::WebSessions(Directory& directory, Workers& workers)
    : directory_(directory), workers_(workers), codes_(directory.clock(), code_limits()),
      invites_(directory.clock()) {}

bool WebSessions::expired(const WebSession& session) const {
    const auto now = directory_.clock().now_us();
    return now - session.seen_us >
               micros(session.remember ? limits::kWebIdle : limits::kSharedIdle) ||
           now - session.created_us >
               micros(session.remember ? limits::kWebLife : limits::kSharedLife);
}

Task<Result<Account>>
WebSessions::own_password(std::string login, Secret<std::string> password, std::string peer) {
    CO_TRY(auto account, co_await directory_.sign_in(login, password, Door::web, peer));
    // An app password is for a program, not for whoever holds it to open everything.
    std::function<Result<bool>()> check = [verifier = account.verifier,
                                           password]() -> Result<bool> {
        return verify_password(verifier, password.reveal());
    };
    CO_TRY(const auto own, co_await workers_.run<bool>(std::move(check)));
    if (!own)
        co_return fail(Code::unauthorized, "an app password opens no session");
    co_return account;
}

Task<Result<WebSessions::Step>>
WebSessions::check_code(const Account& account, std::string code, std::string peer) {
    const auto id = account.id;
    const auto user = account.address;
    CO_TRY(const auto all, co_await factors(id));
    if (all.empty())
        co_return Step::done;
    if (code.empty())
        co_return Step::code_needed;
    if (!codes_.allows(user, peer))
        co_return fail(Code::throttled, "too many wrong codes");
    const auto now = directory_.clock().now_us();
    std::function<Result<bool>(Txn&)> use = [=](Txn& txn) -> Result<bool> {
        for (const auto& factor : list_factors(txn, id)) {
            if (factor.kind != FactorKind::code)
                continue;
            const auto step = step_of_code(factor.secret, code, now, factor.counter);
            if (step && use_factor(txn, id, factor.id, *step, now))
                return true;
        }
        return false;
    };
    CO_TRY(const auto good, co_await directory_.database().write_control<bool>(std::move(use)));
    if (good)
        co_return Step::done;
    codes_.failed(user, peer);
    co_return Step::code_wrong;
}

Task<Result<WebSessions::Opened>> WebSessions::sign_in(Attempt attempt) {
    CO_TRY(auto account, co_await own_password(attempt.login, attempt.password, attempt.peer));
    CO_TRY(const auto step, co_await check_code(account, attempt.code, attempt.peer));
    if (step != Step::done) {
        CO_TRY(const auto all, co_await factors(account.id));
        Opened opened;
        opened.step = step;
        opened.account = std::move(account);
        for (const auto& each : all)
            (each.kind == FactorKind::code ? opened.codes : opened.passkeys) = true;
        co_return opened;
    }
    auto opened = co_await open(std::move(account), std::move(attempt));
    co_return opened;
}

Task<Result<WebSessions::Opened>> WebSessions::open(Account account, Attempt attempt) {
    if (!account.enabled || (account.doors & static_cast<std::int64_t>(Door::web)) == 0)
        co_return fail(Code::forbidden, "the web is off for the account");
    const auto now = directory_.clock().now_us();
    WebSession session;
    session.account = account.id;
    session.remember = attempt.remember;
    session.created_us = session.seen_us = session.proved_us = now;
    session.agent = clean_utf8(utf8_prefix(attempt.agent, limits::kWebAgent));
    session.address = attempt.peer;
    Secret<std::string> token(base64url(random_bytes(kTokenBytes)));
    const auto hash = blake2b256(token.reveal());
    std::function<Result<WebSession>(Txn&)> work = [=](Txn& txn) mutable -> Result<WebSession> {
        session.id = next_number(txn, "web_session");
        const auto count = txn.scalar(kCountSessions, session.account).value_or(0);
        if (count >= static_cast<std::int64_t>(limits::kWebSessions))
            txn.exec(
                kEndSession, session.account,
                txn.scalar(kOldestSession, session.account).value_or(0)
            );
        insert_session(txn, hash, session);
        return session;
    };
    CO_TRY(session, co_await directory_.database().write_control<WebSession>(std::move(work)));
    Opened opened;
    opened.account = std::move(account);
    opened.session = std::move(session);
    opened.token = std::move(token);
    co_return opened;
}

Task<Result<WebSession>> WebSessions::find(Hash token) {
    std::function<Result<WebSession>(Snapshot&)> work = [token](Snapshot& snapshot
                                                        ) -> Result<WebSession> {
        auto rows = snapshot.query(kSessionByToken, Bytes{token.raw()});
        if (!rows.next())
            return fail(Code::unauthorized, "no such session");
        return read_session(rows);
    };
    co_return co_await directory_.database().read_control<WebSession>(std::move(work));
}

Task<Result<WebSessions::Known>> WebSessions::resume(Secret<std::string> token, std::string peer) {
    const auto hash = blake2b256(token.reveal());
    auto kept = known_.with([&](auto& known) -> std::optional<Entry> {
        const auto found = known.find(hash);
        return found == known.end() ? std::nullopt : std::optional(found->second);
    });
    if (!kept) {
        CO_TRY(auto session, co_await find(hash));
        kept = Entry{std::move(session), -1};
    }
    auto account = co_await directory_.find(kept->session.account);
    if (!account)
        co_return fail(Code::unauthorized, "the account is gone");
    // The generation changes with passwords, doors and second factors: the row may be gone.
    if (kept->generation >= 0 && kept->generation != account->generation) {
        known_.with([&](auto& known) { known.erase(hash); });
        CO_TRY(kept->session, co_await find(hash));
    }
    if (!account->enabled || (account->doors & static_cast<std::int64_t>(Door::web)) == 0)
        co_return fail(Code::unauthorized, "the web is off for the account");
    if (expired(kept->session)) {
        auto ended = co_await end(kept->session.account, kept->session.id);
        if (!ended && ended.error().code != Code::not_found)
            co_return std::unexpected(std::move(ended).error());
        co_return fail(Code::unauthorized, "the session is over");
    }
    const auto now = directory_.clock().now_us();
    if (now - kept->session.seen_us > std::chrono::microseconds(limits::kWebSeenEvery).count()) {
        kept->session.seen_us = now;
        kept->session.address = peer;
        CO_CHECK_OK(co_await touch(hash, kept->session));
    }
    known_.with([&](auto& known) {
        if (known.size() >= limits::kWebSessionCache)
            known.clear();
        known[hash] = {kept->session, account->generation};
    });
    co_return Known{std::move(*account), std::move(kept->session)};
}

Task<Result<>> WebSessions::touch(Hash token, WebSession session) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (txn.exec(
                kTouchSession, Bytes{token.raw()}, session.seen_us, session.address,
                session.proved_us
            ) != 1)
            return fail(Code::unauthorized, "no such session");
        return true;
    };
    CO_TRY(const auto done, co_await directory_.database().write_control<bool>(std::move(work)));
    co_return done ? Result<>() : fail(Code::internal, "a session was not kept");
}

Task<Result<Account>>
WebSessions::basic(std::string login, Secret<std::string> password, std::string peer) {
    CO_TRY(auto account, co_await directory_.sign_in(login, password, Door::web, peer));
    CO_TRY(const auto second, co_await factors(account.id));
    if (second.empty())
        co_return account;
    std::function<Result<bool>(Snapshot&)> work = [id = account.id,
                                                   password](Snapshot& snapshot) -> Result<bool> {
        auto rows = snapshot.query(kAppKey);
        if (!rows.next())
            return false;
        const auto offered = keyed_hash(rows.str(0), password.reveal());
        return snapshot.scalar(kAppPassword, id, Bytes{offered.raw()}).has_value();
    };
    CO_TRY(const auto app, co_await directory_.database().read_control<bool>(std::move(work)));
    if (!app)
        co_return fail(Code::unauthorized, "only an app password will do here");
    co_return account;
}

Task<Result<std::vector<WebSession>>> WebSessions::list(AccountId account) {
    std::function<Result<std::vector<WebSession>>(Snapshot&)> work =
        [account](Snapshot& snapshot) -> Result<std::vector<WebSession>> {
        std::vector<WebSession> all;
        for (auto rows = snapshot.query(kSessionsOf, account); rows.next();)
            all.push_back(read_session(rows));
        return all;
    };
    CO_TRY(
        auto all,
        co_await directory_.database().read_control<std::vector<WebSession>>(std::move(work))
    );
    std::erase_if(all, [this](const WebSession& each) { return expired(each); });
    co_return all;
}

Task<Result<>> WebSessions::end(AccountId account, std::int64_t session) {
    std::function<Result<std::string>(Txn&)> work = [=](Txn& txn) -> Result<std::string> {
        auto rows = txn.query(kTokenOf, account, session);
        if (!rows.next())
            return fail(Code::not_found, "no such session");
        auto token = rows.str(0);
        txn.exec(kEndToken, Bytes{token});
        return token;
    };
    CO_TRY(
        const auto token, co_await directory_.database().write_control<std::string>(std::move(work))
    );
    CO_TRY(const auto hash, Hash::from_raw(token));
    known_.with([&](auto& known) { known.erase(hash); });
    directory_.tell_visibility(account); // whoever listens in the session's name looks again
    co_return Result<>();
}

Task<Result<WebSessions::Step>> WebSessions::confirm(Known known, Attempt attempt) {
    const auto login = known.account.address;
    CO_TRY(const auto account, co_await own_password(login, attempt.password, attempt.peer));
    CO_TRY(const auto step, co_await check_code(account, attempt.code, attempt.peer));
    if (step != Step::done)
        co_return step;
    const auto id = known.session.id;
    std::function<Result<std::string>(Snapshot&)> token_of =
        [id, account = account.id](Snapshot& snapshot) -> Result<std::string> {
        auto rows = snapshot.query(kTokenOf, account, id);
        if (!rows.next())
            return fail(Code::unauthorized, "no such session");
        return rows.str(0);
    };
    CO_TRY(
        const auto token,
        co_await directory_.database().read_control<std::string>(std::move(token_of))
    );
    CO_TRY(const auto hash, Hash::from_raw(token));
    known.session.proved_us = known.session.seen_us = directory_.clock().now_us();
    CO_CHECK_OK(co_await touch(hash, known.session));
    known_.with([&](auto& all) { all.erase(hash); });
    co_return Step::done;
}

Task<Result<>> WebSessions::change_password(
    Known known, Secret<std::string> current, Secret<std::string> wanted, std::string peer
) {
    const auto login = known.account.address;
    CO_TRY(const auto account, co_await own_password(login, std::move(current), peer));
    const auto id = known.session.id;
    std::function<Result<std::string>(Snapshot&)> token_of =
        [id, account = account.id](Snapshot& snapshot) -> Result<std::string> {
        auto rows = snapshot.query(kTokenOf, account, id);
        return rows.next() ? rows.str(0) : std::string();
    };
    CO_TRY(
        const auto token,
        co_await directory_.database().read_control<std::string>(std::move(token_of))
    );
    // Ends every session, this one too; a crash here leaves nobody signed in, which is harmless.
    CO_CHECK_OK(co_await directory_.set_password(account.id, std::move(wanted)));
    directory_.tell_visibility(account.id);
    if (token.empty())
        co_return Result<>();
    CO_TRY(const auto hash, Hash::from_raw(token));
    auto session = known.session;
    session.proved_us = directory_.clock().now_us();
    std::function<Result<bool>(Txn&)> again = [=](Txn& txn) -> Result<bool> {
        insert_session(txn, hash, session);
        return true;
    };
    const auto done = co_await directory_.database().write_control<bool>(std::move(again));
    co_return done ? Result<>() : std::unexpected(done.error());
}

} // namespace lockstep::directory
