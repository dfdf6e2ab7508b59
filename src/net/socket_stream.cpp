// The socket as a Stream: tries at once, waits when the kernel or OpenSSL says so.
// Spec: RFC 8446 6.1 (a cut without close_notify is an error, hardening S5: both are Code::closed,
// nothing is delivered).
#include "net/socket_stream.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>

#include "base/ensure.hpp"
#include "base/limits.hpp"
#include "net/gather.hpp"
#include "net/socket.hpp"
#include "net/tls_client.hpp"
#include "net/tls_session.hpp"

namespace lockstep::net {
namespace {

constexpr std::size_t kLingerBytes = 1U << 20U;

class SocketStream final : public Stream, public TlsBeginner {
public:
    SocketStream(
        boost::asio::io_context& context, int fd, std::shared_ptr<void> ticket,
        std::chrono::nanoseconds write_stall
    )
        : ticket_(std::move(ticket)), peer_(peer_of_socket(fd)),
          socket_(std::make_shared<Socket>(context, fd)), write_stall_(write_stall) {}
    ~SocketStream() override { close(); }

    Task<Result<std::size_t>> read_some(std::span<char> into) override;
    Task<Result<>> wait_readable() override;
    Task<Result<>> write(std::span<const std::string_view> pieces) override;
    Task<Result<>> start_tls(std::shared_ptr<const TlsContext> context, std::string alpn) override;
    Task<Result<>>
    begin_tls(std::shared_ptr<const TlsClientContext> context, TlsWish wish) override;
    Task<void> linger() override;
    void close() override;
    bool is_open() const override { return socket_->is_open(); }
    void deadline_in(std::chrono::nanoseconds from_now) override {
        deadline_ = std::chrono::steady_clock::now() + from_now;
    }
    void no_deadline() override { deadline_ = Socket::Time::max(); }
    void watch(std::function<void(Stir)> stirred) override;
    void unwatch() override {
        stirred_ = nullptr;
        socket_->unwatch();
    }
    const Peer& peer() const override { return peer_; }
    const TlsFacts* tls() const override { return facts_ ? &*facts_ : nullptr; }

private:
    /// What one try brought.
    enum class Try { done, wait_read, wait_write, ended };
    Try try_read(std::span<char> into, std::size_t& got);
    Try try_write(std::string_view bytes, std::size_t& put);
    Try try_peek();
    Try try_of(TlsStep step);
    Try try_of_errno() {
        return errno == EAGAIN || errno == EWOULDBLOCK ? Try::wait_read
                                                       : ended(std::strerror(errno));
    }
    Try ended(std::string why) {
        why_ = std::move(why);
        return Try::ended;
    }
    Task<Result<>> wait_for(Try what, Socket::Time until);
    Task<Result<>> shake_hands();
    void look();

