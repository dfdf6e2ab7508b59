// A compressed stream: what goes in comes out, at once, and never more than was asked for.
#include "net/deflate_stream.hpp"

#include <gtest/gtest.h>

#include "net/memory_stream.hpp"
#include "net/test_support.hpp"

namespace lockstep::net {
namespace {

/// Two ends that compress, over memory that gives at most `chunk` bytes at once.
struct PackedPair {
    std::shared_ptr<Clock> clock = manual_clock(0);
    MemoryPair below;
    DeflateStream server, client;

    explicit PackedPair(std::size_t chunk)
        : below(memory_pair(*clock, {.chunk = chunk})), server(std::move(below.server)),
          client(std::move(below.client)) {}
};

Task<std::string> read_all(Stream& stream, std::size_t count, std::size_t step) {
    std::string all;
    while (all.size() < count) {
        std::string bytes(std::min(step, count - all.size()), '\0');
        const auto got = co_await stream.read_some(bytes);
        if (!got)
            break;
        EXPECT_LE(*got, bytes.size());
        all += bytes.substr(0, *got);
    }
    co_return all;
}

} // namespace

TEST(DeflateStream, WhatIsWrittenIsReadHoweverItIsCut) {
    auto body = []() -> Task<void> {
        for (const std::size_t chunk : {1U, 7U, 0U}) {
            PackedPair pair(chunk);
            std::string said;
            for (int i = 0; i < 300; ++i)
                said += "line " + std::to_string(i * 7919) + "\r\n";
            for (int round = 0; round < 3; ++round) {
                const auto written = co_await write(pair.client, said);
                EXPECT_TRUE(written);
                const auto read = co_await read_all(pair.server, said.size(), 100);
                EXPECT_TRUE(read == said);
            }
        }
    };
    run_to_end(body());
}

TEST(DeflateStream, SaysThatMoreIsReadyWhileItHoldsBytes) {
    auto body = []() -> Task<void> {
        PackedPair pair(0);
        const auto written = co_await write(pair.client, std::string(50'000, 'x'));
        EXPECT_TRUE(written);
        const auto first = co_await read_all(pair.server, 10, 10);
        EXPECT_EQ(first, std::string(10, 'x'));
        bool stirred = false;
        pair.server.watch([&stirred](Stir) { stirred = true; });
        EXPECT_TRUE(stirred);
        const auto ready = co_await pair.server.wait_readable();
        EXPECT_TRUE(ready);
    };
    run_to_end(body());
}

TEST(DeflateStream, DamagedDataEndsTheConnection) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        DeflateStream server(std::move(pair.server));
        const auto written = co_await write(*pair.client, std::string(100, '\xff'));
        EXPECT_TRUE(written);
        std::string bytes(10, '\0');
        const auto got = co_await server.read_some(bytes);
        EXPECT_EQ(got.error().code, Code::closed);
        EXPECT_FALSE(server.is_open());
    };
    run_to_end(body());
}

} // namespace lockstep::net
