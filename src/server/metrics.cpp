// The families of metrics, and how they are written.
#include "server/metrics.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "server/version.hpp"

namespace lockstep::server {

namespace {

struct Family {
    std::string_view name;
    std::string_view type;
    std::string_view help;
};

constexpr std::array kFamilies = {
    Family{"lockstep_build_info", "gauge", "1, with the version as a label."},
    Family{
        "lockstep_http_requests_total", "counter",
        "HTTP requests answered, by door and class of status."
    },
    Family{
        "lockstep_http_request_seconds_total", "counter",
        "Time from request to answer, waiting included, by door."
    },
    Family{"lockstep_http_received_bytes_total", "counter", "Bytes of request bodies, by door."},
    Family{"lockstep_http_sent_bytes_total", "counter", "Bytes of answers' bodies, by door."},
    Family{"lockstep_connections", "gauge", "Open connections, by door."},
    Family{
        "lockstep_disk_low", "gauge",
        "1 while the disk is almost full and nothing new is taken, else 0."
    },
    Family{"lockstep_parked_requests", "gauge", "Requests that wait for a change."},
    Family{"process_resident_memory_bytes", "gauge", "Resident memory."},
    Family{"process_cpu_seconds_total", "counter", "User and system CPU time."},
    Family{"process_open_fds", "gauge", "Open file descriptors."},
    Family{"process_start_time_seconds", "gauge", "Start of the process, seconds since 1970."},
};

/// The door that a path belongs to: a constant, whatever a peer asked for.
std::string_view door_of(std::string_view path) {
    if (path.starts_with("/Microsoft-Server-ActiveSync"))
        return "activesync";
    if (path.starts_with("/autodiscover/") || path.starts_with("/Autodiscover/") ||
        path.starts_with("/AutoDiscover/"))
        return "autodiscover";
    if (path == "/healthz" || path == "/readyz" || path == "/metrics")
        return "health";
    if (path.starts_with("/.well-known/acme-challenge/"))
        return "acme";
    return "other";
}

std::string one_line(std::string_view family, std::string_view labels, double value) {
    if (labels.empty())
        return fmt::format("{} {}\n", family, value);
    return fmt::format("{}{{{}}} {}\n", family, labels, value);
}

double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double total = 0, resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double open_descriptors() {
    std::error_code failed;
    double count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", failed), end;
         !failed && entry != end; entry.increment(failed))
        ++count;
    return count;
}

} // namespace

void Metrics::add(std::string_view family, std::string_view labels, double by) {
    counters_.with([&](auto& counters) { counters[Key(family, labels)] += by; });
}

void Metrics::gauge(std::string family, std::string labels, std::function<double()> read) {
    gauges_.push_back({{std::move(family), std::move(labels)}, std::move(read)});
}

void Metrics::served(const net::Served& served) {
    const auto door = fmt::format("door=\"{}\"", door_of(served.path));
    const auto with_status = fmt::format("{},status=\"{}xx\"", door, served.status / 100);
    counters_.with([&](auto& counters) {
        counters[Key("lockstep_http_requests_total", with_status)] += 1;
        counters[Key("lockstep_http_request_seconds_total", door)] +=
            std::chrono::duration<double>(served.took).count();
        counters[Key("lockstep_http_received_bytes_total", door)] +=
            static_cast<double>(served.bytes_in);
        counters[Key("lockstep_http_sent_bytes_total", door)] +=
            static_cast<double>(served.bytes_out);
    });
}

std::string Metrics::text() const {
    auto values = counters_.with([](const auto& counters) { return counters; });
    for (const auto& gauge : gauges_)
        values[gauge.key] = gauge.read();
    values[Key("lockstep_build_info", fmt::format("version=\"{}\"", version()))] = 1;
    std::string page;
    for (const auto& family : kFamilies) {
        auto at = values.lower_bound(Key(family.name, ""));
        if (at == values.end() || at->first.first != family.name)
            continue;
        page += fmt::format(
            "# HELP {} {}\n# TYPE {} {}\n", family.name, family.help, family.name, family.type
        );
        for (; at != values.end() && at->first.first == family.name; ++at)
            page += one_line(family.name, at->first.second, at->second);
    }
    return page;
}

void add_process_gauges(Metrics& metrics, double start_seconds) {
    metrics.gauge("process_resident_memory_bytes", "", resident_bytes);
    metrics.gauge("process_cpu_seconds_total", "", cpu_seconds);
    metrics.gauge("process_open_fds", "", open_descriptors);
    metrics.gauge("process_start_time_seconds", "", [start_seconds] { return start_seconds; });
}

} // namespace lockstep::server
