// TlsClientContext: our side of a TLS handshake that we begin, and what we ask of the other side.
// Spec: RFC 8446, 5246; RFC 6125 and 9525 (names); RFC 7672 and 6698 (DANE), RFC 7435
// (opportunistic TLS: an unverified peer is better than plain text). Hardening S4. Invariants:
// TLS 1.2 and later. With Verify::none anything is accepted, on purpose. Errors: internal
// (OpenSSL), corrupt (no usable list of authorities).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"

struct ssl_ctx_st;

namespace lockstep::net {

/// A TLSA record (RFC 6698 2.1).
struct TlsaRecord {
    std::uint8_t usage = 0;
    std::uint8_t selector = 0;
    std::uint8_t matching = 0;
    std::string data; ///< bytes
};

struct TlsWish {
    enum class Verify {
        none, ///< encrypt only
        pki,  ///< a valid chain to a known authority, and the name
        dane  ///< one of `tlsa`, and for usage 2 the name
    };
    std::string name; ///< sent as SNI, and verified
    Verify verify = Verify::none;
    std::vector<TlsaRecord> tlsa;
    std::vector<std::string> more_names; ///< also accepted with dane (RFC 7672 3.2.2)
};

class TlsClientContext {
public:
    /// `authorities`: a PEM file; empty: the system's.
    [[nodiscard]] static Result<std::shared_ptr<const TlsClientContext>>
    create(const std::string& authorities);
    ~TlsClientContext();
    TlsClientContext(const TlsClientContext&) = delete;
    TlsClientContext& operator=(const TlsClientContext&) = delete;
    /// For net/ only.
    [[nodiscard]] ssl_ctx_st* native() const { return context_; }

private:
    TlsClientContext() = default;
    ssl_ctx_st* context_ = nullptr;
};

class LineReader;
class Stream;

/// What a stream is that can begin TLS (sockets).
class TlsBeginner {
public:
    virtual ~TlsBeginner() = default;
    /// Our side of the handshake, within the stream's deadline. Errors: as Stream::start_tls; also
    /// unauthorized (the peer is not who `wish` wants).
    [[nodiscard]] virtual Task<Result<>>
    begin_tls(std::shared_ptr<const TlsClientContext> context, TlsWish wish) = 0;
};

/// Begins TLS on the stream that `reader` reads. What the server sent ahead of the handshake closes
/// the connection with Code::forbidden (S4). Errors: also unsupported (a stream without TLS).
[[nodiscard]] Task<Result<>> begin_tls(
    Stream& stream, LineReader& reader, std::shared_ptr<const TlsClientContext> context,
    TlsWish wish
);

} // namespace lockstep::net
