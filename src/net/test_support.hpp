// For the tests of this room only: an HTTP client of few words, over memory.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.hpp"
#include "net/memory_stream.hpp"

namespace lockstep::net::testing {

/// Lets everything else on this executor run until it waits.
inline Task<void> settle(int turns = 200) {
    for (int i = 0; i < turns; ++i) {
        std::function<void(Resume)> at_once = [](Resume resume) { resume(); };
        co_await park(std::move(at_once));
    }
}

/// Reads until the other end closes.
inline Task<std::string> read_all(Stream& stream) {
    std::string all;
    std::string piece(65'536, '\0');
    for (;;) {
        const auto got = co_await stream.read_some(piece);
        if (!got)
            co_return all;
        all.append(piece, 0, *got);
    }
}

/// Reads exactly so many bytes, or less at the end.
inline Task<std::string> read_bytes(Stream& stream, std::size_t count) {
    std::string all(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const auto got = co_await stream.read_some(std::span(all).subspan(have));
        if (!got)
            break;
        have += *got;
    }
    all.resize(have);
    co_return all;
}

/// Writes the pieces, one after the other with time between them, lets `later` of the clock pass,
/// and returns all that the server said until it closed the connection.
inline Task<std::string> talk(
    ManualClock& clock, std::shared_ptr<HttpService> service, std::vector<std::string> pieces,
    std::chrono::nanoseconds later = std::chrono::hours(1)
) {
    auto pair = memory_pair(clock);
    co_await spawn_beside(serve_http(std::move(service), std::move(pair.server)));
    for (const auto& piece : pieces) {
        const auto written = co_await write(*pair.client, piece);
        if (!written)
            break;
        co_await settle(30);
    }
    clock.advance(later);
    auto answer = co_await read_all(*pair.client);
    co_return answer;
}

/// How often `needle` stands in `text`.
inline std::size_t times(std::string_view text, std::string_view needle) {
    std::size_t count = 0;
    for (auto at = text.find(needle); at != std::string_view::npos;
         at = text.find(needle, at + needle.size()))
        ++count;
    return count;
}

} // namespace lockstep::net::testing
