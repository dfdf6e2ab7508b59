// Connections come in here.
#include "protocols/imap/door.hpp"

#include "base/log.hpp"
#include "protocols/imap/session.hpp"

namespace lockstep::imap {
namespace {

/// The root of a connection: whatever goes wrong inside ends here.
Task<void> serve_session(std::shared_ptr<Sessions> sessions, std::unique_ptr<net::Stream> stream) {
    try {
        Session session(std::move(sessions), std::move(stream));
        co_await session.run();
    } catch (const std::exception& failure) {
        log::error("imap.broken", {{"reason", failure.what()}});
    }
}

} // namespace

ImapDoor::ImapDoor(office::Office& office, ImapOptionsSource options, net::TlsSource tls)
    : sessions_(std::make_shared<Sessions>(office, std::move(options), std::move(tls))) {}

ImapDoor::~ImapDoor() = default;

Task<void> ImapDoor::serve(std::unique_ptr<net::Stream> stream) {
    return serve_session(sessions_, std::move(stream));
}

bool ImapDoor::stop(std::chrono::nanoseconds grace) { return sessions_->stop(grace); }

std::size_t ImapDoor::connections() const { return sessions_->count(); }

} // namespace lockstep::imap
