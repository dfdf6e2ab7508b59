// Submission: a message that one of our own people sends.
// Spec: RFC 6409 8 (what a submission server may add), RFC 5322 3.6; MS-ASCMD 2.2.1.17 (SendMail).
// Hardening D5, S8, S11. Invariants: the Sent copy, the recipients (or the spool row for those in
// other files), the queue row for those elsewhere, and the client's id are one commit of the
// sender's file: nothing is half-sent, and nothing twice. Bcc is removed from what is sent and kept
// in the sender's own copy.
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"
#include "store/queue.hpp"

namespace lockstep::office {

/// What the sender of a submission wants to hear about one recipient (RFC 3461 4.1, 4.2).
struct ReportWish {
    std::int64_t notify = 0; ///< bits of store::notify
    std::string orcpt;       ///< "rfc822;address"; empty: none
};

struct Submission {
    std::string mime; ///< the message; bare line ends are mended, missing fields are added
    bool save_in_sent = true;
    std::string client_id; ///< the device's own id of this message; empty: none
    /// A message about a meeting that says to everybody what it said last is taken and not sent
    /// again: some phones repeat themselves for weeks.
    bool once = true;
    /// local@domain each; empty: those of To, Cc and Bcc.
    std::vector<std::string> envelope_recipients;
    std::vector<ReportWish> wishes; ///< one for each of envelope_recipients, or none at all
    std::string reverse_path;       ///< an address of the sender's; empty: that of the account
    std::string envid;              ///< RFC 3461 4.4
    bool return_headers = false;    ///< reports carry the header only (RET=HDRS)
    std::int64_t not_before_us = 0; ///< sent then (RFC 4865); 0: now
};

/// Sends. Errors: bad_syntax (this is no message), bad_value (no recipient), not_found (an address
/// of a local domain that nobody has; the text names it), forbidden (From or the reverse-path is
/// not the sender's), exists (this client id was sent already: nothing was done), too_large
/// (message, header or number of recipients), throttled (sent enough for this hour), over_quota,
/// unavailable.
[[nodiscard]] Task<Result<>> submit(Office& office, const Actor& actor, Submission submission);

/// Whether the actor may send in the name of an address: it is the actor's own, an alias, or that
/// of a group or shared account that the actor may write into. Errors: unavailable.
[[nodiscard]] Task<Result<bool>>
may_send_as(Office& office, const Actor& actor, std::string address);

} // namespace lockstep::office
