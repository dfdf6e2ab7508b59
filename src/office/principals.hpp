// Principals: the people, groups and rooms of an office, as whoever shares with them or invites
// them sees them. Spec: RFC 9670 2. Invariants: as the address list: nobody is told of accounts of
// other domains or of switched-off ones. Errors: unavailable.
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct Principal {
    model::AccountId account;
    model::AccountKind kind = model::AccountKind::person;
    std::string name; ///< never empty
    std::string address;
    std::string zone; ///< IANA
};
/// In order of the accounts.
[[nodiscard]] Task<Result<std::vector<Principal>>> principals(Office& office, const Actor& actor);

} // namespace lockstep::office
