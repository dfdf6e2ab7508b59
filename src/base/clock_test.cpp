#include "base/clock.hpp"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace lockstep {

TEST(ManualClock, StandsStillUntilTold) {
    const auto clock = manual_clock(1'000'000);
    EXPECT_EQ(clock->now_us(), 1'000'000);
    clock->advance(std::chrono::milliseconds(3));
    EXPECT_EQ(clock->now_us(), 1'003'000);
    EXPECT_EQ(clock->steady(), std::chrono::milliseconds(3));
}

TEST(ManualClock, CallsInTheOrderOfTimeAndAtTheirTime) {
    const auto clock = manual_clock(0);
    std::vector<std::pair<int, SteadyTime>> called;
    for (const int at : {30, 10, 20})
        clock->call_after(std::chrono::seconds(at), [&, at] {
            called.emplace_back(at, clock->steady());
        });
    clock->advance(std::chrono::seconds(25));
    const std::vector<std::pair<int, SteadyTime>> expected{
        {10, std::chrono::seconds(10)}, {20, std::chrono::seconds(20)}
    };
    EXPECT_EQ(called, expected);
    clock->advance(std::chrono::seconds(25));
    EXPECT_EQ(called.size(), 3U);
}

TEST(ManualClock, CallsOfOneTimeKeepTheirOrder) {
    const auto clock = manual_clock(0);
    std::string order;
    for (const char c : {'a', 'b', 'c'})
        clock->call_after(std::chrono::seconds(1), [&order, c] { order += c; });
    clock->advance(std::chrono::seconds(1));
    EXPECT_EQ(order, "abc");
}

TEST(ManualClock, AFarJumpCallsWhatCallsItselfAgainAFewTimesOnly) {
    const auto clock = manual_clock(0);
    int ticks = 0;
    SteadyTime last{};
    std::function<void()> tick = [&] {
        ++ticks;
        last = clock->steady();
        clock->call_after(std::chrono::seconds(1), tick);
    };
    clock->call_after(std::chrono::seconds(1), tick);
    clock->advance(std::chrono::minutes(10));
    EXPECT_EQ(ticks, 600);
    SteadyTime at{};
    clock->call_after(std::chrono::hours(100), [&] { at = clock->steady(); });
    clock->advance(std::chrono::hours(480));
    EXPECT_LT(ticks, 900);
    EXPECT_GT(last, std::chrono::hours(470));
    EXPECT_EQ(at, std::chrono::hours(100) + std::chrono::minutes(10));
}

TEST(ManualClock, ForgetsWhatIsCancelled) {
    const auto clock = manual_clock(0);
    int calls = 0;
    const auto first = clock->call_after(std::chrono::seconds(1), [&] { ++calls; });
    clock->call_after(std::chrono::seconds(2), [&] { ++calls; });
    clock->cancel(first);
    clock->cancel(first);
    clock->cancel(9'999);
    clock->advance(std::chrono::seconds(5));
    EXPECT_EQ(calls, 1);
}

TEST(ManualClock, ACallMayMakeAndCancelOthers) {
    const auto clock = manual_clock(0);
    int calls = 0;
    const auto later = clock->call_after(std::chrono::seconds(3), [&] { calls += 100; });
    clock->call_after(std::chrono::seconds(1), [&] {
        clock->cancel(later);
        clock->call_after(std::chrono::seconds(1), [&] { ++calls; });
    });
    clock->advance(std::chrono::seconds(10));
    EXPECT_EQ(calls, 1);
}

TEST(ManualClock, SleepsForItsOwnTime) {
    const auto clock = manual_clock(0);
    auto slept = std::async(std::launch::async, [&] {
        run_to_end(sleep_for(*clock, std::chrono::hours(1)));
        return clock->steady();
    });
    // The sleeper asks for its call at some time before an hour of steps is over.
    while (slept.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
        clock->advance(std::chrono::minutes(10));
    EXPECT_GE(slept.get(), std::chrono::hours(1));
}

TEST(SystemClock, CallsOnceAndNotBeforeItsTime) {
    const auto clock = system_clock();
    const auto begin = clock->steady();
    std::promise<SteadyTime> called;
    clock->call_after(std::chrono::milliseconds(20), [&] { called.set_value(clock->steady()); });
    EXPECT_GE(called.get_future().get() - begin, std::chrono::milliseconds(20));
}

TEST(SystemClock, TakesAnEarlierCallAfterALaterOne) {
    const auto clock = system_clock();
    std::promise<void> called;
    clock->call_after(std::chrono::hours(1), [] { FAIL() << "an hour early"; });
    clock->call_after(std::chrono::milliseconds(1), [&] { called.set_value(); });
    EXPECT_EQ(called.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

} // namespace lockstep
