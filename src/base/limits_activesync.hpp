// Bounds on what one ActiveSync request may ask for. Spec: MS-ASCMD 3.1.5.10, which names both the
// numbers and the Status that answers more.
#pragma once
#include <cstddef>

namespace lockstep::limits {

inline constexpr std::size_t kSyncCommands = 200;        ///< of one collection; more: Status 4
inline constexpr std::size_t kMoves = 1'000;             ///< of one MoveItems; more: Status 103
inline constexpr std::size_t kMeetingAnswers = 100;      ///< of one MeetingResponse; Status 103
inline constexpr std::size_t kEstimates = 1'000;         ///< of one GetItemEstimate; Status 103
inline constexpr std::size_t kCertificatesChecked = 100; ///< with their chain; more: Status 2
inline constexpr std::size_t kOperations = 1'000;        ///< of one ItemOperations; more: Status 2

} // namespace lockstep::limits
