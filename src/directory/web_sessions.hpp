// Sessions of browsers: opened by sign-in with a password and what comes second, known by a token
// in a cookie, listed and ended by their owner.
// Spec: hardening A1, A2, A5, A7, H6. Invariants: only a token's hash is stored; a session ends at
// its idle or absolute time, with the account's door, or when its password is changed elsewhere; an
// app password opens none. Errors: unauthorized (one for every wrong name or password), throttled,
// forbidden (the web is off for the account), not_found.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/crypto.hpp"
#include "base/limits_web.hpp"
#include "base/locked.hpp"
#include "directory/directory.hpp"
#include "directory/invites.hpp"
#include "directory/second_factor.hpp"

namespace lockstep::directory {

struct WebSession {
    std::int64_t id = 0;
    AccountId account;
    bool remember = false;       ///< the person's own computer
    std::int64_t created_us = 0; ///< sign-in
    std::int64_t seen_us = 0;    ///< last request, give or take limits::kWebSeenEvery
    std::int64_t proved_us = 0;  ///< when the password was last asked for
    std::string agent;           ///< the browser's own words
    std::string address;         ///< of the last request

    /// Whether it is recent enough for what is dangerous.
    [[nodiscard]] bool fresh(std::int64_t now_us) const {
        return now_us - proved_us <= std::chrono::microseconds(limits::kWebFresh).count();
    }
};

class WebSessions {
public:
    /// Both must outlive this.
    WebSessions(Directory& directory, Workers& workers);

    struct Attempt {
        std::string login;
        Secret<std::string> password;
        std::string code; ///< of an authenticator app; empty: none given
        bool remember = false;
        std::string agent;
        std::string peer;
    };
    enum class Step { done, code_needed, code_wrong };
    struct Opened {
        Step step = Step::done;
        Account account; ///< unless `step` asks for more, this and what follows is set
        WebSession session;
        Secret<std::string> token;
        bool codes = false, passkeys = false; ///< what may come second
    };
    [[nodiscard]] Task<Result<Opened>> sign_in(Attempt attempt);
    /// Opens a session for somebody who proved who they are by other means (a passkey).
    [[nodiscard]] Task<Result<Opened>> open(Account account, Attempt attempt);

    struct Known {
        Account account;
        WebSession session;
    };
    /// Whose session the token is. Error unauthorized.
    [[nodiscard]] Task<Result<Known>> resume(Secret<std::string> token, std::string peer);
    /// A name and password with each request (JMAP by HTTP Basic): as Directory::sign_in, but with
    /// a second factor only an app password will do.
    [[nodiscard]] Task<Result<Account>>
    basic(std::string login, Secret<std::string> password, std::string peer);

    [[nodiscard]] Task<Result<std::vector<WebSession>>> list(AccountId account);
    /// Error not_found.
    [[nodiscard]] Task<Result<>> end(AccountId account, std::int64_t session);

    /// The password (and code) once more: the session is fresh from now on.
    [[nodiscard]] Task<Result<Step>> confirm(Known known, Attempt attempt);
    /// Ends every other session of the account.
    [[nodiscard]] Task<Result<>> change_password(
        Known known, Secret<std::string> current, Secret<std::string> wanted, std::string peer
    );

    [[nodiscard]] Task<Result<std::vector<SecondFactor>>> factors(AccountId account);
    /// A secret for an authenticator app; it counts once a code of it was shown.
    [[nodiscard]] static Secret<std::string> new_code_secret();
    /// Error bad_value: the code is not of this secret.
    [[nodiscard]] Task<Result<std::int64_t>>
    add_codes(AccountId account, Secret<std::string> secret, std::string name, std::string code);
    [[nodiscard]] Task<Result<std::int64_t>> add_passkey(AccountId account, SecondFactor factor);
    /// Error unauthorized when its counter went back: it was copied.
    [[nodiscard]] Task<Result<>>
    use_passkey(AccountId account, std::int64_t id, std::int64_t counter);
    /// The passkey of this credential id. Error not_found.
    [[nodiscard]] Task<Result<std::pair<AccountId, SecondFactor>>>
    find_passkey(std::string credential);
    [[nodiscard]] Task<Result<>> drop_factor(AccountId account, std::int64_t id);

    [[nodiscard]] Directory& directory() { return directory_; }
    [[nodiscard]] Invites& invites() { return invites_; }

private:
    /// The account that name and its own password (no app password) belong to.
    [[nodiscard]] Task<Result<Account>>
    own_password(std::string login, Secret<std::string> password, std::string peer);
    [[nodiscard]] Task<Result<Step>>
    check_code(const Account& account, std::string code, std::string peer);
    [[nodiscard]] Task<Result<>> note_factors(AccountId account);
    [[nodiscard]] Task<Result<WebSession>> find(Hash token);
    [[nodiscard]] Task<Result<>> touch(Hash token, WebSession session);
    [[nodiscard]] bool expired(const WebSession& session) const;

    struct Entry {
        WebSession session;
        std::int64_t generation = 0;
    };
    Directory& directory_;
    Workers& workers_;
    Limiter codes_;
    Invites invites_;
    LockGuarded<std::unordered_map<Hash, Entry>> known_;
};

} // namespace lockstep::directory
