// Sign-in to an account that is closed: disabled, or with the door switched off. Only a device that
// must be told to wipe itself is heard then (W10).
// Invariants: the caller looks at Account::enabled and Account::doors itself.
#pragma once
#include "directory/directory.hpp"

namespace lockstep::directory {

/// One more bit of a Door; no door has it for itself.
inline constexpr std::int64_t kClosedToo = std::int64_t{1} << 62U;

/// The door as Directory::sign_in() takes it to let closed accounts through to the caller.
[[nodiscard]] constexpr Door closed_too(Door door) {
    return static_cast<Door>(static_cast<std::int64_t>(door) | kClosedToo);
}
[[nodiscard]] constexpr bool is_closed_too(Door door) {
    return (static_cast<std::int64_t>(door) & kClosedToo) != 0;
}
[[nodiscard]] constexpr Door door_alone(Door door) {
    return static_cast<Door>(static_cast<std::int64_t>(door) & ~kClosedToo);
}

} // namespace lockstep::directory
