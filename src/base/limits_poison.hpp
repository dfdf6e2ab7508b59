// Bounds of what is done about items that a client cannot digest (hardening W6).
#pragma once
#include <cstddef>
#include <cstdint>

namespace lockstep::limits {

inline constexpr std::uint8_t kRepeatsAlone =
    2; ///< repeats of one sync key from which on items are sent one by one
inline constexpr std::uint8_t kRepeatsAside =
    6; ///< answers that brought one item alone under one key, from which on its stub is sent;
       ///< lost answers look the same, so not too few
inline constexpr std::size_t kItemsAside = 50; ///< set aside items named in a device's words

} // namespace lockstep::limits
