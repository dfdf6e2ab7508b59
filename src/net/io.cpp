// The I/O threads: one Asio context per thread, tasks counted so that shutdown can wait for them.
#include "net/io.hpp"

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include <pthread.h>

#include <fmt/core.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.hpp"

namespace lockstep::net {
namespace {

namespace asio = boost::asio;

/// How long stop() waits for tasks that are at their very end.
constexpr auto kLastSteps = std::chrono::milliseconds(200);

struct Worker {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread;
};

void log_failure(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        log::error("net.task_failed", {{"reason", error.what()}});
    } catch (...) {
        log::error("net.task_failed", {{"reason", "unknown exception"}});
    }
}

} // namespace

struct IoThreads::State {
    std::vector<std::unique_ptr<Worker>> workers;
    std::atomic<std::size_t> turn = 0;
    std::atomic<std::size_t> tasks = 0;
    std::atomic<bool> stopped = false;

    void run(Worker& worker) {
        for (;;) {
            try {
                worker.context.run();
                return;
            } catch (...) {
                log_failure(std::current_exception());
            }
        }
    }
};

IoThreads::IoThreads(std::size_t count) : state_(std::make_unique<State>()) {
    const std::size_t threads =
        count > 0 ? count : std::max<std::size_t>(1, std::thread::hardware_concurrency());
    for (std::size_t i = 0; i < threads; ++i)
        state_->workers.push_back(std::make_unique<Worker>());
    for (std::size_t i = 0; i < threads; ++i) {
        auto& worker = *state_->workers[i];
        worker.thread = std::thread([state = state_.get(), &worker] { state->run(worker); });
        pthread_setname_np(worker.thread.native_handle(), fmt::format("io-{}", i).c_str());
    }
}

IoThreads::~IoThreads() {
    stop();
    if (state_->tasks == 0)
        return;
    // Suspended tasks hold references to objects that may be gone already, and so do their
    // destructors: leaving their memory alone at the end of the process is the safe choice.
    static std::vector<std::shared_ptr<State>>& left = *new std::vector<std::shared_ptr<State>>();
    left.push_back(std::move(state_));
}

std::size_t IoThreads::size() const { return state_->workers.size(); }

std::size_t IoThreads::next() { return state_->turn++ % size(); }

void IoThreads::spawn(std::size_t thread, Task<void> task) {
    ++state_->tasks;
    auto ended = [state = state_.get()](const std::exception_ptr& failure) {
        if (failure)
            log_failure(failure);
        --state->tasks;
    };
    asio::co_spawn(context(thread), std::move(task), std::move(ended));
}

void IoThreads::post(std::size_t thread, std::function<void()> call) {
    asio::post(context(thread), std::move(call));
}

std::size_t IoThreads::tasks() const { return state_->tasks; }

void IoThreads::stop() {
    if (state_->stopped.exchange(true))
        return;
    const auto until = std::chrono::steady_clock::now() + kLastSteps;
    while (state_->tasks > 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (auto& worker : state_->workers) {
        worker->work.reset();
        worker->context.stop();
    }
    for (auto& worker : state_->workers)
        worker->thread.join();
}

boost::asio::io_context& IoThreads::context(std::size_t thread) {
    return state_->workers[thread % size()]->context;
}

Task<void> spawn_beside(Task<void> task) {
    auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(std::move(executor), std::move(task), [](const std::exception_ptr& failure) {
        if (failure)
            log_failure(failure);
    });
}

} // namespace lockstep::net
