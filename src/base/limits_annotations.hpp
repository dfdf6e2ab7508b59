// Bounds of annotations (RFC 5464).
#pragma once
#include <cstddef>

namespace lockstep::limits {

inline constexpr std::size_t kAnnotations = 200;            ///< of one folder, private or shared
inline constexpr std::size_t kAnnotationBytes = 64U << 10U; ///< bytes of a value
inline constexpr std::size_t kAnnotationName = 255;         ///< bytes of a name
inline constexpr std::size_t kAnnotationNames = 1'000;      ///< names in one command

} // namespace lockstep::limits
