// Where mail for a domain goes: its hosts in the order in which they are tried, and what TLS is
// asked of each.
// Spec: RFC 5321 5.1 (MX, preferences, A without MX); RFC 7505 (null MX); RFC 7672 (DANE).
// Hardening S14 (loops to ourselves, null MX, dead IPv6).
// Errors: not_found (the domain does not exist, or takes no mail: for good), unavailable (DNS does
// not answer: later).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "mailflow/dns.hpp"

namespace lockstep::mailflow {

struct RouteOptions {
    std::string hostname;    ///< ours: hosts behind it in the list are not tried
    std::string smarthost;   ///< "host:port"; empty: the domain's own servers
    std::uint16_t port = 25; ///< of the domain's own servers
};

struct Host {
    std::string name;
    std::uint16_t port = 25;
    bool tls_first = false; ///< TLS from the first byte
    bool secure = false;    ///< the way to this name is proven by DNSSEC
    net::TlsWish::Verify verify = net::TlsWish::Verify::none;
    std::vector<std::string> names; ///< of the certificate, with DANE
};

[[nodiscard]] Task<Result<std::vector<Host>>>
find_hosts(Resolver& resolver, RouteOptions options, std::string domain);

/// A host with its addresses, IPv6 and IPv4 in turn, and its TLSA records if they bind.
struct Reach {
    std::vector<std::string> addresses;
    std::vector<net::TlsaRecord> tlsa;
};
[[nodiscard]] Task<Result<Reach>> find_reach(Resolver& resolver, Host host);

} // namespace lockstep::mailflow
