// The benchmarks of the running server. Each makes its data, starts a server of its own, prints
// what it did and what that cost, and ends the server.
// Invariants: figures are printed and never judged by the exit code; an answer that is wrong (a
// mail that is missing, a Ping that says nothing) is an error.
#pragma once
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace lockstep::bench {

/// How much of everything: `Scale{}` is the whole, short_scale() what fits into a minute in all.
struct Scale {
    std::size_t mails = 5'000;
    std::size_t objects = 1'000; ///< contacts, and events
    std::vector<std::size_t> folders = {100, 100'000};
    double seconds = 5; ///< of each steady measurement
    std::size_t changes = 200;
    std::size_t parked = 10'000;
    double settle_seconds = 12; ///< until the timers of the handshakes have run out, unneeded
    double idle_seconds = 10;
    std::size_t waiting = 1'000; ///< devices that wait while mail is pushed to one of them
    std::size_t pushes = 300;
    std::size_t messages = 5'000; ///< by SMTP
};
[[nodiscard]] Scale short_scale();

[[nodiscard]] Result<> fill(const Scale& scale);
[[nodiscard]] Result<> unchanged(const Scale& scale);
[[nodiscard]] Result<> parked(const Scale& scale);
[[nodiscard]] Result<> push(const Scale& scale);
[[nodiscard]] Result<> smtp(const Scale& scale);

/// Runs `work(0)` to `work(count - 1)`, each on a thread of its own; the first error, if any.
[[nodiscard]] Result<>
on_threads(std::size_t count, const std::function<Result<>(std::size_t)>& work);

} // namespace lockstep::bench
