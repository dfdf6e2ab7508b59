// The SMTP door: mail from other servers for the local domains, and (as submission) mail of our own
// people to everybody. Spec: RFC 5321; RFC 6409 and 8314 (submission), 4954 AUTH, 3461 DSN, 4865
// FUTURERELEASE (these on submission ports only); RFC 1870 SIZE, 2034 ENHANCEDSTATUSCODES, 2920
// PIPELINING, 3030 CHUNKING, 3207 STARTTLS, 6152 8BITMIME, 6531 SMTPUTF8. Hardening S1-S10, R15.
// Invariants: 250 for a message only after its durable commit; mail for other domains is accepted
// from those who signed in, in a name of their own (S8).
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/limits.hpp"
#include "net/stream.hpp"
#include "net/tls.hpp"
#include "office/office.hpp"
#include "office/screening.hpp"

namespace lockstep::smtp {

struct SmtpOptions {
    std::string hostname;                          ///< empty: that of the office
    std::uint64_t max_size = limits::kSmtpMessage; ///< bytes of a message
    bool submission = false; ///< for our own people, who sign in; else for other servers
    bool lmtp = false; ///< for a mail server in front of us, which has judged the mail (RFC 2033)
};
/// Asked once per connection. May be called from any thread.
using SmtpOptionsSource = std::function<SmtpOptions()>;

class Sessions;

class SmtpDoor {
public:
    /// `office` must outlive the door and its connections. `tls` unset, or without a context: no
    /// STARTTLS.
    /// `judge` is asked about mail of other servers.
    SmtpDoor(
        office::Office& office, SmtpOptionsSource options, net::TlsSource tls,
        office::Judge judge = {}
    );
    ~SmtpDoor();
    SmtpDoor(const SmtpDoor&) = delete;
    SmtpDoor& operator=(const SmtpDoor&) = delete;

    /// Serves one connection to its end; for net::Listener.
    [[nodiscard]] Task<void> serve(std::unique_ptr<net::Stream> stream);
    /// Idle connections end with 421; a message whose data has begun gets its answer first. True
    /// when all ended within the grace. May be called from any thread but one that serves.
    bool stop(std::chrono::nanoseconds grace = limits::kHttpStop);
    [[nodiscard]] std::size_t connections() const;

private:
    std::shared_ptr<Sessions> sessions_;
};

} // namespace lockstep::smtp
