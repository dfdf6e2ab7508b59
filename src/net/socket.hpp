// Socket: a non-blocking descriptor in an event loop: waiting with deadline, and watching while
// nobody waits. Invariants: one wait or one watch at a time; everything on the context's thread. A
// wait costs one operation in the reactor; the timer is armed lazily (a timer that fires early
// looks again), so that a busy connection never touches it.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "base/task.hpp"
#include "net/stream.hpp"

namespace boost::asio {
class io_context;
}

namespace lockstep::net {

class Socket : public std::enable_shared_from_this<Socket> {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class For { read, write };

    Socket(boost::asio::io_context& context, int fd);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    /// Until the socket is readable or writable. Errors: closed, timeout (Time::max() = none).
    [[nodiscard]] Task<Result<>> wait(For what, Time until);
    /// Lets the other connections of this thread have a turn, every few calls: a peer that always
    /// has bytes ready would otherwise keep the thread to itself.
    [[nodiscard]] Task<void> take_turns();
    /// Calls `readable` once, when the socket is readable or in error (`at_once`: with the next
    /// turn of the event loop), unless the watch is ended before.
    void watch(std::function<void()> readable, bool at_once = false);
    void unwatch();
    /// Ends a wait with Code::closed and forgets a watch.
    void close();

private:
    void arm(Time until);
    void timer_fired();

    struct Loop; ///< Asio's descriptor and timer
    std::unique_ptr<Loop> loop_;
    int fd_;                       ///< -1 once closed
    Time armed_for_ = Time::max(); ///< max: the timer is not armed
    Time until_ = Time::max();     ///< of the wait under way
    bool waiting_ = false;
    bool timed_out_ = false;
    unsigned turns_ = 0;
    std::function<void()> readable_;
    std::uint64_t watch_ = 0; ///< number of the watch; an older completion is stale
};

} // namespace lockstep::net
