// Blocking clients of the server: bytes over TLS or plain, and the HTTP answers on them.
// Invariants: one thread at a time; a connection trusts every certificate (it is our own server).
// Errors: closed and timeout (no byte for a minute, unless told otherwise); bad_syntax for what is
// no HTTP answer.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct ssl_st;

namespace lockstep::bench {

class Wire {
public:
    [[nodiscard]] static Result<Wire> plain(std::uint16_t port);
    [[nodiscard]] static Result<Wire> tls(std::uint16_t port);
    Wire(Wire&& other) noexcept;
    Wire& operator=(Wire&& other) noexcept;
    ~Wire();

    [[nodiscard]] Result<> send(std::string_view bytes);
    /// Appends at least one byte.
    [[nodiscard]] Result<> receive(std::string& buffer);
    /// Reads wait so long and no longer.
    void patience(std::chrono::seconds time);

private:
    explicit Wire(int fd) : fd_(fd) {}
    void close();
    int fd_ = -1;
    ssl_st* session_ = nullptr;
};

struct HttpAnswer {
    int status = 0;
    std::string body;
};

/// A kept connection on which requests go one after the other.
class HttpClient {
public:
    explicit HttpClient(Wire wire) : wire_(std::move(wire)) {}
    [[nodiscard]] Result<> send(std::string_view request) { return wire_.send(request); }
    /// The answer to the oldest request. Only answers with Content-Length, as the server gives
    /// them.
    [[nodiscard]] Result<HttpAnswer> receive();
    [[nodiscard]] Wire& wire() { return wire_; }
    /// Bytes received so far.
    [[nodiscard]] std::uint64_t received() const { return received_; }

private:
    Wire wire_;
    std::string buffer_; ///< received and not used yet
    std::uint64_t received_ = 0;
};

} // namespace lockstep::bench
