#include "net/memory_stream.hpp"

#include <gtest/gtest.h>

#include "net/test_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;

Task<void> read_into(Stream& stream, std::string& said) {
    std::string bytes(10, '\0');
    const auto got = co_await stream.read_some(bytes);
    said = got ? bytes.substr(0, *got) : std::string(name_of(got.error().code));
}

} // namespace

TEST(MemoryStream, AReaderWaitsForBytesOrTheEnd) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        std::string said;
        co_await spawn_beside(read_into(*pair.server, said));
        co_await testing::settle();
        EXPECT_EQ(said, "");
        const auto written = co_await write(*pair.client, "abc");
        EXPECT_TRUE(written);
        co_await testing::settle();
        EXPECT_EQ(said, "abc");
        co_await spawn_beside(read_into(*pair.server, said));
        pair.client.reset();
        co_await testing::settle();
        EXPECT_EQ(said, "closed");
        const auto late = co_await write(*pair.server, "x");
        EXPECT_EQ(late.error().code, Code::closed);
    };
    run_to_end(body());
}

TEST(MemoryStream, ADeadlineEndsAReadButNotTheStream) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        std::string said;
        pair.server->deadline_in(5s);
        co_await spawn_beside(read_into(*pair.server, said));
        co_await testing::settle();
        clock->advance(4s);
        co_await testing::settle();
        EXPECT_EQ(said, "");
        clock->advance(1s);
        co_await testing::settle();
        EXPECT_EQ(said, "timeout");
        pair.server->no_deadline();
        const auto written = co_await write(*pair.client, "abc");
        EXPECT_TRUE(written);
        co_await read_into(*pair.server, said);
        EXPECT_EQ(said, "abc");
    };
    run_to_end(body());
}

TEST(MemoryStream, AWatchTellsOnceAndNotAfterItsEnd) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        int told = 0;
        Stir last = Stir::stopping;
        const auto count = [&](Stir stir) {
            ++told;
            last = stir;
        };
        pair.server->watch(count);
        pair.server->unwatch();
        auto written = co_await write(*pair.client, "a");
        EXPECT_TRUE(written);
        EXPECT_EQ(told, 0);
        std::string said;
        co_await read_into(*pair.server, said);
        pair.server->watch(count);
        written = co_await write(*pair.client, "a");
        written = co_await write(*pair.client, "a");
        EXPECT_TRUE(told == 1 && last == Stir::spoke);
        co_await read_into(*pair.server, said);
        pair.server->watch(count);
        pair.client->close();
        EXPECT_TRUE(told == 2 && last == Stir::closed);
    };
    run_to_end(body());
}

} // namespace lockstep::net
