// TlsContext: a certificate with its key, ready for handshakes; immutable and shared, so that a new
// one can take its place while running connections go on with the old. Spec: RFC 8446, RFC 5246,
// RFC 7301 (ALPN), RFC 9325 (TLS 1.2 and later, AEAD suites only). Hardening A8, A9. Errors:
// corrupt = the file holds no usable certificate or key; bad_value = key and certificate do not
// belong together.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct ssl_ctx_st;

namespace lockstep::net {

class TlsContext {
public:
    /// `certificate` is the PEM chain, leaf first; `key` the PEM private key (unencrypted).
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>>
    create(std::string_view certificate, std::string_view key);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// Lower-case hex SHA-256 of the leaf certificate.
    [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }
    /// End of validity, seconds since 1970.
    [[nodiscard]] std::int64_t expires() const { return expires_; }
    /// For net/ only.
    [[nodiscard]] ssl_ctx_st* native() const { return context_; }

private:
    TlsContext() = default;
    ssl_ctx_st* context_ = nullptr;
    std::string fingerprint_;
    std::int64_t expires_ = 0;
};

/// Asked once per connection for the context of the moment. May be called from any thread.
using TlsSource = std::function<std::shared_ptr<const TlsContext>()>;

} // namespace lockstep::net
