// Metrics: named numbers for /metrics, in Prometheus' text form.
// Spec: Prometheus text exposition format 0.0.4. Invariants: families are declared in one table
// (metrics.cpp); labels are made of constants and of numbers, never of what a peer sent, so their
// count is bounded.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/locked.hpp"
#include "net/http.hpp"

namespace lockstep::server {

class Metrics {
public:
    /// Adds to a counter. `labels` as they stand between the braces: door="smtp". Thread-safe.
    void add(std::string_view family, std::string_view labels, double by = 1);
    /// Asks for a number whenever /metrics is read. `read` must be callable as long as the object
    /// lives. Set before use.
    void gauge(std::string family, std::string labels, std::function<double()> read);
    /// Counts one answered HTTP request.
    void served(const net::Served& served);
    /// The whole page.
    [[nodiscard]] std::string text() const;

private:
    using Key = std::pair<std::string, std::string>; // family, labels
    struct Gauge {
        Key key;
        std::function<double()> read;
    };
    mutable LockGuarded<std::map<Key, double>> counters_;
    std::vector<Gauge> gauges_;
};

/// Gauges of the process itself: memory, CPU time, descriptors, start.
void add_process_gauges(Metrics& metrics, double start_seconds);

} // namespace lockstep::server
