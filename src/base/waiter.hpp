// Waiter: what a parked coroutine waits for when several things may wake it, and which of them did.
// Invariants: thread-safe; the first reason since the last take() counts, unless a later one
// outweighs it. A reason that comes before the wait begins ends it at once.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/task.hpp"

namespace lockstep {

template <class Reason> class Waiter : public std::enable_shared_from_this<Waiter<Reason>> {
public:
    /// `outweighs`: it counts whatever came before.
    void fire(Reason why, bool outweighs = false) {
        Resume waiting;
        {
            const std::lock_guard lock(mutex_);
            if (!reason_ || outweighs)
                reason_ = why;
            waiting = std::exchange(resume_, Resume());
        }
        waiting();
    }
    /// For park(); keeps the object alive. take() is due when park() has returned.
    [[nodiscard]] std::function<void(Resume)> start() {
        return [self = this->shared_from_this()](Resume resume) {
            {
                const std::lock_guard lock(self->mutex_);
                if (!self->reason_) {
                    self->resume_ = std::move(resume);
                    return;
                }
            }
            resume();
        };
    }
    [[nodiscard]] Reason take() {
        const std::lock_guard lock(mutex_);
        return *std::exchange(reason_, std::nullopt);
    }

private:
    std::mutex mutex_;
    std::optional<Reason> reason_;
    Resume resume_;
};

} // namespace lockstep
