// The spool: messages accepted for recipients in other files of the store, until each has its copy.
// Spec: docs/store.md. Invariants: a spool row lies in the file of one account (the first
// recipient, or the sender) and refers to the message's blob; every copy is committed together with
// a row of `delivered` that names the spool row, so that a repeated fan-out never makes a second
// copy; the spool row goes, with its reference, when all copies are there. Internal to office/.
// Errors: unavailable and corrupt, of the store.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/mime/digest.hpp"
#include "office/office.hpp"
#include "office/scheduling_incoming.hpp"
#include "office/screening.hpp"
#include "store/blobs.hpp"

namespace lockstep::office {

/// A message ready for the store.
struct Letter {
    store::Blob blob;
    mime::Digest digest;
    std::string packed_digest;
    std::shared_ptr<const MeetingMail> meeting; ///< none: it is about no meeting
    bool inside = false; ///< sent by one of our own people, who was signed in, or by ourselves
    Judged judged = Judged::clean; ///< of mail from outside
    std::string header;            ///< its first limits::kMailPiece bytes
    /// Set when a recipient's rules queued something; see tell_queue().
    std::shared_ptr<std::atomic<bool>> queued = std::make_shared<std::atomic<bool>>(false);
};
using SharedLetter = std::shared_ptr<const Letter>;

/// Parses the message and makes its blob; what is large is done on a worker thread.
[[nodiscard]] Task<Result<SharedLetter>> make_letter(Office& office, std::string bytes);
/// The same on the calling thread: blocks on the disk when the message is large.
[[nodiscard]] Result<SharedLetter> make_letter_here(store::BlobFiles& files, std::string bytes);

/// A recipient whose rules are followed.
struct Addressee {
    directory::Account account;
    bool named = false;      ///< the message names an address of theirs in To or Cc
    bool introduced = false; ///< its author is in a global address book that the person sees
};
using Addressees = std::map<model::AccountId, Addressee>;

/// What is in a spool row.
struct SpoolJob {
    model::AccountId account; ///< in whose file it lies
    std::int64_t id = 0; ///< random, so that it never comes again while `delivered` remembers it
    std::string sender;  ///< reverse-path
    std::vector<model::AccountId> recipients;
    std::int64_t created_us = 0;
};
[[nodiscard]] std::int64_t new_job_id();

/// Puts a copy into an Inbox, or where the rules of an addressee want it, and what it says of a
/// meeting into the calendar. Error: not_found when the account has no Inbox.
[[nodiscard]] Result<> put_in_inbox(
    store::Txn& txn, Office& office, const MeetingGuests& guests, model::AccountId account,
    const Addressees& addressees, const Letter& letter, std::int64_t received_us
);
/// Writes the spool row and its reference to the blob.
void add_spool(store::Txn& txn, const SpoolJob& job, const Letter& letter);
/// Gives every recipient of the job its copy, then removes the row. May run several times, and at
/// the same time.
[[nodiscard]] Task<Result<>> fan_out(Office& office, SpoolJob job, SharedLetter letter);

} // namespace lockstep::office
