// SessionRegister: the sessions of a line door, and how they are told that the server stops.
// Invariants: thread-safe; a session that waits for its client is woken by stop(), one that works
// sees stopping() at its next command (R15).
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>

#include "base/task.hpp"

namespace lockstep::net {

class SessionRegister {
public:
    /// What names a session: its address.
    using Key = const void*;

    [[nodiscard]] bool stopping() const { return stopping_; }
    void add(Key session);
    void remove(Key session);
    [[nodiscard]] std::size_t count();
    /// The session waits for its client. When the server stops already, `wake` is called at once.
    void begin_wait(Key session, Resume wake);
    void end_wait(Key session);
    /// Wakes all that wait; true when every session ended within the grace.
    bool stop(std::chrono::nanoseconds grace);

private:
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::map<Key, Resume> sessions_; ///< with what wakes those that wait
};

} // namespace lockstep::net
