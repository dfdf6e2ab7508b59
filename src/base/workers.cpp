// The threads of the pool.
#include "base/workers.hpp"

namespace lockstep {

Workers::Workers(int threads, std::size_t bound) : bound_(bound) {
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this] { loop(); });
}

Workers::~Workers() { close(); }

bool Workers::add(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_ || jobs_.size() >= bound_)
            return false;
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

void Workers::loop() {
    for (;;) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
            if (jobs_.empty())
                return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

void Workers::close() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable())
            thread.join();
}

} // namespace lockstep
