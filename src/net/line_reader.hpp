// LineReader: lines and counted bytes from a stream, for protocols that mix them (SMTP, IMAP).
// Spec: RFC 5321 2.3.8 (a line ends with CRLF and nothing else). Hardening S1, S2, S3, S6.
// Errors: bad_syntax = a bare CR or LF; too_large = a line over its limit (its rest was discarded,
// the next line can be read); closed and timeout as in Stream.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "net/stream.hpp"

namespace lockstep::net {

class LineReader {
public:
    /// Takes pieces of read_exact(); a failure ends the reading and is handed on.
    using Sink = std::function<Result<>(std::string_view)>;

    /// `timeout` is the time that a whole line, or each limits::kWriteStep bytes of a counted read,
    /// may take.
    explicit LineReader(Stream& stream, std::chrono::nanoseconds timeout = limits::kSmtpIdle)
        : stream_(&stream), timeout_(timeout) {}

    void set_timeout(std::chrono::nanoseconds timeout) { timeout_ = timeout; }
    /// One line of at most `max` bytes with its CRLF, returned without it. The view lives until the
    /// next call of any reading function.
    [[nodiscard]] Task<Result<std::string_view>> read_line(std::size_t max);
    /// Exactly `count` bytes, in pieces as they come, without holding them.
    [[nodiscard]] Task<Result<>> read_exact(std::uint64_t count, const Sink& sink);
    /// The unread bytes, at least one: for decoders that find the end themselves (the DATA phase).
    /// What was used is then given to consume(). The view lives until the next reading call.
    [[nodiscard]] Task<Result<std::string_view>> unread();
    void consume(std::size_t count);
    /// Bytes that came but were not read: not empty means that the client did not wait for our
    /// answer (S2).
    [[nodiscard]] std::string_view buffered() const {
        return std::string_view(buffer_).substr(begin_ + line_);
    }
    /// Upgrades the stream. Plaintext sent ahead of the handshake closes the connection with
    /// Code::forbidden (S3).
    [[nodiscard]] Task<Result<>>
    start_tls(std::shared_ptr<const TlsContext> context, std::string alpn);
    /// Goes on with another stream over the same connection, which must outlive the reader.
    /// Nothing may be buffered.
    void go_on_with(Stream& stream) { stream_ = &stream; }
    /// Returns the memory of an empty buffer, before a long wait.
    void shrink();

private:
    [[nodiscard]] Task<Result<>> fill();
    [[nodiscard]] Task<Result<>> skip_line();

    Stream* stream_;
    std::chrono::nanoseconds timeout_;
    std::string buffer_;
    std::size_t begin_ = 0; ///< bytes before it are used up
    std::size_t line_ = 0;  ///< bytes of the line that was returned last: still in the buffer, gone
                            ///< with the next call
};

} // namespace lockstep::net
