#include "net/gather.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace lockstep::net {
namespace {

struct Sent {
    std::string bytes;
    std::size_t writes = 0;
};

/// Sends at most `step` bytes at a time.
Sent send_all(const std::vector<std::string>& texts, std::size_t step) {
    const std::vector<std::string_view> pieces(texts.begin(), texts.end());
    Gather gather(pieces);
    Sent sent;
    for (auto front = gather.front(); !front.empty(); front = gather.front()) {
        EXPECT_LE(front.size(), limits::kWriteStep);
        EXPECT_EQ(gather.front().data(), front.data());
        const auto count = std::min(step, front.size());
        sent.bytes += front.substr(0, count);
        gather.consume(count);
        ++sent.writes;
    }
    return sent;
}

} // namespace

TEST(Gather, SendsEveryByteOnceInOrder) {
    const std::string large(100'000, 'l');
    const std::vector<std::vector<std::string>> cases{
        {},
        {""},
        {"", "a", ""},
        {"head", "body"},
        {large},
        {"head", large, "tail"},
        {large, "", large, "x"},
        {std::string(limits::kWriteStep, 'x')},
        {"h", std::string(limits::kWriteStep - 1, 'x'), "t"},
    };
    for (const auto& pieces : cases) {
        std::string whole;
        for (const auto& piece : pieces)
            whole += piece;
        for (const std::size_t step : {1'000U, 7'777U, 1'000'000U})
            EXPECT_EQ(send_all(pieces, step).bytes, whole);
    }
}

TEST(Gather, HeadAndSmallBodyAreOneWrite) {
    EXPECT_EQ(send_all({"HTTP/1.1 200 OK\r\n\r\n", "a", "b", "c"}, 1'000'000).writes, 1U);
    EXPECT_EQ(send_all({"h", std::string(40'000, 'x')}, 1'000'000).writes, 3U);
}

} // namespace lockstep::net
