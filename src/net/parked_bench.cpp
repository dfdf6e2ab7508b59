// Prints what a parked HTTPS request costs: resident memory per connection, and how fast all of
// them are answered when they are woken together. The clients live in a process of their own.
//   net_parked_bench [connections, 5000 unless told]
// The aim is at most 20 KiB each (docs/decisions/016-tls-stream.md).
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>

#include <fmt/core.h>

#include "base/text.hpp"
#include "net/http_server.hpp"
#include "net/loopback_support.hpp"

namespace {

using namespace lockstep;
using namespace lockstep::net;
using lockstep::net::testing::TlsClient;

constexpr std::size_t kWarmUp = 200;
constexpr std::string_view kPing =
    "POST /Microsoft-Server-ActiveSync?Cmd=Ping HTTP/1.1\r\nHost: mail.example\r\n"
    "Authorization: Basic dXNlcjpwYXNzd29yZA==\r\nUser-Agent: Apple-iPhone16C1/2201.1\r\n"
    "MS-ASProtocolVersion: 16.1\r\nContent-Length: 300\r\n\r\n";

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return static_cast<std::size_t>(std::atoll(line.c_str() + 6));
    return 0;
}

/// Parks until the connection stirs, as a Ping does.
Task<Response> parked(Request& request, Connection& connection) {
    request.release();
    std::function<void(Promise<Stir>)> start = [&connection](Promise<Stir> promise) {
        connection.watch_close([promise](Stir stir) { promise.set(stir); });
    };
    const auto stir = co_await await_value<Stir>(std::move(start));
    Response response(200, "application/vnd.ms-sync.wbxml", stir == Stir::stopping ? "woken" : "");
    co_return response;
}

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// The phones: connect, ping, wait for the answer, tell the parent how long the slowest took after
/// the first.
int be_clients(int from_server, int to_server, std::size_t count) {
    std::uint16_t port = 0;
    if (::read(from_server, &port, sizeof port) != sizeof port)
        return 1;
    std::vector<std::unique_ptr<TlsClient>> phones;
    for (std::size_t i = 0; i < count; ++i) {
        phones.push_back(std::make_unique<TlsClient>(port));
        if (!phones.back()->greeted() ||
            !phones.back()->send(std::string(kPing) + std::string(300, 'w')))
            return 1;
        if (i + 1 != kWarmUp && i + 1 != count)
            continue;
        if (::write(to_server, &i, sizeof i) != sizeof i)
            return 1;
        char go = 0;
        if (::read(from_server, &go, 1) != 1)
            return 1;
    }
    const auto began = std::chrono::steady_clock::now();
    for (const auto& phone : phones)
        if (!phone->receive_until("woken").contains("woken"))
            return 1;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    fmt::print("figure: all {} parked requests answered within {:.0f} ms\n", count, took.count());
    return 0;
}

int be_server(int from_clients, int to_clients, std::size_t count) {
    const auto clock = system_clock();
    IoThreads threads;
    HttpOptions options;
    options.handler = &parked;
    options.admit = [](const Request&, const Connection&) {
        Admission admission;
        admission.max_body = 10'000;
        return admission;
    };
    HttpServer server(threads, *clock, options);
    const auto port =
        server.listen("127.0.0.1:0", [] { return lockstep::net::testing::make_context(); });
    if (!port || ::write(to_clients, &*port, sizeof *port) != sizeof *port)
        return 1;
    std::size_t resident[2] = {};
    for (auto& kib : resident) {
        std::size_t last = 0;
        if (::read(from_clients, &last, sizeof last) != sizeof last)
            return 1;
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        kib = resident_kib();
        if (&kib == &resident[0] && ::write(to_clients, "g", 1) != 1)
            return 1;
    }
    const auto each =
        static_cast<double>(resident[1] - resident[0]) / static_cast<double>(count - kWarmUp);
    fmt::print(
        "figure: {} parked: {} KiB resident, {:.1f} KiB per connection\n", server.connections(),
        resident[1], each
    );
    if (::write(to_clients, "g", 1) != 1)
        return 1;
    return server.stop() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    const auto count = argc > 1 ? parse_int<std::size_t>(argv[1]).value_or(0) : 5'000;
    if (count <= kWarmUp) {
        fmt::print(stderr, "usage: {} [connections, more than {}]\n", argv[0], kWarmUp);
        return 2;
    }
    allow_many_descriptors();
    int down[2];
    int up[2];
    if (::pipe(down) != 0 || ::pipe(up) != 0)
        return 1;
    const auto child = ::fork();
    if (child == 0) {
        ::signal(SIGPIPE, SIG_IGN);
        return be_clients(down[0], up[1], count);
    }
    const int served = be_server(up[0], down[1], count);
    int ended = 0;
    ::waitpid(child, &ended, 0);
    return served != 0 || ended != 0 ? 1 : 0;
}
