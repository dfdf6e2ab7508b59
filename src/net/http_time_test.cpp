// Time and parking: everything here runs on a standing clock.
#include <gtest/gtest.h>

#include "net/http_service.hpp"
#include "net/test_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;

Task<Response> hello(Request&, Connection&) {
    Response response(200, "text/plain", "hello");
    co_return response;
}

/// Parks until the connection stirs and answers with what it heard.
Task<Response> park_until_stirred(Request& request, Connection& connection) {
    request.release();
    std::function<void(Promise<Stir>)> start = [&connection](Promise<Stir> promise) {
        connection.watch_close([promise](Stir stir) { promise.set(stir); });
    };
    const auto stir = co_await await_value<Stir>(std::move(start));
    const char* said = stir == Stir::closed ? "closed" : stir == Stir::spoke ? "spoke" : "stopping";
    Response response(200, "text/plain", said);
    co_return response;
}

class HttpTime : public ::testing::Test {
protected:
    HttpTime() {
        options.handler = &hello;
        options.admit = [](const Request&, const Connection&) {
            Admission admission;
            admission.max_body = 10'000'000;
            return admission;
        };
    }
    std::unique_ptr<ManualClock> clock = manual_clock(0);
    HttpOptions options;
};

/// One byte each second: what did the server say, and after how many seconds was it over?
Task<std::pair<std::string, int>> drip(
    ManualClock& clock, std::shared_ptr<HttpService> service, std::string bytes,
    std::size_t per_second = 1
) {
    auto pair = memory_pair(clock);
    co_await spawn_beside(serve_http(service, std::move(pair.server)));
    int seconds = 0;
    for (std::size_t at = 0; at < bytes.size(); at += per_second) {
        co_await testing::settle();
        if (service->sessions() == 0)
            break;
        const auto written =
            co_await write(*pair.client, std::string_view(bytes).substr(at, per_second));
        if (!written)
            break;
        clock.advance(1s);
        ++seconds;
    }
    auto answer = co_await testing::read_all(*pair.client);
    co_return std::pair(answer, seconds);
}

} // namespace

