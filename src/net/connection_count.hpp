// Who may connect: counts open connections, all and per address, and refuses beyond the caps
// (hardening H10).
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/locked.hpp"
#include "net/stream.hpp"

namespace lockstep::net {

/// Thread-safe. Tickets keep the count alive.
class ConnectionCount : public std::enable_shared_from_this<ConnectionCount> {
public:
    ConnectionCount(std::size_t all, std::size_t per_ip) : all_(all), per_ip_(per_ip) {}

    /// A ticket that counts until it is destroyed; null when a cap is reached. Loopback and unnamed
    /// peers count for the whole only: behind a reverse proxy everybody is loopback.
    [[nodiscard]] std::shared_ptr<void> admit(const Peer& peer);
    [[nodiscard]] std::size_t open();

private:
    struct Counts {
        std::size_t all = 0;
        std::unordered_map<std::string, std::size_t> per_ip;
    };
    void leave(const std::string& key);

    std::size_t all_;
    std::size_t per_ip_;
    LockGuarded<Counts> counts_;
};

/// What the cap per address counts: an IPv4 address, or the /64 of an IPv6 one (a single host owns
/// that much).
[[nodiscard]] std::string cap_key(const Peer& peer);

} // namespace lockstep::net
