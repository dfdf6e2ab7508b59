// The keys that sign a domain's mail, and the records that its administrator publishes.
// Spec: RFC 6376 3.6, RFC 8463; RFC 7208, 7489, 8461, 8460, 6186, 8620 (SRV). Invariants: a key
// lies in the control file as a secret and is never printed. Errors: not_found (no such domain or
// key), too_large (kDomainKeys).
#pragma once
#include <string>
#include <vector>

#include "codec/proof/dkim.hpp"
#include "office/office.hpp"

namespace lockstep::office {

inline constexpr std::size_t kDomainKeys = 8; ///< keys of one domain, all of which sign

struct DomainKey {
    proof::SigningKey signing;
    std::int64_t created_us = 0;
};
/// In order of their selectors, the oldest first. Empty: none.
[[nodiscard]] Task<Result<std::vector<DomainKey>>> domain_keys(Office& office, std::string domain);
/// Makes a pair, RSA and Ed25519, with new selectors.
[[nodiscard]] Task<Result<>> make_domain_keys(Office& office, std::string domain);
[[nodiscard]] Task<Result<>>
remove_domain_key(Office& office, std::string domain, std::string selector);

struct DomainRecord {
    std::string name;
    std::string type;  ///< "TXT"
    std::string value; ///< as one reads it in a zone file; TXT without quotes
    std::string why;
};
/// Everything to be published for the domain. `hostname`: of this server.
[[nodiscard]] Task<Result<std::vector<DomainRecord>>>
domain_records(Office& office, std::string domain);

} // namespace lockstep::office
