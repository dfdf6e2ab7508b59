// HttpService: what the connections of one server share - options, the budget for bodies, who is
// there, shutdown. Invariants: thread-safe. A session is only ever touched on its own thread:
// stop() and cut() post to it.
#pragma once
#include <atomic>
#include <memory>
#include <set>

#include "base/clock.hpp"
#include "base/locked.hpp"
#include "net/http_server.hpp"

namespace lockstep::net {

class HttpSession;

class HttpService {
public:
    HttpService(Clock& clock, HttpOptions options) : clock_(clock), options_(std::move(options)) {}

    [[nodiscard]] Clock& clock() const { return clock_; }
    [[nodiscard]] const HttpOptions& options() const { return options_; }
    [[nodiscard]] bool stopping() const { return stopping_; }

    void add(HttpSession& session);
    void remove(HttpSession& session);
    [[nodiscard]] std::size_t sessions();

    /// Takes from the budget for bodies in memory; false when it is used up.
    [[nodiscard]] bool reserve(std::size_t bytes);
    void give_back(std::size_t bytes) { bodies_ -= bytes; }

    /// Tells every session that the server is stopping.
    void stop();
    /// Closes every session's connection.
    void cut();

private:
    Clock& clock_;
    const HttpOptions options_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> bodies_ = 0;
    LockGuarded<std::set<HttpSession*>> sessions_;
};

/// Bytes of the budget that one request holds; given back at its end.
class BodyBudget {
public:
    explicit BodyBudget(HttpService& service) : service_(service) {}
    ~BodyBudget() { service_.give_back(held_); }
    BodyBudget(const BodyBudget&) = delete;
    BodyBudget& operator=(const BodyBudget&) = delete;
    [[nodiscard]] bool take(std::size_t bytes) {
        if (!service_.reserve(bytes))
            return false;
        held_ += bytes;
        return true;
    }

private:
    HttpService& service_;
    std::size_t held_ = 0;
};

} // namespace lockstep::net
