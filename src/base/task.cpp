// The parking primitive on Asio's completion handlers, and the blocking runner.
#include "base/task.hpp"

#include <atomic>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace lockstep {
namespace {

namespace asio = boost::asio;

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
    asio::io_context context(1);
    std::exception_ptr failure;
    asio::co_spawn(context, std::move(task), [&failure](std::exception_ptr error) {
        failure = error;
    });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace lockstep
