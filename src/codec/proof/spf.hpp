// SPF records as values, and the expansion of their macros.
// Spec: RFC 7208 4.5-4.6, 5, 6, 7, 12. Hardening S13. Errors: bad_syntax (a permanent error of the
// record).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::proof {

enum class SpfKind { all, include, a, mx, ptr, ip4, ip6, exists };

struct SpfTerm {
    char qualifier = '+'; ///< + - ~ ?
    SpfKind kind = SpfKind::all;
    std::string domain; ///< with macros; empty: the current domain. An address for ip4 and ip6
    int prefix4 = 32;
    int prefix6 = 128;
};

struct SpfRecord {
    std::vector<SpfTerm> terms;
    std::string redirect; ///< with macros; empty: none
};

/// Whether a TXT record is an SPF record at all.
[[nodiscard]] bool is_spf_record(std::string_view text);
[[nodiscard]] Result<SpfRecord> read_spf_record(std::string_view text);

/// What macros stand for.
struct SpfMacros {
    std::string sender;  ///< local@domain
    std::string domain;  ///< the current one
    std::string address; ///< of the client, as text
    std::string helo;
};
/// A domain-spec expanded; at most 253 bytes are kept, from the right.
[[nodiscard]] Result<std::string> expand_spf(std::string_view spec, const SpfMacros& macros);

/// Whether an address lies in a network. Both IPv4, or both IPv6; otherwise false.
[[nodiscard]] bool is_in_network(std::string_view address, std::string_view network, int prefix);

} // namespace lockstep::proof
