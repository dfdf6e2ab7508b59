// Reads the clocks and /proc, and prints figures.
#include "bench/meter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

namespace lockstep::bench {
namespace {

double seconds_of(clockid_t clock) {
    timespec now{};
    if (::clock_gettime(clock, &now) != 0)
        return 0;
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double cpu_of(pid_t process) {
    clockid_t clock{};
    return ::clock_getcpuclockid(process, &clock) == 0 ? seconds_of(clock) : 0;
}

/// The number behind a name, in the file's own unit.
std::uint64_t field_of(const std::string& path, std::string_view name) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name))
            return std::strtoull(line.c_str() + name.size(), nullptr, 10);
    return 0;
}

/// Seconds for which the processors did anything but idle or wait for a disk.
double machine_busy() {
    std::ifstream file("/proc/stat");
    std::string name;
    file >> name;
    double busy = 0;
    // user nice system idle iowait irq softirq steal
    for (int column = 0; column < 8; ++column) {
        double ticks = 0;
        file >> ticks;
        if (column != 3 && column != 4)
            busy += ticks;
    }
    return busy / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

} // namespace

Meter::Meter(pid_t server) : server_(server), begin_(sample()) {}

Meter::Sample Meter::sample() const {
    Sample now;
    now.at = std::chrono::steady_clock::now();
    now.server = cpu_of(server_);
    now.client = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    now.machine = machine_busy();
    now.written = field_of(fmt::format("/proc/{}/io", server_), "write_bytes:");
    return now;
}

Usage Meter::read() const {
    const auto now = sample();
    Usage usage;
    usage.wall = Seconds(now.at - begin_.at).count();
    usage.server = now.server - begin_.server;
    usage.client = now.client - begin_.client;
    const auto foreign = now.machine - begin_.machine - usage.server - usage.client;
    usage.others = usage.wall > 0 ? std::max(0.0, foreign / usage.wall) : 0;
    usage.written = now.written - begin_.written;
    return usage;
}

void wait_until_idle(pid_t server) {
    constexpr Seconds kLook{0.25};
    constexpr int kQuietLooks = 12; // three seconds: the index waits two before it begins
    constexpr int kMostLooks = 240;
    for (int look = 0, quiet = 0; look < kMostLooks && quiet < kQuietLooks; ++look) {
        const Meter meter(server);
        std::this_thread::sleep_for(kLook);
        quiet = meter.read().server < 0.001 ? quiet + 1 : 0;
    }
}

Memory memory_of(pid_t process) {
    const auto path = fmt::format("/proc/{}/smaps_rollup", process);
    return {field_of(path, "Rss:"), field_of(path, "Pss:")};
}

double quantile(std::vector<double> values, double share) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const auto place = std::ceil(share * static_cast<double>(values.size()));
    return values[std::min(values.size() - 1, static_cast<std::size_t>(std::max(1.0, place)) - 1)];
}

std::string load_text() {
    std::ifstream file("/proc/loadavg");
    std::string load;
    file >> load;
    return fmt::format("load {} on {} processors", load, std::thread::hardware_concurrency());
}

void say(std::string_view text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

void figure(std::string_view text) { say(fmt::format("figure: {}", text)); }

void compare(std::string_view bar, bool met, std::string_view peer) {
    say(fmt::format("    bar: {}: {}", bar, met ? "met" : "MISSED"));
    if (!peer.empty())
        say(fmt::format("    {}", peer));
}

} // namespace lockstep::bench
