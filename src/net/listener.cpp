// Accepts until the queue is empty, hands each socket to the next thread, backs off when
// descriptors run out.
#include "net/listener.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <unordered_map>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/locked.hpp"
#include "base/log.hpp"
#include "net/connection_count.hpp"
#include "net/listen_address.hpp"
#include "net/socket_stream.hpp"

namespace lockstep::net {
namespace {

/// Connections taken per turn of the event loop, so that a flood does not starve the thread's own
/// connections.
constexpr int kAcceptsPerTurn = 64;
constexpr auto kBackOff = std::chrono::milliseconds(100);

int spare_descriptor() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

void tune(int fd) {
    const int on = 1;
    const int idle = 120;
    const int interval = 30;
    const int probes = 4;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Keepalive finds phones that vanished without a word while their Ping is parked.
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

} // namespace

struct Listener::State : std::enable_shared_from_this<Listener::State> {
    State(IoThreads& io, ListenOptions wanted, Serve serving, int fd)
        : threads(io), options(std::move(wanted)), serve(std::move(serving)),
          count(std::make_shared<ConnectionCount>(options.connections, options.per_ip)),
          port(local_port(fd)), listening(fd), descriptor(io.context(0), fd), timer(io.context(0)),
          spare(spare_descriptor()) {}
    ~State() {
        if (spare >= 0)
            ::close(spare);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void wait();
    void accept_some();
    void back_off(int error);
    void take(int fd);
    static Task<void>
    begin(std::shared_ptr<State> self, std::unique_ptr<Stream> stream, std::size_t thread);
    /// The TLS handshake; a coroutine of its own, so that its frame goes with its end.
    Task<bool> greet(Stream& stream, std::size_t thread);

    IoThreads& threads;
    ListenOptions options;
    Serve serve;
    std::shared_ptr<ConnectionCount> count;
    const std::uint16_t port;
    const int listening;
    boost::asio::posix::stream_descriptor descriptor;
    boost::asio::steady_timer timer;
    int spare;
    std::atomic<bool> stopped = false;
    /// Streams in their handshake and the thread of each: nobody else knows them yet, and stop()
    /// ends them.
    LockGuarded<std::unordered_map<Stream*, std::size_t>> greeting;
};

void Listener::State::wait() {
    descriptor.async_wait(
        boost::asio::posix::descriptor_base::wait_read,
        [self = shared_from_this()](const boost::system::error_code& error) {
            if (!error && !self->stopped)
                self->accept_some();
        }
    );
}

void Listener::State::accept_some() {
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
        const int fd = ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            take(fd);
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        if (errno != ECONNABORTED && errno != EINTR)
            return back_off(errno);
    }
    wait();
}

/// Descriptors or kernel memory ran out. The spare descriptor lets one waiting client be told (by a
/// close) instead of hanging in the queue; then a pause, since the queue stays readable.
void Listener::State::back_off(int error) {
    if (stopped)
        return;
    log::warn("net.accept_failed", {{"port", port}, {"reason", std::strerror(error)}});
    if (error == EMFILE || error == ENFILE) {
        if (spare >= 0)
            ::close(spare);
        const int refused = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
        if (refused >= 0)
            ::close(refused);
        spare = spare_descriptor();
    }
    timer.expires_after(kBackOff);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& failed) {
        if (!failed && !self->stopped)
            self->wait();
    });
}

void Listener::State::take(int fd) {
    auto ticket = count->admit(peer_of_socket(fd));
    if (!ticket) {
        ::close(fd);
        return;
    }
    tune(fd);
    const auto thread = threads.next();
    threads.post(thread, [self = shared_from_this(), fd, thread, ticket = std::move(ticket)] {
        auto stream = adopt_socket(self->threads.context(thread), fd, ticket);
        self->threads.spawn(thread, begin(self, std::move(stream), thread));
    });
}

Task<bool> Listener::State::greet(Stream& stream, std::size_t thread) {
    stream.deadline_in(limits::kTlsHandshake);
    auto context = options.tls();
    if (!context) {
        log::error("net.no_certificate", {{"port", port}});
        co_return false;
    }
    greeting.with([&](auto& streams) { streams.emplace(&stream, thread); });
    const auto greeted = co_await stream.start_tls(std::move(context), options.alpn);
    greeting.with([&](auto& streams) { streams.erase(&stream); });
    stream.no_deadline();
    // A scanner, a health check or a client that dislikes our certificate: nothing for the
    // operator.
    co_return greeted.has_value();
}

Task<void> Listener::State::begin(
    std::shared_ptr<State> self, std::unique_ptr<Stream> stream, std::size_t thread
) {
    if (self->options.tls) {
        const bool greeted = co_await self->greet(*stream, thread);
        if (!greeted)
            co_return;
    }
    if (self->stopped)
        co_return;
    co_await self->serve(std::move(stream));
}

Result<std::unique_ptr<Listener>>
Listener::open(IoThreads& threads, ListenOptions options, Serve serve) {
    TRY(const int fd, listen_on(options.address));
    auto state = std::make_shared<State>(threads, std::move(options), std::move(serve), fd);
    threads.post(0, [state] { state->wait(); });
    return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Listener::~Listener() { stop(); }

std::uint16_t Listener::port() const { return state_->port; }

std::size_t Listener::connections() const { return state_->count->open(); }

void Listener::stop() {
    if (state_->stopped.exchange(true))
        return;
    // Refuses from this moment on; the descriptor itself is closed on its own thread and nowhere
    // else.
    ::shutdown(state_->listening, SHUT_RDWR);
    state_->threads.post(0, [state = state_] {
        state->timer.cancel();
        state->descriptor.close();
    });
    const auto greeting = state_->greeting.with([](const auto& streams) { return streams; });
    for (const auto& [stream, thread] : greeting) {
        state_->threads.post(thread, [state = state_, one = stream] {
            const bool there =
                state->greeting.with([&](const auto& streams) { return streams.contains(one); });
            if (there)
                one->close();
        });
    }
}

} // namespace lockstep::net
