// The real clock (one thread that sleeps until the next call is due) and the manual one.
#include "base/clock.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace lockstep {
namespace {

/// Pending calls by due time; not thread-safe by itself.
class Agenda {
public:
    TimerId add(SteadyTime due, std::function<void()> call) {
        const auto id = next_++;
        due_of_.emplace(id, due);
        calls_.emplace(std::pair(due, id), std::move(call));
        return id;
    }
    void cancel(TimerId id) {
        const auto found = due_of_.find(id);
        if (found == due_of_.end())
            return;
        calls_.erase(std::pair(found->second, id));
        due_of_.erase(found);
    }
    [[nodiscard]] std::optional<SteadyTime> next_due() const {
        if (calls_.empty())
            return std::nullopt;
        return calls_.begin()->first.first;
    }
    std::function<void()> take_first() {
        auto first = calls_.begin();
        auto call = std::move(first->second);
        due_of_.erase(first->first.second);
        calls_.erase(first);
        return call;
    }

private:
    TimerId next_ = 1;
    std::map<std::pair<SteadyTime, TimerId>, std::function<void()>> calls_;
    std::unordered_map<TimerId, SteadyTime> due_of_;
};

std::int64_t wall_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch()
    )
        .count();
}

class SystemClock final : public Clock {
public:
    SystemClock() : thread_([this] { run(); }) {}
    ~SystemClock() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    std::int64_t now_us() const override { return wall_us(); }
    SteadyTime steady() const override {
        return std::chrono::steady_clock::now().time_since_epoch();
    }
    TimerId call_after(std::chrono::nanoseconds delay, std::function<void()> call) override {
        const std::lock_guard lock(mutex_);
        const auto due = steady() + delay;
        const auto earliest = agenda_.next_due();
        const auto id = agenda_.add(due, std::move(call));
        if (!earliest || due < *earliest)
            changed_.notify_all();
        return id;
    }
    void cancel(TimerId id) override {
        const std::lock_guard lock(mutex_);
        agenda_.cancel(id);
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            const auto due = agenda_.next_due();
            if (!due) {
                changed_.wait(lock);
            } else if (*due > steady()) {
                changed_.wait_until(lock, std::chrono::steady_clock::time_point(*due));
            } else {
                const auto call = agenda_.take_first();
                lock.unlock();
                call();
                lock.lock();
            }
        }
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    Agenda agenda_;
    bool stopping_ = false;
    std::thread thread_;
};

/// Calls run in the order of their time, at their time. What calls itself again all the time (every
/// second, every minute) is called about kChainCalls times by a jump, however far that is.
class StandingClock final : public ManualClock {
public:
    explicit StandingClock(std::int64_t start_us) : start_us_(start_us) {}
    std::int64_t now_us() const override {
        return start_us_ + std::chrono::duration_cast<std::chrono::microseconds>(steady()).count();
    }
    SteadyTime steady() const override {
        const std::lock_guard lock(mutex_);
        return now_;
    }
    TimerId call_after(std::chrono::nanoseconds delay, std::function<void()> call) override {
        const std::lock_guard lock(mutex_);
        const bool chained = advancing_ == std::this_thread::get_id();
        return agenda_.add(now_ + (chained ? std::max(delay, step_) : delay), std::move(call));
    }
    void cancel(TimerId id) override {
        const std::lock_guard lock(mutex_);
        agenda_.cancel(id);
    }
    void advance(std::chrono::nanoseconds by) override {
        constexpr int kChainCalls = 200;
        std::unique_lock lock(mutex_);
        const auto target = now_ + by;
        advancing_ = std::this_thread::get_id();
        step_ = by > std::chrono::hours(1) ? by / kChainCalls : std::chrono::nanoseconds(0);
        for (auto due = agenda_.next_due(); due && *due <= target; due = agenda_.next_due()) {
            now_ = std::max(now_, *due);
            const auto call = agenda_.take_first();
            lock.unlock();
            call();
            lock.lock();
        }
        now_ = target;
        advancing_ = {};
    }

private:
    std::int64_t start_us_;
    mutable std::mutex mutex_;
    SteadyTime now_{};
    std::thread::id advancing_;        ///< whoever is inside advance()
    std::chrono::nanoseconds step_{0}; ///< what is called inside it calls again no sooner
    Agenda agenda_;
};

} // namespace

std::unique_ptr<Clock> system_clock() { return std::make_unique<SystemClock>(); }
std::unique_ptr<ManualClock> manual_clock(std::int64_t start_us) {
    return std::make_unique<StandingClock>(start_us);
}

Task<void> sleep_for(Clock& clock, std::chrono::nanoseconds delay) {
    std::function<void(Resume)> start = [&clock, delay](Resume resume) {
        clock.call_after(delay, [resume] { resume(); });
    };
    co_await park(std::move(start));
}

} // namespace lockstep
