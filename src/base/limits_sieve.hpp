// Bounds of rules for arriving mail (Sieve, forwarding, replies); in the form of limits.hpp.
#pragma once
#include "base/limits.hpp"

namespace lockstep::limits {

// Sieve: a script is its owner's, and costs at every delivery
inline constexpr std::size_t kSieveScript = 64U << 10U; ///< bytes of a script
inline constexpr std::size_t kSieveScripts = 20;        ///< scripts of an account
inline constexpr std::size_t kSieveDepth = 15;    ///< nesting of blocks and tests; RFC 5228 2.10.5
inline constexpr std::size_t kSieveItems = 2'000; ///< commands, tests and strings of a script
inline constexpr std::size_t kSieveActions = 32;  ///< actions of one run; RFC 5228 2.10.4
inline constexpr std::size_t kSieveRedirects = 4; ///< redirects of one run; RFC 5228 10
inline constexpr std::size_t kSieveVariable = 4'096;     ///< bytes of a value; RFC 5229 6
inline constexpr std::size_t kSieveVariables = 128;      ///< of one run; RFC 5229 6
inline constexpr std::size_t kSieveMatchSteps = 200'000; ///< steps of all :matches of one run
inline constexpr std::size_t kSieveBody = 1U << 20U;     ///< bytes of a body that are searched

// Forwarding and replies (hardening S10)
inline constexpr std::size_t kForwards = 10;     ///< addresses that an account forwards to
inline constexpr std::size_t kForwardHops = 5;   ///< times that one message may pass this server
inline constexpr std::size_t kRepliedTo = 5'000; ///< senders remembered of one absence

} // namespace lockstep::limits
