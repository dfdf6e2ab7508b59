// Bounds of mail that leaves: submission, the queue, its client, names, and lists of senders; in
// the form of limits.hpp.
#pragma once
#include "base/limits.hpp"

namespace lockstep::limits {

// Submission (hardening S6)
inline constexpr auto kSmtpSubmitHold = 30 * 24h; ///< FUTURERELEASE: longest wait; RFC 4865 4
inline constexpr std::int64_t kSentPerHour =
    1'000; ///< messages that an account sends in an hour; a stolen password
inline constexpr std::int64_t kRecipientsPerHour = 5'000; ///< recipients of these
inline constexpr std::size_t kAuthLine = 12'288;          ///< bytes of a SASL response; RFC 4954 4
inline constexpr std::size_t kExpansion =
    1'000; ///< mailboxes and addresses that one recipient leads to (groups, forwarding); S10

// Mail out (hardening S4, S14)
inline constexpr std::size_t kReplyLine = 2'048; ///< bytes of a reply line; RFC 5321 4.5.3.1.5: 512
inline constexpr std::size_t kReplyLines = 200;  ///< lines of one reply
inline constexpr std::size_t kReplyKept = 500;   ///< bytes of a reply kept in the queue and reports
inline constexpr auto kConnectTime = 30s;        ///< time for one connection; RFC 5321 4.5.3.2
inline constexpr auto kReplyTime = 300s;         ///< time for a reply; RFC 5321 4.5.3.2
inline constexpr auto kDataReplyTime = 600s; ///< time for the reply to the dot; RFC 5321 4.5.3.2.6
inline constexpr std::size_t kMxHosts = 10;  ///< hosts of a domain that are tried in one attempt
inline constexpr std::size_t kMxAddresses = 6;        ///< addresses tried of one host
inline constexpr std::size_t kQueueWorkers = 10;      ///< connections to one destination
inline constexpr std::size_t kQueueConnections = 200; ///< connections out, all together
inline constexpr std::size_t kQueueTaken = 50'000;    ///< recipients held in memory at once
inline constexpr std::size_t kPerConnection = 100;    ///< messages sent over one connection
inline constexpr std::size_t kReportCopy =
    64U << 10U;                             ///< bytes of an original message that a report returns
inline constexpr auto kQueueLife = 5 * 24h; ///< time after which a recipient is given up
inline constexpr auto kDelayNotice = 4h;    ///< time after which the sender is told

inline constexpr std::size_t kDnsAnswers = 64; ///< records used of one answer; S13

// Detained
inline constexpr std::size_t kSenderEntries = 50'000; ///< entries of a person's list of senders

} // namespace lockstep::limits
