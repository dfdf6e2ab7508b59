// The register of sessions.
#include "protocols/imap/sessions.hpp"

#include <vector>

namespace lockstep::imap {

void Sessions::add(const Session& session) {
    const std::lock_guard lock(mutex_);
    sessions_.emplace(&session, Resume());
}

void Sessions::remove(const Session& session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(&session);
    if (sessions_.empty())
        ended_.notify_all();
}

std::size_t Sessions::count() {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
}

void Sessions::begin_wait(const Session& session, Resume wake) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) {
            sessions_[&session] = std::move(wake);
            return;
        }
    }
    wake();
}

void Sessions::end_wait(const Session& session) {
    const std::lock_guard lock(mutex_);
    sessions_[&session] = Resume();
}

bool Sessions::stop(std::chrono::nanoseconds grace) {
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

} // namespace lockstep::imap
