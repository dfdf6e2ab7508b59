// Task<T>: the project's coroutine, and the one primitive by which other threads resume it.
// Invariants: a Task runs on one executor (its connection's thread) from begin to end; Resume may
// be called from any thread, any number of times, and only the first call counts. This is the only
// header outside net/ that shows Asio.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>

namespace lockstep {

template <class T = void> using Task = boost::asio::awaitable<T>;

/// A one-shot, copyable, thread-safe handle to a parked coroutine. Calling it never runs the
/// coroutine inline: it is posted to the coroutine's own executor. A handle that outlives its
/// coroutine does nothing.
class Resume {
public:
    struct State {
        virtual ~State() = default;
        virtual void fire() = 0;
    };
    Resume() = default;
    explicit Resume(std::shared_ptr<State> state) : state_(std::move(state)) {}
    void operator()() const {
        // A copy: the coroutine may let go of this handle as soon as it runs, which is before
        // fire() ends.
        if (const auto state = state_)
            state->fire();
    }

private:
    std::shared_ptr<State> state_;
};

/// Suspends the caller, hands `start` the handle that continues it, and returns once the handle was
/// called. `start` runs before the suspension is complete; calling the handle inside it is allowed.
/// Lifetime: what `start` captured by reference must live in the caller's frame.
[[nodiscard]] Task<void> park(std::function<void(Resume)> start);

/// A one-shot value for a parked coroutine; set() may be called from any thread, the first call
/// counts.
template <class T> class Promise {
public:
    struct State {
        std::optional<T> value;
        std::atomic<bool> taken = false;
        Resume resume;
    };
    explicit Promise(std::shared_ptr<State> state) : state_(std::move(state)) {}
    void set(T value) const {
        if (state_->taken.exchange(true))
            return;
        state_->value.emplace(std::move(value));
        state_->resume();
    }

private:
    std::shared_ptr<State> state_;
};

/// Parks until the promise is set. The order "write value, then resume" is a happens-before edge
/// through the executor.
template <class T> [[nodiscard]] Task<T> await_value(std::function<void(Promise<T>)> start) {
    auto state = std::make_shared<typename Promise<T>::State>();
    std::function<void(Resume)> begin = [state, start = std::move(start)](Resume resume) {
        state->resume = std::move(resume);
        start(Promise<T>(state));
    };
    co_await park(std::move(begin));
    // The handle owns the suspended frame: let go of it before the value leaves.
    state->resume = Resume();
    co_return std::move(*state->value);
}

/// Runs a task to its end on the calling thread (tests, the CLI on a stopped server). Exceptions
/// pass through.
void run_to_end(Task<void> task);

/// The same with a value.
template <class T> [[nodiscard]] T block_on(Task<T> task) {
    std::optional<T> value;
    auto body = [](Task<T> inner, std::optional<T>& out) -> Task<void> {
        auto result = co_await std::move(inner);
        out.emplace(std::move(result));
    };
    run_to_end(body(std::move(task), value));
    return std::move(*value);
}

} // namespace lockstep
