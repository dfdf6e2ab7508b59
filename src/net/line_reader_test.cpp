#include "net/line_reader.hpp"

#include <gtest/gtest.h>

#include "net/test_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;

/// What a reader makes of the bytes, in pieces of `chunk`: lines, or the name of the error; stops
/// at the first that is neither too_large nor bad_syntax.
Task<std::vector<std::string>> lines_of(std::string bytes, std::size_t max, std::size_t chunk) {
    const auto clock = manual_clock(0);
    MemoryOptions options;
    options.chunk = chunk;
    auto pair = memory_pair(*clock, options);
    const auto written = co_await write(*pair.client, bytes);
    EXPECT_TRUE(written);
    pair.client->close();
    LineReader reader(*pair.server);
    std::vector<std::string> lines;
    for (;;) {
        const auto line = co_await reader.read_line(max);
        if (line) {
            lines.emplace_back(*line);
            continue;
        }
        lines.emplace_back(name_of(line.error().code));
        if (line.error().code == Code::closed)
            co_return lines;
    }
}

using Lines = std::vector<std::string>;

} // namespace

TEST(LineReader, ReadsLinesHoweverTheyAreCut) {
    for (const std::size_t chunk : {1U, 2U, 3U, 1'000U})
        EXPECT_EQ(
            block_on(lines_of("EHLO a\r\n\r\nMAIL\r\nrest", 100, chunk)),
            (Lines{"EHLO a", "", "MAIL", "closed"})
        );
}

TEST(LineReader, S1RefusesBareLineEnds) {
    for (const std::size_t chunk : {1U, 1'000U}) {
        EXPECT_EQ(block_on(lines_of("a\nb\r\n", 100, chunk)), (Lines{"bad_syntax", "b", "closed"}));
        EXPECT_EQ(
            block_on(lines_of("a\rb\r\nc\r\n", 100, chunk)), (Lines{"bad_syntax", "c", "closed"})
        );
        EXPECT_EQ(
            block_on(lines_of("a\r\r\n\n", 100, chunk)),
            (Lines{"bad_syntax", "bad_syntax", "closed"})
        );
    }
}

TEST(LineReader, S6DiscardsAnOverlongLineAndGoesOn) {
    for (const std::size_t chunk : {1U, 7U, 100'000U}) {
        const auto lines =
            block_on(lines_of("ok\r\n" + std::string(9'000, 'x') + "\r\nnext\r\n", 12, chunk));
        EXPECT_EQ(lines, (Lines{"ok", "too_large", "next", "closed"}));
    }
    EXPECT_EQ(
        block_on(lines_of("0123456789\r\n01234567890\r\n", 12, 5)),
        (Lines{"0123456789", "too_large", "closed"})
    );
}

TEST(LineReader, S6GivesUpOnAnEndlessLine) {
    EXPECT_EQ(
        block_on(lines_of(std::string(limits::kLineSkip + 10'000, 'x') + "\r\nnext\r\n", 12, 0)),
        (Lines{"closed"})
    );
}

TEST(LineReader, MixesLinesCountedBytesAndRawBytes) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        const auto written = co_await write(*pair.client, "BDAT 5\r\nhel\nlNOOP\r\nraw bytes");
        EXPECT_TRUE(written);
        LineReader reader(*pair.server);
        const auto command = co_await reader.read_line(100);
        EXPECT_EQ(command.value_or("?"), "BDAT 5");
        EXPECT_EQ(reader.buffered(), "hel\nlNOOP\r\nraw bytes");
        std::string taken;
        LineReader::Sink sink = [&](std::string_view piece) -> Result<> {
            taken += piece;
            return {};
        };
        const auto read = co_await reader.read_exact(5, sink);
        EXPECT_TRUE(read);
        EXPECT_EQ(taken, "hel\nl");
        const auto next = co_await reader.read_line(100);
        EXPECT_EQ(next.value_or("?"), "NOOP");
        const auto raw = co_await reader.unread();
        EXPECT_EQ(raw.value_or("?"), "raw bytes");
        reader.consume(4);
        EXPECT_EQ(reader.buffered(), "bytes");
        reader.consume(5);
        EXPECT_EQ(reader.buffered(), "");
        LineReader::Sink refusing = [](std::string_view) -> Result<> {
            return fail(Code::over_quota, "full");
        };
        const auto more = co_await write(*pair.client, "12345");
        EXPECT_TRUE(more);
        const auto refused = co_await reader.read_exact(5, refusing);
        EXPECT_EQ(refused.error().code, Code::over_quota);
    };
    run_to_end(body());
}

TEST(LineReader, AWholeLineHasOneDeadline) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        auto read = [](Stream& stream, Code& code) -> Task<void> {
            LineReader reader(stream, 300s);
            const auto line = co_await reader.read_line(1'000);
            if (!line)
                code = line.error().code;
        };
        Code code = Code::internal;
        co_await spawn_beside(read(*pair.server, code));
        for (int i = 0; i < 10; ++i) {
            co_await testing::settle();
            const auto written = co_await write(*pair.client, "x");
            EXPECT_TRUE(written);
            clock->advance(31s);
        }
        co_await testing::settle();
        EXPECT_EQ(code, Code::timeout);
    };
    run_to_end(body());
}

TEST(LineReader, S3PlaintextAheadOfTheHandshakeEndsTheConnection) {
    auto body = []() -> Task<void> {
        const auto clock = manual_clock(0);
        auto pair = memory_pair(*clock);
        const auto written = co_await write(*pair.client, "STARTTLS\r\nNOOP\r\n");
        EXPECT_TRUE(written);
        LineReader reader(*pair.server);
        const auto line = co_await reader.read_line(100);
        EXPECT_EQ(line.value_or("?"), "STARTTLS");
        const auto started = co_await reader.start_tls(nullptr, "");
        EXPECT_EQ(started.error().code, Code::forbidden);
        EXPECT_FALSE(pair.server->is_open());
    };
    run_to_end(body());
}

} // namespace lockstep::net
