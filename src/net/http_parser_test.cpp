// Bodies that come in pieces, cut anywhere.
#include "net/http_parser.hpp"

#include <gtest/gtest.h>

namespace lockstep::net {
namespace {

constexpr std::string_view kHead =
    "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Offers the body as a connection does: what was not used is offered again with more behind it.
std::string read_in_pieces(std::string_view body, std::size_t first, std::size_t step) {
    HttpParser parser;
    EXPECT_TRUE(parser.head(kHead).has_value());
    std::string ahead, got;
    const HttpParser::Sink sink = [&got](std::string_view piece) -> Result<> {
        got += piece;
        return {};
    };
    for (std::size_t at = 0; at < body.size() && !parser.done();) {
        const auto size = std::min(at == 0 ? first : step, body.size() - at);
        ahead += body.substr(at, size);
        at += size;
        for (;;) {
            const auto used = parser.body(ahead, 1'000, sink);
            if (!used)
                return "error";
            ahead.erase(0, *used);
            if (*used == 0 || ahead.empty())
                break;
        }
    }
    return parser.done() ? got : "unfinished";
}

TEST(HttpParser, ReadsAChunkedBodyThatIsCutAnywhere) {
    for (const std::string_view body :
         {"0\r\n\r\n", "0\r\nT: u\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n",
          "1\r\nh\r\n4\r\nello\r\n0\r\nT: u\r\nV: w\r\n\r\n"}) {
        const auto wanted = body.starts_with('0') ? "" : "hello";
        for (std::size_t first = 1; first <= body.size(); ++first)
            for (std::size_t step = 1; step <= 4; ++step)
                EXPECT_EQ(read_in_pieces(body, first, step), wanted)
                    << body << " cut at " << first << ", then every " << step;
    }
}

TEST(HttpParser, RefusesWhatIsNoTrailerWhereverItIsCut) {
    constexpr std::string_view kBody("0\r\nhel\0o\r\n\r\n", 12);
    for (std::size_t first = 1; first <= kBody.size(); ++first)
        EXPECT_NE(read_in_pieces(kBody, first, 1), "") << first;
}

} // namespace
} // namespace lockstep::net