    std::shared_ptr<void> ticket_;
    Peer peer_;
    std::shared_ptr<Socket> socket_;
    std::unique_ptr<TlsSession> session_;
    std::optional<TlsFacts> facts_;
    const std::chrono::nanoseconds write_stall_;
    Socket::Time deadline_ = Socket::Time::max();
    std::function<void(Stir)> stirred_;
    std::string why_; ///< why the last try ended
};

SocketStream::Try SocketStream::try_of(TlsStep step) {
    switch (step) {
    case TlsStep::done:
        return Try::done;
    case TlsStep::want_read:
        return Try::wait_read;
    case TlsStep::want_write:
        return Try::wait_write;
    case TlsStep::ended:
        return ended("the peer ended the TLS session");
    case TlsStep::broken:
        return ended(session_->trouble());
    }
    return Try::ended;
}

SocketStream::Try SocketStream::try_read(std::span<char> into, std::size_t& got) {
    if (!is_open())
        return ended("the connection was closed");
    if (session_)
        return try_of(session_->read(into, got));
    ssize_t result = 0;
    do
        result = ::recv(socket_->fd(), into.data(), into.size(), MSG_DONTWAIT);
    while (result < 0 && errno == EINTR);
    if (result == 0)
        return ended("the peer closed the connection");
    if (result < 0)
        return try_of_errno();
    got = static_cast<std::size_t>(result);
    return Try::done;
}

SocketStream::Try SocketStream::try_peek() {
    if (!is_open())
        return ended("the connection was closed");
    if (session_)
        return try_of(session_->peek());
    char byte = 0;
    ssize_t result = 0;
    do
        result = ::recv(socket_->fd(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    while (result < 0 && errno == EINTR);
    if (result == 0)
        return ended("the peer closed the connection");
    return result < 0 ? try_of_errno() : Try::done;
}

SocketStream::Try SocketStream::try_write(std::string_view bytes, std::size_t& put) {
    if (!is_open())
        return ended("the connection was closed");
    if (session_)
        return try_of(session_->write(bytes, put));
    ssize_t result = 0;
    do
        result = ::send(socket_->fd(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    while (result < 0 && errno == EINTR);
    if (result >= 0) {
        put = static_cast<std::size_t>(result);
        return Try::done;
    }
    return try_of_errno() == Try::wait_read ? Try::wait_write : Try::ended;
}

Task<Result<>> SocketStream::wait_for(Try what, Socket::Time until) {
    if (what == Try::ended)
        co_return fail(Code::closed, why_);
    const auto direction = what == Try::wait_write ? Socket::For::write : Socket::For::read;
    auto waited = co_await socket_->wait(direction, until);
    co_return waited;
}

Task<Result<std::size_t>> SocketStream::read_some(std::span<char> into) {
    ENSURE(!into.empty());
    co_await socket_->take_turns();
    for (;;) {
        std::size_t got = 0;
        const auto result = try_read(into, got);
        if (result == Try::done)
            co_return got;
        const auto waited = co_await wait_for(result, deadline_);
        CO_CHECK_OK(waited);
    }
}

Task<Result<>> SocketStream::wait_readable() {
    co_await socket_->take_turns();
    for (;;) {
        const auto result = try_peek();
        // The end is read_some()'s to tell.
        if (result == Try::done || result == Try::ended)
            co_return Result<>();
        const auto waited = co_await wait_for(result, deadline_);
        CO_CHECK_OK(waited);
    }
}

Task<Result<>> SocketStream::write(std::span<const std::string_view> pieces) {
    Gather gather(pieces);
    for (auto bytes = gather.front(); !bytes.empty(); bytes = gather.front()) {
        std::size_t put = 0;
        const auto result = try_write(bytes, put);
        if (result == Try::done) {
            gather.consume(put);
            co_await socket_->take_turns();
            continue;
        }
        const auto until = std::chrono::steady_clock::now() + write_stall_;
        const auto waited = co_await wait_for(result, until);
        CO_CHECK_OK(waited);
    }
    co_return Result<>();
}

Task<Result<>>
SocketStream::start_tls(std::shared_ptr<const TlsContext> context, std::string alpn) {
    if (session_)
        co_return fail(Code::forbidden, "TLS is on already");
    if (!is_open())
        co_return fail(Code::closed, "the connection was closed");
    CO_TRY(session_, TlsSession::create(std::move(context), socket_->fd(), std::move(alpn)));
    auto shaken = co_await shake_hands();
    co_return shaken;
}

Task<Result<>>
SocketStream::begin_tls(std::shared_ptr<const TlsClientContext> context, TlsWish wish) {
    if (session_)
        co_return fail(Code::forbidden, "TLS is on already");
    if (!is_open())
        co_return fail(Code::closed, "the connection was closed");
    CO_TRY(session_, TlsSession::create_client(std::move(context), socket_->fd(), wish));
    auto shaken = co_await shake_hands();
    if (!shaken && wish.verify != TlsWish::Verify::none && session_->untrusted())
        co_return fail(Code::unauthorized, "the peer's certificate is not valid: " + why_);
    co_return shaken;
}

Task<Result<>> SocketStream::shake_hands() {
    for (;;) {
        const auto result = try_of(session_->handshake());
        if (result == Try::done)
            break;
        const auto waited = co_await wait_for(result, deadline_);
        if (!waited) {
            close();
            co_return waited;
        }
        if (!is_open())
            co_return fail(Code::closed, "the connection was closed");
    }
    facts_ = session_->facts();
    co_return Result<>();
}

Task<void> SocketStream::linger() {
    if (!is_open())
        co_return;
    if (session_)
        session_->goodbye();
    ::shutdown(socket_->fd(), SHUT_WR);
    deadline_in(limits::kLinger);
    std::string discarded(4'096, '\0');
    for (std::size_t total = 0; total < kLingerBytes && is_open();) {
        const auto got = ::recv(socket_->fd(), discarded.data(), discarded.size(), MSG_DONTWAIT);
        if (got > 0) {
            total += static_cast<std::size_t>(got);
            continue;
        }
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            break;
        const auto waited = co_await socket_->wait(Socket::For::read, deadline_);
        if (!waited)
            break;
    }
    close();
}

void SocketStream::close() {
    if (!is_open())
        return;
    if (session_)
        session_->goodbye();
    socket_->close();
    // The session must not write to a descriptor number that may be somebody else's by now.
    if (const auto stirred = std::exchange(stirred_, nullptr))
        stirred(Stir::closed);
}

void SocketStream::watch(std::function<void(Stir)> stirred) {
    stirred_ = std::move(stirred);
    // Bytes that OpenSSL has decrypted already never make the socket readable again.
    const bool at_once = session_ && session_->has_bytes();
    socket_->watch([this] { look(); }, at_once);
}

/// The socket is readable: bytes, the end, or only TLS housekeeping (a ticket, a key update).
void SocketStream::look() {
    const auto result = try_peek();
    if (result == Try::wait_read || result == Try::wait_write)
        return socket_->watch([this] { look(); });
    const auto stirred = std::exchange(stirred_, nullptr);
    if (stirred)
        stirred(result == Try::done ? Stir::spoke : Stir::closed);
}

} // namespace

std::unique_ptr<Stream> adopt_socket(
    boost::asio::io_context& context, int fd, std::shared_ptr<void> ticket,
    std::chrono::nanoseconds write_stall
) {
    return std::make_unique<SocketStream>(context, fd, std::move(ticket), write_stall);
}

} // namespace lockstep::net
