// The register of sessions and the budget.
#include "net/http_service.hpp"

#include "net/http_session.hpp"

namespace lockstep::net {

std::shared_ptr<HttpService> make_http_service(Clock& clock, HttpOptions options) {
    return std::make_shared<HttpService>(clock, std::move(options));
}

void stop_http(HttpService& service) { service.stop(); }

void HttpService::add(HttpSession& session) {
    sessions_.with([&](auto& sessions) { sessions.insert(&session); });
}

void HttpService::remove(HttpSession& session) {
    sessions_.with([&](auto& sessions) { sessions.erase(&session); });
}

std::size_t HttpService::sessions() {
    return sessions_.with([](const auto& sessions) { return sessions.size(); });
}

bool HttpService::reserve(std::size_t bytes) {
    if (bodies_.fetch_add(bytes) + bytes <= options_.bodies)
        return true;
    bodies_ -= bytes;
    return false;
}

void HttpService::stop() {
    stopping_ = true;
    // Posting allocates but never calls back, so it may happen under the lock, which keeps each
    // session alive.
    sessions_.with([](const auto& sessions) {
        for (auto* session : sessions)
            session->post_stop();
    });
}

void HttpService::cut() {
    sessions_.with([](const auto& sessions) {
        for (auto* session : sessions)
            session->post_cut();
    });
}

} // namespace lockstep::net
