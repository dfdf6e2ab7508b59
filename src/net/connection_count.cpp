// The counting.
#include "net/connection_count.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace lockstep::net {

std::string cap_key(const Peer& peer) {
    if (peer.loopback || peer.address.empty())
        return {};
    in6_addr v6{};
    if (inet_pton(AF_INET6, peer.address.c_str(), &v6) != 1)
        return peer.address;
    return {reinterpret_cast<const char*>(v6.s6_addr), 8};
}

std::shared_ptr<void> ConnectionCount::admit(const Peer& peer) {
    auto key = cap_key(peer);
    const bool admitted = counts_.with([&](Counts& counts) {
        if (counts.all >= all_)
            return false;
        if (!key.empty()) {
            auto& of_address = counts.per_ip[key];
            if (of_address >= per_ip_)
                return false;
            ++of_address;
        }
        ++counts.all;
        return true;
    });
    if (!admitted)
        return nullptr;
    return {this, [self = shared_from_this(), key = std::move(key)](void*) { self->leave(key); }};
}

void ConnectionCount::leave(const std::string& key) {
    counts_.with([&](Counts& counts) {
        --counts.all;
        const auto found = counts.per_ip.find(key);
        if (found != counts.per_ip.end() && --found->second == 0)
            counts.per_ip.erase(found);
    });
}

std::size_t ConnectionCount::open() {
    return counts_.with([](const Counts& counts) { return counts.all; });
}

} // namespace lockstep::net
