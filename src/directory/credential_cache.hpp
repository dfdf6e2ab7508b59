// Verified credentials, so that a phone's Basic auth on every request costs microseconds.
// Invariants (A4): the key covers user, door and secret under a key of this process; an entry
// counts only while the account's generation is the one it was made with; no secret is kept.
#pragma once
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/locked.hpp"
#include "model/model.hpp"

namespace lockstep::directory {

class CredentialCache {
public:
    explicit CredentialCache(Clock& clock) : clock_(clock), key_(random_bytes(32)) {}
    struct Entry {
        model::AccountId account;
        std::int64_t generation = 0;
        SteadyTime expires{};
    };
    [[nodiscard]] std::optional<Entry>
    find(const std::string& user, std::int64_t door, const Secret<std::string>& secret);
    void
    add(const std::string& user, std::int64_t door, const Secret<std::string>& secret,
        model::AccountId account, std::int64_t generation);

private:
    [[nodiscard]] Hash
    key_of(const std::string& user, std::int64_t door, const Secret<std::string>& secret) const;
    Clock& clock_;
    Secret<std::string> key_;
    LockGuarded<std::unordered_map<Hash, Entry>> entries_;
};

} // namespace lockstep::directory
