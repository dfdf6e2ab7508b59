// Listeners over one HttpService, and their orderly end.
#include "net/http_server.hpp"

#include <thread>
#include <vector>

#include "base/log.hpp"
#include "net/http_service.hpp"
#include "net/listener.hpp"

namespace lockstep::net {
namespace {

/// After the grace, time for cut connections to unwind.
constexpr auto kUnwind = std::chrono::seconds(1);
constexpr auto kLookAgain = std::chrono::milliseconds(5);

} // namespace

struct HttpServer::State {
    IoThreads& threads;
    std::shared_ptr<HttpService> service;
    std::vector<std::unique_ptr<Listener>> listeners;

    [[nodiscard]] std::size_t connections() const {
        std::size_t all = 0;
        for (const auto& listener : listeners)
            all += listener->connections();
        return all;
    }
    bool empties_within(std::chrono::nanoseconds time) const {
        const auto until = std::chrono::steady_clock::now() + time;
        while (connections() > 0) {
            if (std::chrono::steady_clock::now() >= until)
                return false;
            std::this_thread::sleep_for(kLookAgain);
        }
        return true;
    }
};

HttpServer::HttpServer(IoThreads& threads, Clock& clock, HttpOptions options)
    : state_(new State{threads, make_http_service(clock, std::move(options)), {}}) {}

HttpServer::~HttpServer() { stop(); }

Result<std::uint16_t> HttpServer::listen(std::string address, TlsSource tls) {
    ListenOptions options;
    options.address = std::move(address);
    options.tls = std::move(tls);
    options.alpn = "http/1.1";
    auto serve = [service = state_->service](std::unique_ptr<Stream> stream) {
        return serve_http(service, std::move(stream));
    };
    TRY(auto listener, Listener::open(state_->threads, std::move(options), std::move(serve)));
    const auto port = listener->port();
    state_->listeners.push_back(std::move(listener));
    return port;
}

std::size_t HttpServer::connections() const { return state_->connections(); }

bool HttpServer::stop(std::chrono::nanoseconds grace) {
    for (const auto& listener : state_->listeners)
        listener->stop();
    state_->service->stop();
    if (state_->empties_within(grace))
        return true;
    state_->service->cut();
    const bool ended = state_->empties_within(kUnwind);
    if (!ended)
        log::error("http.stop_incomplete", {{"connections", state_->connections()}});
    return ended;
}

} // namespace lockstep::net
