// One destination's worker: connects, and sends what waits for the destination.
// Spec: RFC 5321 5.1 (hosts in turn), RFC 3207, RFC 7435, RFC 7672. Hardening S4, S14.
// Invariants: an outcome is settled in the store before the next message is taken.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "mailflow/queue.hpp"
#include "mailflow/smtp_client.hpp"
#include "office/outgoing.hpp"

namespace lockstep::mailflow {

/// Recipients of one message at one destination.
struct Job {
    model::AccountId account;
    std::int64_t id = 0;
    std::vector<std::int64_t> numbers;
};

/// What a worker works with.
struct Worker {
    office::Office& office;
    Resolver& resolver;
    std::shared_ptr<const net::TlsClientContext> tls;
    QueueOptions options;
    const Sign& sign;
    std::string domain;
    std::function<std::optional<Job>()> take; ///< the next message of the destination
    std::function<void(const Job&)> settled;  ///< it is no longer ours
};

[[nodiscard]] Task<void> work(Worker worker);

} // namespace lockstep::mailflow
