// Stream: one connection's bytes, whatever carries them (TCP, TLS, memory).
// Invariants: one operation at a time; everything runs on the connection's own thread. After any
// error other than timeout the stream is of no more use. No operation waits for ever: reads obey
// the deadline, writes limits::kWriteStall. Errors: closed = the peer ended or broke the
// connection, or close() was called; timeout = the deadline passed.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"

namespace lockstep::net {

class TlsContext;

/// The other end. IPv4-mapped IPv6 addresses are written as IPv4.
struct Peer {
    std::string address; ///< as text, without port; empty for memory streams and Unix sockets
    std::uint16_t port = 0;
    bool loopback = false;
};

/// What was agreed in the handshake, as OpenSSL names it ("TLSv1.3", "TLS_AES_256_GCM_SHA384").
struct TlsFacts {
    std::string version;
    std::string cipher;
    std::string alpn;        ///< empty when the client offered none
    std::string server_name; ///< SNI; empty when absent
};

/// What ended a watch.
enum class Stir {
    closed,   ///< the peer went away
    spoke,    ///< bytes came while nobody reads
    stopping, ///< the server is shutting down (told by HttpServer, not by streams)
};

class Stream {
public:
    virtual ~Stream() = default;

    /// At least one byte, at most into.size(). The end of the stream is Code::closed, never 0.
    /// `into` must live until the task ends.
    [[nodiscard]] virtual Task<Result<std::size_t>> read_some(std::span<char> into) = 0;
    /// Returns when read_some() would have something to say (bytes or the end). Holds no buffer
    /// while it waits.
    [[nodiscard]] virtual Task<Result<>> wait_readable() = 0;
    /// All pieces in order, gathered into as few sends and TLS records as possible. The pieces and
    /// the array of them must live until the task ends.
    [[nodiscard]] virtual Task<Result<>> write(std::span<const std::string_view> pieces) = 0;
    /// Server side of a TLS handshake, within the deadline. `alpn` is the only protocol that this
    /// port speaks ("" = none is agreed); a client that offers others only is refused. The caller
    /// has made sure that it holds no plaintext read ahead (LineReader::start_tls does). Errors:
    /// closed, timeout, unsupported (memory streams), forbidden (already TLS).
    [[nodiscard]] virtual Task<Result<>>
    start_tls(std::shared_ptr<const TlsContext> context, std::string alpn) = 0;
    /// Says goodbye so that a last answer arrives: ends our direction, discards what the peer still
    /// sends for at most limits::kLinger, closes.
    [[nodiscard]] virtual Task<void> linger() = 0;
    /// Ends the connection at once; a pending operation returns Code::closed. Idempotent.
    virtual void close() = 0;
    [[nodiscard]] virtual bool is_open() const = 0;

    /// Reads, waits and handshakes fail with Code::timeout once `from_now` has passed. Holds for
    /// all later ones until it is set anew.
    virtual void deadline_in(std::chrono::nanoseconds from_now) = 0;
    virtual void no_deadline() = 0;

    /// Calls `stirred` once, on the connection's thread, when the peer ends the connection or sends
    /// bytes. For handlers that are parked: while a watch stands nothing may be read. Costs no
    /// buffer.
    virtual void watch(std::function<void(Stir)> stirred) = 0;
    /// Ends the watch: `stirred` is not called after this returned. Harmless without a watch.
    virtual void unwatch() = 0;

    [[nodiscard]] virtual const Peer& peer() const = 0;
    /// Null on plain connections.
    [[nodiscard]] virtual const TlsFacts* tls() const = 0;
};

/// write() of a single piece.
[[nodiscard]] Task<Result<>> write(Stream& stream, std::string_view bytes);

} // namespace lockstep::net
