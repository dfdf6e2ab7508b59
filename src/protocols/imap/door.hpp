// The IMAP door: the office's mail for mail programs.
// Spec: RFC 9051 (IMAP4rev2) and RFC 3501 (IMAP4rev1); the extensions in capability.cpp.
// Hardening I1-I11, S3, R15. Invariants: OK to a change only after its durable commit.
#pragma once
#include <chrono>
#include <functional>
#include <memory>

#include "base/limits.hpp"
#include "net/stream.hpp"
#include "net/tls.hpp"
#include "office/office.hpp"

namespace lockstep::imap {

struct ImapOptions {
    bool enabled = true;
};
/// Asked once per connection. May be called from any thread.
using ImapOptionsSource = std::function<ImapOptions()>;

class Sessions;

class ImapDoor {
public:
    /// `office` must outlive the door and its connections. `tls` unset, or without a context: no
    /// STARTTLS.
    ImapDoor(office::Office& office, ImapOptionsSource options, net::TlsSource tls);
    ~ImapDoor();
    ImapDoor(const ImapDoor&) = delete;
    ImapDoor& operator=(const ImapDoor&) = delete;

    /// Serves one connection to its end; for net::Listener.
    [[nodiscard]] Task<void> serve(std::unique_ptr<net::Stream> stream);
    /// Idle connections end with BYE; a command under way gets its answer first. True when all
    /// ended within the grace. May be called from any thread but one that serves.
    bool stop(std::chrono::nanoseconds grace = limits::kHttpStop);
    [[nodiscard]] std::size_t connections() const;

private:
    std::shared_ptr<Sessions> sessions_;
};

} // namespace lockstep::imap
