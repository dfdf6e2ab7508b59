// Bounds of what proves a sender: SPF, DKIM, DMARC, ARC; in the form of limits.hpp.
#pragma once
#include "base/limits.hpp"

namespace lockstep::limits {

// Proof of senders (hardening S11, S13)
inline constexpr std::size_t kProofTags = 64;          ///< tags of one list
inline constexpr std::size_t kProofValue = 16U << 10U; ///< bytes of one list of tags
inline constexpr std::size_t kDkimSignatures = 8;   ///< signatures of a message that are looked at
inline constexpr std::size_t kDkimHeaders = 256;    ///< names in h=
inline constexpr std::size_t kRsaBitsLeast = 1'024; ///< RFC 8301 3.2
inline constexpr std::size_t kRsaBitsMost = 4'096;  ///< longer keys cost too much
inline constexpr std::size_t kSpfTerms = 100;       ///< terms of one record
inline constexpr std::size_t kSpfLookups = 10;      ///< terms that ask; RFC 7208 4.6.4
inline constexpr std::size_t kSpfVoid = 2;          ///< questions without answer; RFC 7208 4.6.4
inline constexpr std::size_t kSpfNames = 10;        ///< hosts of one mx or ptr; RFC 7208 4.6.4
inline constexpr std::size_t kArcSets = 50;         ///< RFC 8617 4.2.1

// rspamd: a service of ours, but its answers are made of what strangers send
inline constexpr std::size_t kRspamdMessage = 16U << 20U; ///< bytes of a message that it is sent
inline constexpr std::size_t kRspamdAnswer = 1U << 20U;   ///< bytes of its answer
inline constexpr std::size_t kRspamdFields = 100;         ///< fields of its header
inline constexpr auto kRspamdTime = 20s;                  ///< for connection, question and answer

} // namespace lockstep::limits
