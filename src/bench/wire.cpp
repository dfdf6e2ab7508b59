// OpenSSL's client side on a blocking socket, and just enough HTTP/1.1.
// Spec: RFC 9112 4, 6.3.
#include "bench/wire.hpp"

#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.hpp"

namespace lockstep::bench {
namespace {

constexpr std::size_t kPiece = 64U << 10U;

SSL_CTX* client_context() {
    static SSL_CTX* const context = [] {
        SSL_CTX* made = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
        return made;
    }();
    return context;
}

} // namespace

Result<Wire> Wire::plain(std::uint16_t port) {
    Wire wire(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (wire.fd_ < 0)
        return fail(Code::unavailable, "no descriptor left");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(wire.fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    wire.patience(std::chrono::seconds(60));
    if (::connect(wire.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(Code::closed, fmt::format("port {} takes no connection", port));
    return wire;
}

Result<Wire> Wire::tls(std::uint16_t port) {
    TRY(auto wire, plain(port));
    wire.session_ = SSL_new(client_context());
    SSL_set_fd(wire.session_, wire.fd_);
    constexpr std::string_view kAlpn = "\x08http/1.1";
    SSL_set_alpn_protos(
        wire.session_, reinterpret_cast<const unsigned char*>(kAlpn.data()),
        static_cast<unsigned>(kAlpn.size())
    );
    ERR_clear_error();
    if (SSL_connect(wire.session_) != 1)
        return fail(Code::closed, "the TLS handshake failed");
    return wire;
}

Wire::Wire(Wire&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), session_(std::exchange(other.session_, nullptr)) {}

Wire& Wire::operator=(Wire&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
        session_ = std::exchange(other.session_, nullptr);
    }
    return *this;
}

Wire::~Wire() { close(); }

void Wire::close() {
    SSL_free(session_);
    session_ = nullptr;
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

void Wire::patience(std::chrono::seconds time) {
    const timeval limit{time.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

Result<> Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t put = 0;
        if (session_ != nullptr) {
            ERR_clear_error();
            if (SSL_write_ex(session_, bytes.data(), bytes.size(), &put) != 1)
                return fail(Code::closed, "the server closed while it was spoken to");
        } else {
            const auto done = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (done <= 0)
                return fail(Code::closed, "the server closed while it was spoken to");
            put = static_cast<std::size_t>(done);
        }
        bytes.remove_prefix(put);
    }
    return {};
}

Result<> Wire::receive(std::string& buffer) {
    thread_local std::array<char, kPiece> piece;
    std::size_t got = 0;
    if (session_ != nullptr) {
        ERR_clear_error();
        if (SSL_read_ex(session_, piece.data(), piece.size(), &got) != 1)
            got = 0;
    } else {
        const auto done = ::recv(fd_, piece.data(), piece.size(), 0);
        got = done > 0 ? static_cast<std::size_t>(done) : 0;
    }
    buffer.append(piece.data(), got);
    if (got > 0)
        return {};
    return fail(
        errno == EAGAIN ? Code::timeout : Code::closed, "the server said no more than it had said"
    );
}

Result<HttpAnswer> HttpClient::receive() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        const auto before = buffer_.size();
        CHECK_OK(wire_.receive(buffer_));
        received_ += buffer_.size() - before;
    }
    HttpAnswer answer;
    const auto head = std::string_view(buffer_).substr(0, end);
    if (!head.starts_with("HTTP/1.1 ") || head.size() < 12)
        return fail(Code::bad_syntax, "no HTTP answer");
    answer.status = parse_int<int>(head.substr(9, 3)).value_or(0);
    std::size_t length = 0;
    constexpr std::string_view kLength = "\r\nContent-Length:";
    if (const auto at = ifind(head, kLength); at != std::string_view::npos) {
        const auto value = head.substr(at + kLength.size());
        length = parse_int<std::size_t>(trim(value.substr(0, value.find('\r')))).value_or(0);
    }
    buffer_.erase(0, end + 4);
    buffer_.reserve(length);
    while (buffer_.size() < length) {
        const auto before = buffer_.size();
        CHECK_OK(wire_.receive(buffer_));
        received_ += buffer_.size() - before;
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    // A parked connection keeps no memory of its last answer.
    if (buffer_.empty())
        std::string().swap(buffer_);
    return answer;
}

} // namespace lockstep::bench
