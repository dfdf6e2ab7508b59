// Submission: a message that one of our own people sends.
// Spec: RFC 6409 8 (what a submission server may add), RFC 5322 3.6; MS-ASCMD 2.2.1.17 (SendMail).
// Hardening D5, S8, S11. Invariants: the Sent copy, the recipients (or the spool row for those in
// other files) and the client's id are one commit of the sender's file: nothing is half-sent, and
// nothing twice. Bcc is removed from what is sent and kept in the sender's own copy.
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct Submission {
    std::string mime; ///< the message; bare line ends are mended, missing fields are added
    bool save_in_sent = true;
    std::string client_id; ///< the device's own id of this message; empty: none
    /// A message about a meeting that says to everybody what it said last is taken and not sent
    /// again: some phones repeat themselves for weeks.
    bool once = true;
    /// local@domain each; empty: those of To, Cc and Bcc.
    std::vector<std::string> envelope_recipients;
};

/// Sends. Errors: bad_syntax (this is no message), bad_value (no recipient), not_found (an address
/// of a local domain that nobody has; the text names it), unsupported (recipients elsewhere; the
/// text names them), forbidden (From is not the sender's), exists (this client id was sent already:
/// nothing was done), too_large (message, header or number of recipients), over_quota, unavailable.
[[nodiscard]] Task<Result<>> submit(Office& office, const Actor& actor, Submission submission);

} // namespace lockstep::office
