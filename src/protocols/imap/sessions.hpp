// All sessions of a door: what they share, and how they are told that the server stops.
// Invariants: thread-safe; a session that waits for its client is woken by stop(), one that works
// sees stopping() at its next command (R15). Outlives the door by shared ownership.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "base/task.hpp"
#include "net/tls.hpp"
#include "office/mail_actions.hpp"
#include "office/office.hpp"
#include "protocols/imap/door.hpp"

namespace lockstep::imap {

class Session;

class Sessions {
public:
    Sessions(office::Office& office, ImapOptionsSource options, net::TlsSource tls)
        : office_(office), options_(std::move(options)), tls_(std::move(tls)) {}

    [[nodiscard]] office::Office& office() const { return office_; }
    [[nodiscard]] ImapOptions options() const { return options_(); }
    /// Null: no TLS.
    [[nodiscard]] std::shared_ptr<const net::TlsContext> tls() const {
        return tls_ ? tls_() : nullptr;
    }
    [[nodiscard]] bool stopping() const { return stopping_; }
    [[nodiscard]] const std::shared_ptr<office::RecentCopies>& recent() const { return recent_; }

    void add(const Session& session);
    void remove(const Session& session);
    [[nodiscard]] std::size_t count();
    /// The session waits for its client. When the server stops already, `wake` is called at once.
    void begin_wait(const Session& session, Resume wake);
    void end_wait(const Session& session);

    /// Wakes all that wait; true when every session ended within the grace.
    bool stop(std::chrono::nanoseconds grace);

private:
    office::Office& office_;
    const ImapOptionsSource options_;
    const net::TlsSource tls_;
    const std::shared_ptr<office::RecentCopies> recent_ = std::make_shared<office::RecentCopies>();
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::map<const Session*, Resume> sessions_; ///< with what wakes those that wait
};

} // namespace lockstep::imap
