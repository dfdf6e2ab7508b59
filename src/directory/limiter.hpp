// The brute-force limiter that all doors share: failures by (user, address prefix), by prefix and
// by user. Invariants (A1): a success never counts; what is already verified (the credential cache)
// is not asked; delays, never lockouts: each counter leaks, and an attacker from elsewhere does not
// stop the owner at once.
#pragma once
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/locked.hpp"

namespace lockstep::directory {

struct LimiterOptions {
    int per_user_and_prefix = 10; ///< failures in `window` before `throttled`
    int per_prefix = 100;
    int per_user = 200;
    std::chrono::seconds window{600};
};

/// The part of an address that counts: an IPv4 address, or an IPv6 /64. The port is ignored.
[[nodiscard]] std::string address_prefix(std::string_view peer);

class Limiter {
public:
    Limiter(Clock& clock, LimiterOptions options) : clock_(clock), state_({options, {}}) {}
    /// What was counted so far counts on, by the new bounds.
    void set(LimiterOptions options) {
        state_.with([&](State& state) { state.options = options; });
    }
    [[nodiscard]] bool allows(const std::string& user, const std::string& peer);
    void failed(const std::string& user, const std::string& peer);

private:
    struct Bucket {
        double level = 0;
        SteadyTime at{};
    };
    struct State {
        LimiterOptions options;
        std::unordered_map<std::string, Bucket> buckets;
    };
    [[nodiscard]] double level(const State& state, Bucket& bucket, int bound) const;
    Clock& clock_;
    LockGuarded<State> state_;
};

} // namespace lockstep::directory
