#include "base/workers.hpp"

#include <future>
#include <latch>
#include <set>

#include <gtest/gtest.h>

namespace lockstep {

namespace {

Result<int> run_on(Workers& workers, std::function<Result<int>()> work) {
    return block_on(workers.run<int>(std::move(work)));
}

} // namespace

TEST(Workers, GiveBackTheResultOrTheError) {
    Workers workers(1);
    EXPECT_EQ(run_on(workers, [] { return Result<int>(7); }), 7);
    const auto failed = run_on(workers, []() -> Result<int> { return fail(Code::corrupt, "bad"); });
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, Code::corrupt);
}

TEST(Workers, WorkOnAnotherThread) {
    Workers workers(1);
    std::thread::id there;
    (void)run_on(workers, [&] {
        there = std::this_thread::get_id();
        return Result<int>(0);
    });
    EXPECT_NE(there, std::this_thread::get_id());
}

TEST(Workers, WorkAtTheSameTime) {
    Workers workers(3);
    std::latch together(3);
    std::vector<std::future<Result<int>>> all;
    for (int i = 0; i < 3; ++i)
        all.push_back(std::async(std::launch::async, [&] {
            return run_on(workers, [&] {
                together.arrive_and_wait();
                return Result<int>(1);
            });
        }));
    for (auto& each : all)
        EXPECT_EQ(each.get(), 1);
}

TEST(Workers, RefuseMoreThanTheirQueueHolds) {
    Workers workers(1, 1);
    std::latch begun(1), go_on(1);
    auto busy = std::async(std::launch::async, [&] {
        return run_on(workers, [&] {
            begun.count_down();
            go_on.wait();
            return Result<int>(1);
        });
    });
    begun.wait();
    // One more may wait; of two, one is refused.
    auto second = std::async(std::launch::async, [&] {
        return run_on(workers, [] { return Result<int>(2); });
    });
    auto third = std::async(std::launch::async, [&] {
        return run_on(workers, [] { return Result<int>(3); });
    });
    while (second.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready &&
           third.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    }
    go_on.count_down();
    EXPECT_EQ(busy.get(), 1);
    const auto a = second.get(), b = third.get();
    EXPECT_NE(a.has_value(), b.has_value());
    EXPECT_EQ((a ? b : a).error().code, Code::unavailable);
}

TEST(Workers, FinishWhatWasAcceptedAndRefuseTheRest) {
    Workers workers(1);
    std::latch begun(1), go_on(1);
    auto busy = std::async(std::launch::async, [&] {
        return run_on(workers, [&] {
            begun.count_down();
            go_on.wait();
            return Result<int>(1);
        });
    });
    begun.wait();
    auto closing = std::async(std::launch::async, [&] { workers.close(); });
    go_on.count_down();
    closing.get();
    EXPECT_EQ(busy.get(), 1);
    const auto late = run_on(workers, [] { return Result<int>(2); });
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().code, Code::unavailable);
    workers.close();
}

} // namespace lockstep
