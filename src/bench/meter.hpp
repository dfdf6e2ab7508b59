// Meter: what a stretch of work cost: wall time, CPU of the server and of us, and how much others
// took from the machine meanwhile.
// Invariants: CPU times come from the process clocks (nanoseconds), not from ticks. Errors: a
// process that is gone shows zeros; figures are for reading, nothing here fails.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace lockstep::bench {

using Seconds = std::chrono::duration<double>;
using Instant = std::chrono::steady_clock::time_point;

struct Usage {
    double wall = 0;           ///< seconds
    double server = 0;         ///< CPU seconds of the server, all its threads
    double client = 0;         ///< CPU seconds of this process
    double others = 0;         ///< processors that everybody else kept busy, on average
    std::uint64_t written = 0; ///< bytes that the server sent towards the disk
};

class Meter {
public:
    explicit Meter(pid_t server);
    /// From the construction until now.
    [[nodiscard]] Usage read() const;

private:
    struct Sample {
        Instant at;
        double server = 0;
        double client = 0;
        double machine = 0; ///< seconds that all processors were busy
        std::uint64_t written = 0;
    };
    [[nodiscard]] Sample sample() const;
    pid_t server_;
    Sample begin_;
};

/// Waits until the server has nothing left to do (the search index follows a fill some seconds
/// behind), so that what is measured next pays for nothing else. Gives up after a minute.
void wait_until_idle(pid_t server);

/// KiB of a process, from smaps_rollup.
struct Memory {
    std::uint64_t rss = 0;
    std::uint64_t pss = 0;
};
[[nodiscard]] Memory memory_of(pid_t process);

/// The value below which `share` (0 to 1) of the values lie; 0 when there are none.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// "load 6.1 on 2 processors".
[[nodiscard]] std::string load_text();
/// One line "figure: TEXT" on standard output, at once.
void figure(std::string_view text);
/// One line "    BAR: met", or missed, and what the peer needed.
void compare(std::string_view bar, bool met, std::string_view peer);
/// Any other line.
void say(std::string_view text);

} // namespace lockstep::bench
