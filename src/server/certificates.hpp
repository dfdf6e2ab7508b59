// Certificates: which certificate TLS uses, from configured files or a self-signed one of the first
// start. Hardening A9. Invariants: there is always a usable one; a change of the configuration or
// of the files that fails leaves the one in use, with a line in the log. Errors: those of
// net::CertificateFiles, at the start only.
#pragma once
#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "base/locked.hpp"
#include "base/result.hpp"
#include "net/certificate.hpp"
#include "server/config.hpp"

namespace lockstep::server {

class Certificates {
public:
    /// Makes DATA/tls/{certificate,key}.pem when nothing is configured and they are not there.
    /// `clock` must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Certificates>>
    open(Clock& clock, std::filesystem::path data, const Config& config);

    /// After a reload: follows the files that the configuration names now.
    void follow(const Config& config);
    /// For listeners; must not be called after this object ended.
    [[nodiscard]] net::TlsSource source();

private:
    Certificates(Clock& clock, std::filesystem::path data)
        : clock_(clock), data_(std::move(data)) {}
    [[nodiscard]] Result<std::shared_ptr<net::CertificateFiles>> open_files(const Config& config);

    Clock& clock_;
    std::filesystem::path data_;
    std::pair<std::string, std::string> paths_;
    LockGuarded<std::shared_ptr<net::CertificateFiles>> files_;
};

} // namespace lockstep::server
