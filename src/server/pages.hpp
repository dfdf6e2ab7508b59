// The pages that belong to no door: /healthz, /readyz, /metrics and ACME challenges.
// Spec: RFC 8555 8.3 (http-01). Invariants: a challenge's name is a plain token, so no path leaves
// the web root.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "base/workers.hpp"
#include "net/http.hpp"
#include "server/metrics.hpp"

namespace lockstep::server {

struct PageSources {
    const Metrics* metrics = nullptr;
    Workers* workers = nullptr;                ///< reads challenge files
    std::function<bool()> ready;               ///< whether the store takes writes
    std::function<std::string()> acme_webroot; ///< empty: no challenges are served
};

/// Whether serve_page() answers this path.
[[nodiscard]] bool is_page(std::string_view path);
/// `sources` must outlive the task.
[[nodiscard]] Task<net::Response>
serve_page(const PageSources& sources, const net::Request& request);

} // namespace lockstep::server
