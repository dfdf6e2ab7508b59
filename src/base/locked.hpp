// LockGuarded<T>: a value that can only be reached while its mutex is held.
#pragma once
#include <mutex>
#include <utility>

namespace lockstep {

template <class T> class LockGuarded {
public:
    LockGuarded() = default;
    explicit LockGuarded(T value) : value_(std::move(value)) {}
    /// Calls f(T&) under the lock and returns what it returns. f must not block and must not
    /// suspend.
    template <class F> decltype(auto) with(F&& f) {
        const std::lock_guard lock(mutex_);
        return std::forward<F>(f)(value_);
    }

private:
    std::mutex mutex_;
    T value_{};
};

} // namespace lockstep
