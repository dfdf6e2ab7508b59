// The bounds of base/limits.hpp that only IMAP asks for: kept apart, so that one door's change does
// not compile every room anew.
#pragma once
#include <chrono>
#include <cstddef>

namespace lockstep::limits {

using namespace std::chrono_literals;

// IMAP (hardening I1, I2, I6, I9)
inline constexpr std::size_t kImapLineEarly = 8U << 10U; ///< bytes of a line before sign-in
inline constexpr std::size_t kImapLine = 64U << 10U;     ///< bytes of a line after it; quirk 15
inline constexpr std::size_t kImapLiteralsEarly =
    8U << 10U; ///< bytes of a command's literals before sign-in; CVE-2025-61600
inline constexpr std::size_t kImapLiterals =
    128U << 10U; ///< the same after it, messages apart; CVE-2024-34055
inline constexpr std::size_t kImapMessage = 150U << 20U; ///< bytes of an appended message
inline constexpr std::size_t kImapAppends = 1'000;       ///< messages of one MULTIAPPEND
inline constexpr std::size_t kImapParts = 1'000;         ///< parts of one CATENATE
inline constexpr std::size_t kImapName = 1'024;          ///< bytes of a mailbox name
inline constexpr std::size_t kImapFlags = 100;           ///< flags of one list
inline constexpr std::size_t kImapFields = 200;          ///< header fields of one section
inline constexpr std::size_t kImapFetchItems = 100;      ///< items of one FETCH
inline constexpr std::size_t kImapSearchKeys = 10'000;   ///< keys and operators of one SEARCH
inline constexpr std::size_t kImapDepth = 32;            ///< nesting of parentheses
inline constexpr std::size_t kImapSortKeys = 16;         ///< keys of one SORT
inline constexpr std::size_t kImapFilters = 100;         ///< filters of mailboxes in one command
inline constexpr std::size_t kImapFilterNames = 1'000;   ///< mailboxes named by one of them
inline constexpr std::size_t kImapContexts = 8;          ///< searches kept up to date at once
inline constexpr std::size_t kImapPatterns = 100;        ///< patterns of one LIST
inline constexpr std::size_t kImapErrors = 50; ///< refused commands before the connection is closed
inline constexpr std::size_t kImapErrorsEarly = 10; ///< the same before sign-in
inline constexpr std::size_t kImapBatch = 500;      ///< messages read in one look at the store
inline constexpr std::size_t kImapBatchBytes =
    1U << 20U;                                      ///< bytes of messages held at once by a FETCH
inline constexpr std::size_t kImapOut = 64U << 10U; ///< bytes of answers gathered before a write
inline constexpr auto kImapEarly = 60s;             ///< time without a byte before sign-in (I2)
inline constexpr auto kImapIdle = 1'800s;           ///< time without a byte after it; RFC 9051 5.4
inline constexpr auto kImapRecent = 600s;           ///< a copy made within makes a deletion a move

} // namespace lockstep::limits
