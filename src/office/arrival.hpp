// Arrival: what a person's own rules do with a mail that comes into the Inbox: the Sieve script,
// forwarding, and the away reply.
// Spec: RFC 5228 and its extensions (codec/sieve); RFC 3834 (replies). Hardening S9, S10.
// Invariants: decided inside the commit that stores the mail, so that a forwarded copy or a reply
// is queued exactly when the mail is delivered; a rule that cannot be followed leaves the mail in
// the Inbox; a message passes limits::kForwardHops times at most; a reply goes once to a sender and
// period, never to lists, automatic mail or <>. Internal to office/.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "office/delivery_spool.hpp"

namespace lockstep::office {

/// Where a mail goes, with flags of model::flag.
struct Landing {
    model::Collection folder;
    std::int64_t flags = 0;
};

/// The accounts of `recipients`, with whether the message names an address of theirs in To or Cc.
[[nodiscard]] Task<Result<Addressees>>
find_addressees(Office& office, SharedLetter letter, std::vector<model::AccountId> recipients);

/// Runs the rules of a person whose Inbox the mail came for. Queues what leaves. Empty: the mail is
/// not kept.
[[nodiscard]] std::vector<Landing> follow_rules(
    store::Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const model::Collection& inbox
);

/// After the commit: the queue is told when something of the letter was forwarded or answered.
void tell_queue(Office& office, const Letter& letter);

} // namespace lockstep::office
