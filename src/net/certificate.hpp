// Certificates: making a self-signed one, and following the files that hold the real one.
// Spec: RFC 5280 (SubjectAltName). Hardening A9: load and check the pair, then swap; on error keep
// the old one and report.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/tls.hpp"

namespace lockstep::net {

struct KeyPair {
    std::string certificate; ///< PEM
    std::string key;         ///< PEM, PKCS #8, unencrypted
};

/// A P-256 certificate for these host names and IP addresses (the first is the common name), valid
/// from an hour before `now_us` (microseconds since 1970) for `days`.
[[nodiscard]] Result<KeyPair>
make_self_signed(std::span<const std::string> names, std::int64_t now_us, int days = 397);

/// A certificate and a key file, reread when either changes. Thread-safe.
class CertificateFiles {
public:
    /// Loads the pair; from then on looks at the files each second of `clock`. A new pair that
    /// cannot be used is logged, once per change of the files. Errors: those of TlsContext::create;
    /// not_found when a file cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<CertificateFiles>>
    open(Clock& clock, std::string certificate_path, std::string key_path);
    ~CertificateFiles();

    [[nodiscard]] std::shared_ptr<const TlsContext> current() const;
    /// current() as a function; it must not be called after this object ended.
    [[nodiscard]] TlsSource source() const;
    /// Looks at the files now. True when a new pair took over.
    bool reload_if_changed();

private:
    struct State;
    explicit CertificateFiles(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

} // namespace lockstep::net
