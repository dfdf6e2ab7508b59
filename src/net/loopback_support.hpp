// For the tests of this room only: blocking clients on real sockets, a certificate, a scratch
// folder.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "net/certificate.hpp"

namespace lockstep::net::testing {

/// A connected TCP socket to a port of this machine; -1 when refused. Reads give up after 10 s.
inline int dial(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return fd;
    ::close(fd);
    return -1;
}

/// A plain client.
class PlainClient {
public:
    explicit PlainClient(std::uint16_t port) : fd_(dial(port)) {}
    ~PlainClient() { close(); }
    PlainClient(const PlainClient&) = delete;
    PlainClient& operator=(const PlainClient&) = delete;
    [[nodiscard]] bool connected() const { return fd_ >= 0; }
    [[nodiscard]] int fd() const { return fd_; }
    bool send(std::string_view bytes) {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    /// What comes next; empty at the end, on reset and when nothing comes.
    std::string receive() {
        std::string bytes(65'536, '\0');
        const auto got = ::recv(fd_, bytes.data(), bytes.size(), 0);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }
    std::string receive_all() {
        std::string all;
        for (auto piece = receive(); !piece.empty(); piece = receive())
            all += piece;
        return all;
    }
    std::string receive_until(std::string_view end) {
        std::string all;
        while (!all.contains(end)) {
            const auto piece = receive();
            if (piece.empty())
                break;
            all += piece;
        }
        return all;
    }
    void close() {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_;
};

/// A TLS client that trusts everybody.
class TlsClient {
public:
    explicit TlsClient(
        std::uint16_t port, std::string_view alpn = "http/1.1", int max_version = TLS1_3_VERSION
    )
        : plain_(port), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
        SSL_CTX_set_max_proto_version(context_.get(), max_version);
        SSL_CTX_set_security_level(context_.get(), 0);
        begin(alpn);
    }
    ~TlsClient() { SSL_free(session_); }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;
    [[nodiscard]] bool greeted() const { return greeted_; }
    [[nodiscard]] PlainClient& plain() { return plain_; }
    [[nodiscard]] SSL* session() { return session_; }
    bool send(std::string_view bytes) {
        return SSL_write(session_, bytes.data(), static_cast<int>(bytes.size())) ==
               static_cast<int>(bytes.size());
    }
    std::string receive() {
        std::string bytes(65'536, '\0');
        const int got = SSL_read(session_, bytes.data(), static_cast<int>(bytes.size()));
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }
    std::string receive_all() {
        std::string all;
        for (auto piece = receive(); !piece.empty(); piece = receive())
            all += piece;
        return all;
    }
    std::string receive_until(std::string_view end) {
        std::string all;
        while (!all.contains(end)) {
            const auto piece = receive();
            if (piece.empty())
                break;
            all += piece;
        }
        return all;
    }
    /// Handshakes on a connection that spoke plain before (STARTTLS).
    void begin(std::string_view alpn) {
        session_ = SSL_new(context_.get());
        SSL_set_fd(session_, plain_.fd());
        SSL_set_tlsext_host_name(session_, "mail.example");
        if (!alpn.empty()) {
            const auto wire = std::string(1, static_cast<char>(alpn.size())) + std::string(alpn);
            SSL_set_alpn_protos(
                session_, reinterpret_cast<const unsigned char*>(wire.data()),
                static_cast<unsigned>(wire.size())
            );
        }
        greeted_ = SSL_connect(session_) == 1;
    }
    /// Hex SHA-256 of the server's certificate.
    std::string fingerprint();

private:
    PlainClient plain_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    SSL* session_ = nullptr;
    bool greeted_ = false;
};

inline std::string TlsClient::fingerprint() {
    std::unique_ptr<X509, decltype(&X509_free)> leaf(
        SSL_get1_peer_certificate(session_), &X509_free
    );
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (!leaf || X509_digest(leaf.get(), EVP_sha256(), digest, &size) != 1)
        return {};
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        text += kDigits[digest[i] >> 4U];
        text += kDigits[digest[i] & 15U];
    }
    return text;
}

inline std::int64_t wall_us() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

inline KeyPair make_pair_for(const std::string& name) {
    const std::string names[] = {name, "127.0.0.1"};
    return *make_self_signed(names, wall_us());
}

inline std::shared_ptr<const TlsContext> make_context() {
    static const auto context = [] {
        const auto pair = make_pair_for("mail.example");
        return *TlsContext::create(pair.certificate, pair.key);
    }();
    return context;
}

/// Waits for a condition that another thread brings about; at most 10 s.
template <class Condition> bool eventually(Condition condition) {
    for (int i = 0; i < 5'000; ++i) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

} // namespace lockstep::net::testing
