// TlsSession: one server-side OpenSSL session straight on a non-blocking socket; every step returns
// at once. Invariants: knows no event loop, the stream waits. No BIO pair and no buffer of our own:
// with RELEASE_BUFFERS an idle session costs about 15 KiB. ERR_clear_error() stands before each
// call, since OpenSSL's error queue is per thread.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/stream.hpp"
#include "net/tls.hpp"
#include "net/tls_client.hpp"

struct ssl_st;

namespace lockstep::net {

/// OpenSSL's pending errors of this thread as one line; empties its queue.
[[nodiscard]] std::string openssl_errors();

enum class TlsStep {
    done,
    want_read,  ///< call again when the socket is readable
    want_write, ///< call again, with the same bytes, when it is writable
    ended,      ///< the peer said goodbye properly
    broken,     ///< protocol error, cut connection; the session is of no more use
};

class TlsSession {
public:
    /// `fd` stays the caller's and must outlive the session.
    [[nodiscard]] static Result<std::unique_ptr<TlsSession>>
    create(std::shared_ptr<const TlsContext> context, int fd, std::string alpn);
    /// The side that begins.
    [[nodiscard]] static Result<std::unique_ptr<TlsSession>>
    create_client(std::shared_ptr<const TlsClientContext> context, int fd, const TlsWish& wish);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    [[nodiscard]] TlsStep handshake();
    /// done: `got` bytes, at least one.
    [[nodiscard]] TlsStep read(std::span<char> into, std::size_t& got);
    /// done: `put` bytes of `bytes` went out, at least one.
    [[nodiscard]] TlsStep write(std::string_view bytes, std::size_t& put);
    /// done: read() has bytes to give. Takes none.
    [[nodiscard]] TlsStep peek();
    /// Decrypted bytes are waiting inside.
    [[nodiscard]] bool has_bytes() const;
    /// Sends close_notify if that is possible at once.
    void goodbye();

    /// After the handshake.
    [[nodiscard]] TlsFacts facts() const;
    /// The handshake failed because the peer is not who was wanted.
    [[nodiscard]] bool untrusted() const;
    /// Why the last step was broken.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    /// OpenSSL's callback: accepts the port's own protocol and nothing else (ALPACA, hardening A8).
    static int select_alpn(
        ssl_st* session, const unsigned char** out, unsigned char* out_size,
        const unsigned char* offered, unsigned int offered_size, void* unused
    );

private:
    TlsSession(std::shared_ptr<const TlsContext> context, std::string alpn)
        : context_(std::move(context)), alpn_(std::move(alpn)) {}
    TlsSession() = default;
    [[nodiscard]] TlsStep step_of(int result);
    [[nodiscard]] Result<> want(const TlsWish& wish);

    std::shared_ptr<const void> context_;
    std::string alpn_;
    ssl_st* session_ = nullptr;
    std::string trouble_;
    bool established_ = false;
    bool broken_ = false;
};

} // namespace lockstep::net
