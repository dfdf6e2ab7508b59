// Signals as values: the main thread waits for them, no handler ever runs.
// Invariants: Signals is made before any thread, so that every thread inherits the blocked set.
#pragma once
#include <csignal>

namespace lockstep::server {

enum class Signal {
    stop,   ///< SIGTERM or SIGINT
    reload, ///< SIGHUP
};

class Signals {
public:
    /// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those that it makes; ignores SIGPIPE.
    Signals();
    /// Gives the thread its former set of blocked signals back.
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// Waits for the next one.
    [[nodiscard]] Signal wait();

private:
    sigset_t waited_{};
    sigset_t before_{};
};

} // namespace lockstep::server
