// Delivery: a message that came in from outside, into the Inboxes of its recipients.
// Spec: RFC 5321 4.4 (trace fields), 4.1.1.4, 6.3 (loops). Hardening D1, D2, D5, S10, R13.
// Invariants: deliver() answers only after one durable commit that holds the message for every
// recipient: in the Inboxes themselves, or (those in other files of the store) in a spool row from
// which an idempotent fan-out finishes the work, after a crash too. A failure means that nobody got
// it. Errors: over_quota (somebody's mailbox is full), not_found (a recipient went away),
// forbidden (the message went round too often), unauthorized (its author is forged), unavailable.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "office/office.hpp"
#include "office/screening.hpp"
#include "store/blob_files.hpp"

namespace lockstep::office {

/// What the message came with.
struct Envelope {
    std::string reverse_path;                 ///< local@domain as for the wire; empty for <>
    std::vector<model::AccountId> recipients; ///< repeated ones count once
    std::string helo;                         ///< the name that the client gave
    std::string peer;                         ///< its address; empty: not by the network
    std::string protocol = "ESMTP";           ///< as in Received: "ESMTP", "ESMTPS", "UTF8SMTP" ...
    std::string tls;                          ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty: none
};

/// The person whose Inbox mail for an address goes to, with room for `bytes` (0: unknown) more.
/// Errors: not_found (no such address, or nobody's Inbox), over_quota, too_large (it would not fit
/// into the empty mailbox).
[[nodiscard]] Task<Result<model::AccountId>>
find_mailbox(Office& office, std::string address, std::uint64_t bytes);

/// The same for an address that may be a group's: the mailboxes of its members then, each once.
/// `sender` is the reverse-path. Errors: also forbidden (the group takes mail of its members only).
[[nodiscard]] Task<Result<std::vector<model::AccountId>>>
find_mailboxes(Office& office, std::string address, std::string sender, std::uint64_t bytes);

/// A whole message at once; see Incoming.
[[nodiscard]] Task<Result<>> deliver(Office& office, Envelope envelope, std::string message);

/// A message that arrives in pieces: the first limits::kMailPiece bytes lie in memory, more goes to
/// a file as it comes, below the trace fields that delivery adds. One that is judged
/// (office/screening.hpp) is read back for that, since the verdict stands above it. Return-Path
/// fields of the sender's own are removed. Without deliver() nothing is left behind.
class Incoming {
public:
    /// `office` must outlive the object.
    /// `judge` is asked about mail that came by the network.
    Incoming(Office& office, Envelope envelope, Judge judge = {});
    void append(std::string_view piece);
    /// It is time for spill().
    [[nodiscard]] bool full() const { return held_.size() >= limits::kMailPiece; }
    /// Writes what lies in memory to the file.
    [[nodiscard]] Task<Result<>> spill();
    /// Call once, after the last piece.
    [[nodiscard]] Task<Result<>> deliver();

    /// Bytes of the message as it came.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Names the message in its Received field and in logs.
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const Envelope& envelope() const { return envelope_; }

private:
    [[nodiscard]] Task<Result<std::string>> whole();
    [[nodiscard]] Task<Result<>> deliver_judged();

    Office& office_;
    Envelope envelope_;
    std::string id_;
    std::string held_;
    std::uint64_t size_ = 0;
    std::shared_ptr<store::BlobWriter> file_;
    Judge judge_; ///< of mail by the network; empty: it is not judged
};

/// Finishes the fan-outs that a crash, or a disk that was full, left behind. Safe at any time; the
/// server calls it at its start and now and then. Returns the number of spool rows that are still
/// there because a file of the store could not be written.
[[nodiscard]] Task<Result<std::size_t>> resume_fan_out(Office& office);

} // namespace lockstep::office
