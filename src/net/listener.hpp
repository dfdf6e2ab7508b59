// Listener: accepts TCP connections and gives each to an I/O thread, as a plain or (after its
// handshake) TLS stream. Hardening: H10 (caps, back-off when descriptors run out), A8 (ALPN
// enforced per port, handshake deadline). Invariants: `serve` runs once per connection, on the
// connection's thread; when it returns the connection is closed.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "net/io.hpp"
#include "net/stream.hpp"
#include "net/tls.hpp"

namespace lockstep::net {

struct ListenOptions {
    std::string address; ///< "127.0.0.1:443", "[::]:443" (both families), "*:443" (all there are),
                         ///< "localhost:0"; port 0 = any free
    TlsSource tls;       ///< set: TLS from the first byte
    std::string alpn;    ///< the protocol of this port ("http/1.1"), "" = none
    std::size_t connections = limits::kConnections;
    std::size_t per_ip = limits::kConnectionsPerIp; ///< loopback is exempt
};

class Listener {
public:
    using Serve = std::function<Task<void>(std::unique_ptr<Stream>)>;
    /// `threads` must outlive the listener. Errors: bad_value (the address), exists (in use),
    /// forbidden (port below 1024), unavailable (anything else of the system).
    [[nodiscard]] static Result<std::unique_ptr<Listener>>
    open(IoThreads& threads, ListenOptions options, Serve serve);
    /// stop()s.
    ~Listener();

    /// The real port.
    [[nodiscard]] std::uint16_t port() const;
    /// Connections that are open now.
    [[nodiscard]] std::size_t connections() const;
    /// Accepts no more; running connections go on. Idempotent; must not run on an I/O thread.
    void stop();

private:
    struct State;
    explicit Listener(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

} // namespace lockstep::net
