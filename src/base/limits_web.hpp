// The bounds of sign-in on the web: kept apart from base/limits.hpp, so that a change here does not
// compile every room anew.
#pragma once
#include <chrono>
#include <cstddef>

namespace lockstep::limits {

using namespace std::chrono_literals;

// Sessions of browsers (hardening A7)
inline constexpr auto kWebIdle = std::chrono::hours(24 * 14); ///< without a request, own computer
inline constexpr auto kWebLife = std::chrono::hours(24 * 90); ///< from sign-in, own computer
inline constexpr auto kSharedIdle = std::chrono::hours(2);    ///< the same on a shared computer
inline constexpr auto kSharedLife = std::chrono::hours(12);
inline constexpr auto kWebSeenEvery = 5min; ///< how exactly the time of the last request is kept
inline constexpr auto kWebFresh = 15min;    ///< a sign-in counts as recent for what is dangerous
inline constexpr std::size_t kWebSessions = 100;        ///< of one account; the oldest goes
inline constexpr std::size_t kWebSessionCache = 20'000; ///< sessions kept in memory
inline constexpr std::size_t kWebAgent = 300;           ///< bytes kept of a browser's name

// Second factors (hardening A5)
inline constexpr int kCodeTries = 5;                  ///< wrong codes before a wait
inline constexpr std::size_t kPasskeys = 20;          ///< of one account
inline constexpr std::size_t kFactorName = 100;       ///< bytes
inline constexpr auto kChallengeLife = 5min;          ///< of a passkey's challenge
inline constexpr std::size_t kChallenges = 10'000;    ///< open at once
inline constexpr std::size_t kCborBytes = 16U << 10U; ///< of an attestation
inline constexpr std::size_t kCborDepth = 8;

// Invitations for devices
inline constexpr auto kInviteLife = 10min;
inline constexpr std::size_t kInvites = 20; ///< open ones of an account

// Requests to /session
inline constexpr std::size_t kSignInBody = 64U << 10U; ///< bytes

} // namespace lockstep::limits
