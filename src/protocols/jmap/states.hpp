// The state of each type in an account: what the event source and web push tell.
// Spec: RFC 8620 1.6.3, 7.1. Invariants: a state differs whenever something of the type changed; it
// is the one that the type's /get tells.
#pragma once
#include <map>
#include <string>

#include "office/changes.hpp"

namespace lockstep::jmap {

using States = std::map<std::string, std::string>; ///< type to state
[[nodiscard]] Task<Result<States>>
type_states(office::Office& office, const office::Actor& actor, const office::Owner& owner);

} // namespace lockstep::jmap
