// Connections come in here.
#include "protocols/smtp/door.hpp"

#include "base/log.hpp"
#include "protocols/smtp/session.hpp"

namespace lockstep::smtp {
namespace {

/// The root of a connection: whatever goes wrong inside ends here.
Task<void> serve_session(std::shared_ptr<Sessions> sessions, std::unique_ptr<net::Stream> stream) {
    try {
        Session session(std::move(sessions), std::move(stream));
        co_await session.run();
    } catch (const std::exception& failure) {
        log::error("smtp.broken", {{"reason", failure.what()}});
    }
}

} // namespace

SmtpDoor::SmtpDoor(
    office::Office& office, SmtpOptionsSource options, net::TlsSource tls, office::Judge judge
)
    : sessions_(
          std::make_shared<Sessions>(office, std::move(options), std::move(tls), std::move(judge))
      ) {}

SmtpDoor::~SmtpDoor() = default;

Task<void> SmtpDoor::serve(std::unique_ptr<net::Stream> stream) {
    return serve_session(sessions_, std::move(stream));
}

bool SmtpDoor::stop(std::chrono::nanoseconds grace) { return sessions_->stop(grace); }

std::size_t SmtpDoor::connections() const { return sessions_->count(); }

} // namespace lockstep::smtp
