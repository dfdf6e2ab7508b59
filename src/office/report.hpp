// Reports about mail that was sent: it failed, it waits, it arrived.
// Spec: RFC 3461 6 (what is returned), RFC 3462, RFC 3464, RFC 6533 (UTF-8 addresses). Hardening
// S9. Invariants: a report is sent for mail of our own people only, never for mail from <>; what
// other servers said stands in it as clean text. Internal to office/.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/queue.hpp"

namespace lockstep::office {

enum class ReportKind { failed, delayed, delivered, relayed };

struct ReportedRecipient {
    std::string address;
    std::string orcpt;  ///< "rfc822;address"; empty: none
    std::string status; ///< "5.1.1"
    std::string remote; ///< host that said it; empty: ourselves
    std::string reply;  ///< what it said, or our own sentence
};

struct Report {
    ReportKind kind = ReportKind::failed;
    std::string to;       ///< address of the sender
    std::string hostname; ///< ours
    std::string envid;
    bool full = false;           ///< the whole original is returned, as far as it is small
    std::int64_t arrived_us = 0; ///< of the original
    std::int64_t now_us = 0;
    std::int64_t retry_until_us = 0; ///< of a delay
    std::vector<ReportedRecipient> recipients;
};

/// The whole message, with CRLF. `original` is the message that was sent.
[[nodiscard]] std::string write_report(const Report& report, std::string_view original);

} // namespace lockstep::office
