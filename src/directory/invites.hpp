// Invitations for a device: a secret in a link that is good once, for some minutes.
// Invariants: kept in memory only, as hashes: a restart ends them, which costs nobody more than a
// new link. Errors: not_found (used, over, or never there: not told apart).
#pragma once
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/locked.hpp"
#include "base/result.hpp"
#include "model/model.hpp"

namespace lockstep::directory {

struct Invite {
    model::AccountId account;
    bool apple = false; ///< it leads to a profile, else to a page with a password
    std::int64_t expires_us = 0;
};

class Invites {
public:
    explicit Invites(Clock& clock) : clock_(clock) {}

    /// The secret of a new invitation. Of one account at most limits::kInvites are open; the newest
    /// stay.
    [[nodiscard]] Secret<std::string> add(model::AccountId account, bool apple);
    [[nodiscard]] std::int64_t expiry() const;
    [[nodiscard]] Result<Invite> look(const Secret<std::string>& secret);
    /// The same, and it is used up.
    [[nodiscard]] Result<Invite> take(const Secret<std::string>& secret);

private:
    [[nodiscard]] Result<Invite> find(const Secret<std::string>& secret, bool take);
    Clock& clock_;
    LockGuarded<std::unordered_map<Hash, Invite>> open_;
};

} // namespace lockstep::directory
