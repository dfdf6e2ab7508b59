// Fuzzes the line reader. Oracles: the same lines however the bytes are cut; no line holds CR or LF
// or exceeds its limit; what was read, joined again, is a subsequence of the input in order.
#include <cstdint>

#include <fmt/core.h>

#include "base/ensure.hpp"
#include "net/line_reader.hpp"
#include "net/test_support.hpp"

namespace {

using namespace lockstep;
using namespace lockstep::net;

constexpr std::size_t kMax = 40;

Task<std::string> read_script(std::string_view bytes, std::size_t chunk) {
    const auto clock = manual_clock(0);
    MemoryOptions options;
    options.chunk = chunk;
    auto pair = memory_pair(*clock, options);
    const auto written = co_await write(*pair.client, bytes);
    ENSURE(written);
    pair.client->close();
    LineReader reader(*pair.server);
    std::string said;
    for (;;) {
        const auto line = co_await reader.read_line(kMax);
        said += line ? fmt::format("<{}>", *line) : std::string(name_of(line.error().code));
        if (!line) {
            if (line.error().code == Code::closed)
                co_return said;
            continue;
        }
        ENSURE(line->size() + 2 <= kMax && line->find_first_of("\r\n") == std::string_view::npos);
        if (!line->starts_with("L"))
            continue;
        LineReader::Sink sink = [&said](std::string_view piece) -> Result<> {
            said += piece;
            return {};
        };
        const auto read = co_await reader.read_exact(line->size(), sink);
        if (!read)
            co_return said;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 20'000)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = block_on(read_script(bytes, 0));
    ENSURE(block_on(read_script(bytes, 1 + data[0] % 16U)) == whole);
    return 0;
}
