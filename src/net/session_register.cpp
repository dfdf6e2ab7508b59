// The register of sessions.
#include "net/session_register.hpp"

#include <vector>

namespace lockstep::net {

void SessionRegister::add(Key session) {
    const std::lock_guard lock(mutex_);
    sessions_.emplace(session, Resume());
}

void SessionRegister::remove(Key session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
    if (sessions_.empty())
        ended_.notify_all();
}

std::size_t SessionRegister::count() {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
}

void SessionRegister::begin_wait(Key session, Resume wake) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) {
            sessions_[session] = std::move(wake);
            return;
        }
    }
    wake();
}

void SessionRegister::end_wait(Key session) {
    const std::lock_guard lock(mutex_);
    sessions_[session] = Resume();
}

bool SessionRegister::stop(std::chrono::nanoseconds grace) {
    std::vector<Resume> waiting;
    std::unique_lock lock(mutex_);
    stopping_ = true;
    for (const auto& [session, wake] : sessions_)
        waiting.push_back(wake);
    lock.unlock();
    for (const auto& wake : waiting)
        wake();
    waiting.clear();
    lock.lock();
    return ended_.wait_for(lock, grace, [this] { return sessions_.empty(); });
}

} // namespace lockstep::net
