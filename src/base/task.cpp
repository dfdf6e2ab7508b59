// The parking primitive on Asio's completion handlers, and the blocking runner.
#include "base/task.hpp"

#include <atomic>
#include <exception>
#include <memory>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace lockstep {
namespace {

namespace asio = boost::asio;

/// The loop of run_to_end() on this thread. Who resumes a coroutine of it may still be inside
/// post() when the coroutine, and so run_to_end(), has ended: the loop lives until both let go.
thread_local std::shared_ptr<asio::io_context> blocking_loop;

/// Holds the coroutine's handler until it is fired. When it is dropped unfired, the handler's
/// destructor ends the frame.
template <class Handler> struct Parked final : Resume::State {
    using Work = asio::executor_work_guard<asio::associated_executor_t<Handler>>;

    /// Continues the coroutine on its own thread. The guard goes there too: whoever fires may be
    /// slow to let go of this object, and by then the executor may be gone.
    struct Continue {
        Handler handler;
        Work work;
        void operator()() {
            work.reset();
            handler();
        }
    };

    explicit Parked(Handler handler)
        : work(asio::get_associated_executor(handler)), held(std::move(handler)) {}
    void fire() override {
        if (fired.exchange(true))
            return;
        Handler handler = std::move(*held);
        held.reset();
        const auto executor = asio::get_associated_executor(handler);
        asio::post(executor, Continue{std::move(handler), std::move(work)});
    }
    const std::shared_ptr<asio::io_context> loop = blocking_loop; ///< ends after what follows
    // Keeps the io_context running while the coroutine waits for another thread.
    Work work;
    std::optional<Handler> held;
    std::atomic<bool> fired = false;
};

struct Initiate {
    template <class Handler>
    void operator()(Handler&& handler, std::function<void(Resume)> start) const {
        using Held = std::decay_t<Handler>;
        start(Resume(std::make_shared<Parked<Held>>(Held(std::forward<Handler>(handler)))));
    }
};

} // namespace

Task<void> park(std::function<void(Resume)> start) {
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        Initiate{}, asio::use_awaitable, std::move(start)
    );
}

void run_to_end(Task<void> task) {
    const auto loop = std::make_shared<asio::io_context>(1);
    std::exception_ptr failure;
    asio::co_spawn(*loop, std::move(task), [&failure](std::exception_ptr error) {
        failure = error;
    });
    const auto outer = std::exchange(blocking_loop, loop);
    loop->run();
    blocking_loop = outer;
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace lockstep
