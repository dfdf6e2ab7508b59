// The HTTP/1.1 server: listeners, connections that are kept alive, limits and shutdown.
// Spec: RFC 9112 (message syntax, persistence), RFC 9110 10.1.1 (Expect), 7.2 (Host). Hardening H9,
// H10, R15. Errors: a request in doubt is answered 400 and the connection ends; no answer ever
// shows details of a failure.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "net/http.hpp"
#include "net/io.hpp"
#include "net/tls.hpp"

namespace lockstep::net {

struct HttpOptions {
    Handler handler;
    Admit admit; ///< unset: no request may have a body
    std::function<void(const Error&)>
        report; ///< hears of exceptions in handlers and trouble with accepting
    std::function<void(const Served&)>
        served; ///< called after each answer, on the connection's thread
    std::chrono::nanoseconds header_time = limits::kHttpHeaderTime;
    std::chrono::nanoseconds idle_time = limits::kHttpIdle;
    std::chrono::nanoseconds body_window = limits::kHttpBodyWindow;
    std::size_t bodies = limits::kHttpBodies;
};

/// What all connections of a server share. Thread-safe; outlives them by shared ownership.
class HttpService;
/// `clock` (for Date and for durations) must outlive the service and its connections.
[[nodiscard]] std::shared_ptr<HttpService> make_http_service(Clock& clock, HttpOptions options);
/// Serves requests on one stream until either side ends it. This is the whole protocol; the server
/// only adds sockets.
[[nodiscard]] Task<void>
serve_http(std::shared_ptr<HttpService> service, std::unique_ptr<Stream> stream);
/// Idle connections end at once, parked handlers are told, busy ones end after their answer.
void stop_http(HttpService& service);

class HttpServer {
public:
    /// `threads` and `clock` must outlive the server.
    HttpServer(IoThreads& threads, Clock& clock, HttpOptions options);
    /// stop()s with the default grace.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Listens on one more address (see ListenOptions) and returns its port. With `tls` it is
    /// HTTPS.
    [[nodiscard]] Result<std::uint16_t> listen(std::string address, TlsSource tls = nullptr);
    /// Connections that are open now.
    [[nodiscard]] std::size_t connections() const;
    /// No new connections; idle ones end at once; running requests get `grace`, then their
    /// connections are closed. True when all handlers ended. Must not run on an I/O thread.
    bool stop(std::chrono::nanoseconds grace = limits::kHttpStop);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lockstep::net