TEST_F(HttpTime, H10ASlowHeadIsEndedAfterItsTime) {
    const auto [answer, seconds] =
        block_on(drip(*clock, make_http_service(*clock, options), std::string(1'000, 'G')));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    EXPECT_TRUE(answer.contains("Connection: close"));
    EXPECT_LE(seconds, 11);
}

TEST_F(HttpTime, H10ASlowBodyIsEndedAfterOneWindow) {
    auto slow = block_on(drip(
        *clock, make_http_service(*clock, options),
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'a'),
        100
    ));
    EXPECT_TRUE(slow.first.starts_with("HTTP/1.1 408 ")) << slow.first;
    EXPECT_LE(slow.second, 32);
    auto decent = block_on(drip(
        *clock, make_http_service(*clock, options),
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" +
            std::string(100'000, 'a'),
        400
    ));
    EXPECT_TRUE(decent.first.starts_with("HTTP/1.1 200 ")) << decent.first;
    EXPECT_GT(decent.second, 200);
}

TEST_F(HttpTime, ASilentConnectionIsClosedWithoutAWord) {
    const auto first = block_on(testing::talk(*clock, make_http_service(*clock, options), {}, 11s));
    EXPECT_EQ(first, "");
    const auto later = block_on(testing::talk(
        *clock, make_http_service(*clock, options), {"GET / HTTP/1.1\r\nHost: x\r\n\r\n"}, 121s
    ));
    EXPECT_EQ(testing::times(later, "HTTP/1.1"), 1U) << later;
}

namespace {

Task<std::string>
park_and(ManualClock& clock, std::shared_ptr<HttpService> service, std::string behind, bool stop) {
    auto pair = memory_pair(clock);
    co_await spawn_beside(serve_http(service, std::move(pair.server)));
    const std::string ping =
        "POST /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" + behind;
    const auto written = co_await write(*pair.client, ping);
    EXPECT_TRUE(written);
    co_await testing::settle();
    // A parked handler outlives every limit of reading.
    clock.advance(1h);
    co_await testing::settle();
    EXPECT_EQ(service->sessions(), 1U);
    if (stop) {
        stop_http(*service);
    } else if (behind.empty()) {
        pair.client->close();
        co_await testing::settle();
        EXPECT_EQ(service->sessions(), 0U);
        co_return "";
    }
    auto answer = co_await testing::read_all(*pair.client);
    co_return answer;
}

} // namespace

TEST_F(HttpTime, AParkedHandlerLearnsThatThePeerVanished) {
    std::string heard;
    options.handler = &park_until_stirred;
    options.served = [&](const Served& served) {
        heard = fmt::format("{} {}", served.path, served.status);
    };
    EXPECT_EQ(block_on(park_and(*clock, make_http_service(*clock, options), "", false)), "");
    EXPECT_EQ(heard, "/ping 200");
}

TEST_F(HttpTime, R15AParkedHandlerIsToldOfShutdownAndItsAnswerArrives) {
    options.handler = &park_until_stirred;
    const auto answer = block_on(park_and(*clock, make_http_service(*clock, options), "", true));
    EXPECT_TRUE(answer.ends_with("\r\n\r\nstopping")) << answer;
    EXPECT_TRUE(answer.contains("Connection: close"));
}

TEST_F(HttpTime, AParkedHandlerIsToldOfARequestBehindIt) {
    options.handler = [](Request& request, Connection& connection) -> Task<Response> {
        if (request.path == "/next")
            return hello(request, connection);
        return park_until_stirred(request, connection);
    };
    auto pipelined = [](ManualClock& time,
                        std::shared_ptr<HttpService> service) -> Task<std::string> {
        auto answer = co_await testing::talk(
            time, service,
            {"POST /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}GET /next "
             "HTTP/1.1\r\nHost: x\r\n\r\n"}
        );
        co_return answer;
    };
    const auto together = block_on(pipelined(*clock, make_http_service(*clock, options)));
    EXPECT_LT(together.find("spoke"), together.find("hello")) << together;
    const auto apart = block_on(testing::talk(
        *clock, make_http_service(*clock, options),
        {"POST /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
         "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"}
    ));
    EXPECT_LT(apart.find("spoke"), apart.find("hello")) << apart;
}

TEST_F(HttpTime, R15IdleConnectionsEndAtOnceWhenTheServerStops) {
    auto body = [](ManualClock& time, std::shared_ptr<HttpService> service) -> Task<std::string> {
        auto pair = memory_pair(time);
        co_await spawn_beside(serve_http(service, std::move(pair.server)));
        const auto written = co_await write(*pair.client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_TRUE(written);
        co_await testing::settle();
        stop_http(*service);
        auto answer = co_await testing::read_all(*pair.client);
        EXPECT_EQ(time.steady(), 0s);
        co_return answer;
    };
    EXPECT_TRUE(block_on(body(*clock, make_http_service(*clock, options))).ends_with("hello"));
}

namespace {

/// Gives its pieces, then fails or ends.
class Pieces final : public BodySource {
public:
    Pieces(std::vector<std::string> pieces, std::optional<std::uint64_t> size, bool fails)
        : pieces_(std::move(pieces)), size_(size), fails_(fails) {}
    Task<Result<std::string>> next() override {
        if (at_ < pieces_.size())
            co_return pieces_[at_++];
        if (fails_)
            co_return fail(Code::corrupt, "disk");
        co_return std::string();
    }
    std::optional<std::uint64_t> size() const override { return size_; }

private:
    std::vector<std::string> pieces_;
    std::optional<std::uint64_t> size_;
    bool fails_;
    std::size_t at_ = 0;
};

Task<Response>
from_pieces(std::vector<std::string> pieces, std::optional<std::uint64_t> size, bool fails) {
    Response response(200);
    response.source = std::make_unique<Pieces>(std::move(pieces), size, fails);
    co_return response;
}

/// The answer to one request, served from these pieces.
std::string streamed(
    std::vector<std::string> pieces, std::optional<std::uint64_t> size, bool fails = false,
    const char* request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
) {
    const auto clock = manual_clock(0);
    HttpOptions options;
    options.handler = [&](Request&, Connection&) { return from_pieces(pieces, size, fails); };
    return block_on(
        testing::talk(*clock, make_http_service(*clock, options), {std::string(request) + request})
    );
}

} // namespace

TEST(HttpStreaming, ASourceWithoutSizeIsChunkedAndTheConnectionLives) {
    const auto answer = streamed({"abc", "0123456789"}, std::nullopt);
    EXPECT_TRUE(answer.contains(
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\nHTTP/1.1 200"
    )) << answer;
    EXPECT_TRUE(streamed({}, std::nullopt).ends_with("\r\n\r\n0\r\n\r\n"));
}

TEST(HttpStreaming, ASourceWithSizeHasALength) {
    const auto answer = streamed({"abc", "de"}, 5);
    EXPECT_TRUE(answer.contains("Content-Length: 5\r\n\r\nabcdeHTTP/1.1 200")) << answer;
}

TEST(HttpStreaming, ABrokenSourceIsSeenByTheClient) {
    for (const bool fails : {false, true}) {
        const auto answer = streamed({"abc"}, 5, fails);
        EXPECT_TRUE(answer.ends_with("\r\n\r\nabc")) << answer;
        EXPECT_EQ(testing::times(answer, "HTTP/1.1"), 1U);
    }
    const auto chunked = streamed({"abc"}, std::nullopt, true);
    EXPECT_TRUE(chunked.ends_with("3\r\nabc\r\n")) << chunked;
    EXPECT_TRUE(streamed({"abcdef"}, 5).empty());
}

TEST(HttpStreaming, OldClientsGetTheBodyUntilTheEndOfTheConnection) {
    const auto answer = streamed({"abc", "de"}, std::nullopt, false, "GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(answer.ends_with("Connection: close\r\n\r\nabcde")) << answer;
    EXPECT_FALSE(answer.contains("chunked"));
}

} // namespace lockstep::net
