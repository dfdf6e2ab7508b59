// Forwarding, and catch-all addresses.
// Spec: RFC 5321 3.9.2. Hardening S8 (only what the person or the administrator says), S10.
// Invariants: forwarded mail goes in the forwarder's name, so that the next server's SPF check
// passes; failures are told to the forwarder. Errors: bad_value (no address), too_large
// (limits::kForwards), not_found.
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct Forwarding {
    std::vector<std::string> addresses; ///< none: mail is not forwarded
    bool keep = true;                   ///< a copy stays in the Inbox
};
[[nodiscard]] Forwarding read_forwarding(store::Snapshot& snapshot, model::AccountId account);
[[nodiscard]] Task<Result<Forwarding>> forwarding(Office& office, model::AccountId account);
[[nodiscard]] Task<Result<>>
set_forwarding(Office& office, model::AccountId account, Forwarding forwarding);

/// Who gets mail for addresses of the domain that nobody has; empty: it is refused.
[[nodiscard]] Task<Result<std::string>> catch_all(Office& office, std::string domain);
[[nodiscard]] Task<Result<>> set_catch_all(Office& office, std::string domain, std::string address);
/// The account that mail for an address belongs to, the domain's catch-all included.
[[nodiscard]] Task<Result<model::AccountId>> recipient_of(Office& office, std::string address);

} // namespace lockstep::office
