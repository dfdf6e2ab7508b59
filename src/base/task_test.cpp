#include "base/task.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace lockstep {
namespace {

Task<int> value_from_another_thread() {
    std::function<void(Promise<int>)> start = [](Promise<int> promise) {
        std::thread([promise] {
            promise.set(7);
            promise.set(8);
        }).detach();
    };
    const int value = co_await await_value<int>(std::move(start));
    co_return value;
}

Task<int> resumed_inside_start() {
    std::function<void(Resume)> start = [](Resume resume) {
        resume();
        resume();
    };
    co_await park(std::move(start));
    co_return 1;
}

Task<int> asleep(Clock& clock, std::chrono::nanoseconds delay) {
    co_await sleep_for(clock, delay);
    co_return 1;
}

} // namespace

TEST(Task, TakesTheFirstValueSetByAnotherThread) {
    EXPECT_EQ(block_on(value_from_another_thread()), 7);
}
// For the thread sanitizer: set() may still be signalling when block_on() has its value.
TEST(Task, TheLoopOutlivesWhoeverResumesIt) {
    for (int i = 0; i < 300; ++i)
        ASSERT_EQ(block_on(value_from_another_thread()), 7);
}
TEST(Task, MayBeResumedInsideStartAndOnlyOnce) { EXPECT_EQ(block_on(resumed_inside_start()), 1); }

TEST(Clock, SystemClockWakesASleeper) {
    const auto clock = system_clock();
    const auto before = clock->steady();
    EXPECT_EQ(block_on(asleep(*clock, std::chrono::milliseconds(5))), 1);
    EXPECT_GE(clock->steady() - before, std::chrono::milliseconds(5));
}

TEST(Clock, ManualClockRunsCallsInOrderAndForgetsCancelledOnes) {
    const auto clock = manual_clock(1'000'000);
    std::string order;
    clock->call_after(std::chrono::minutes(59), [&] { order += 'c'; });
    clock->call_after(std::chrono::minutes(1), [&] { order += 'a'; });
    const auto gone = clock->call_after(std::chrono::minutes(2), [&] { order += 'b'; });
    clock->cancel(gone);
    clock->advance(std::chrono::minutes(58));
    EXPECT_EQ(order, "a");
    clock->advance(std::chrono::minutes(1));
    EXPECT_EQ(order, "ac");
    EXPECT_EQ(clock->now_us(), 1'000'000 + 59 * 60'000'000LL);
}

} // namespace lockstep
