// A small pool of threads for work that blocks or is heavy: file writes, password hashing.
// Errors: unavailable when the queue is full or the pool is closed.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"

namespace lockstep {

class Workers {
public:
    explicit Workers(int threads, std::size_t bound = 10'000);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Runs `work` on a thread of the pool; the caller is suspended meanwhile. `work` must not
    /// throw.
    template <class T> Task<Result<T>> run(std::function<Result<T>()> work) {
        std::function<void(Promise<Result<T>>)> start =
            [this, work = std::move(work)](Promise<Result<T>> promise) {
                const bool taken = add([work, promise] { promise.set(work()); });
                if (!taken)
                    promise.set(fail(Code::unavailable, "the worker queue is full or closed"));
            };
        co_return co_await await_value<Result<T>>(std::move(start));
    }
    /// Finishes what was accepted, refuses the rest.
    void close();

private:
    bool add(std::function<void()> job);
    void loop();
    const std::size_t bound_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace lockstep
