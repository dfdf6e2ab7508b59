// Queue: takes outgoing mail from the store and gives it to other servers.
// Spec: RFC 5321 4.5.4.1; issue of each try: office/outgoing.hpp. Hardening D7, S14.
// Invariants: a recipient is tried by one worker at a time; a destination has at most
// limits::kQueueWorkers connections, all together at most limits::kQueueConnections; a worker goes
// through its destination's mail over one connection. What is held in memory is only who waits: the
// store is the truth. All but stir() and stop() runs on one I/O thread.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/crypto.hpp"
#include "mailflow/dns.hpp"
#include "mailflow/route.hpp"
#include "net/io.hpp"
#include "net/tls_client.hpp"
#include "office/office.hpp"

namespace lockstep::mailflow {

struct QueueOptions {
    RouteOptions route;
    std::string login; ///< at the smarthost; empty: no sign-in
    Secret<std::string> password;
};

/// Changes a message before it leaves (its signature); empty: none.
using Sign = std::function<Task<Result<std::string>>(std::string sender, std::string message)>;

class Queue {
public:
    /// All must outlive the object. `options` is asked for every connection.
    Queue(
        office::Office& office, Resolver& resolver, net::IoThreads& threads,
        std::function<QueueOptions()> options, Sign sign
    );
    ~Queue();
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    [[nodiscard]] Result<> start();
    /// Something was queued. Any thread.
    void stir();
    /// Begins nothing new and waits until what is under way has ended; true when it did.
    bool stop(std::chrono::nanoseconds grace);
    /// Connections that are open now.
    [[nodiscard]] std::size_t connections() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace lockstep::mailflow
