// IoThreads: the threads on which every connection lives, one event loop each.
// Invariants: a connection is given to one thread and never changes it, so what belongs to a
// connection needs no lock; from other threads it is reached by post() only.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>

#include "base/task.hpp"

namespace boost::asio {
class io_context;
}

namespace lockstep::net {

class IoThreads {
public:
    /// Starts `count` threads; 0 means one per processor.
    explicit IoThreads(std::size_t count = 0);
    /// Stops. Tasks that are still suspended are never resumed and never destroyed: whatever wants
    /// a clean end ends its tasks first (HttpServer::stop, Listener::stop). Must not run on one of
    /// the threads.
    ~IoThreads();
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    [[nodiscard]] std::size_t size() const;
    /// The threads in turn, for new connections.
    [[nodiscard]] std::size_t next();
    /// Runs a task on one thread (index modulo size). An exception that leaves it is logged and
    /// ends that task only. May be called from any thread.
    void spawn(std::size_t thread, Task<void> task);
    /// Runs a call on one thread. May be called from any thread.
    void post(std::size_t thread, std::function<void()> call);
    /// Number of spawned tasks that have not ended.
    [[nodiscard]] std::size_t tasks() const;
    /// Ends the threads; returns when they are gone. Idempotent.
    void stop();

    /// For net/ only.
    [[nodiscard]] boost::asio::io_context& context(std::size_t thread);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Starts a task beside the caller, on the caller's thread; an exception that leaves it is logged.
[[nodiscard]] Task<void> spawn_beside(Task<void> task);

} // namespace lockstep::net
