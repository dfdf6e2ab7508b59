// Bounds of search that no other room asks for; the others stand in limits.hpp.
#pragma once
#include <cstddef>

namespace lockstep::limits {

inline constexpr std::size_t kThreadDepth =
    10'000; ///< replies one below the other; a deeper one begins a thread of its own
inline constexpr std::size_t kSearchBytes =
    16U << 20U; ///< bytes of a stored form that search reads: beyond lie attachments

} // namespace lockstep::limits
