// Chooses, makes and follows the certificate files.
#include "server/certificates.hpp"

#include <array>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/file_system.hpp"
#include "base/log.hpp"

namespace lockstep::server {

namespace {

/// The name that the certificate and SMTP's greeting use when none is configured.
std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
        return "localhost";
    return name.data();
}

std::vector<std::string> certificate_names(const Config& config) {
    std::vector<std::string> names = {
        config.smtp.hostname.empty() ? machine_name() : config.smtp.hostname
    };
    if (!config.domain.fallback.empty()) {
        names.push_back(config.domain.fallback);
        names.push_back("autodiscover." + config.domain.fallback);
    }
    for (const auto* name : {"localhost", "127.0.0.1", "::1"}) {
        if (names.front() != name)
            names.emplace_back(name);
    }
    return names;
}

Result<>
write_self_signed(Clock& clock, const std::filesystem::path& folder, const Config& config) {
    auto& files = posix_file_system();
    const auto names = certificate_names(config);
    TRY(const auto pair, net::make_self_signed(names, clock.now_us(), 3'650));
    CHECK_OK(files.make_directories(folder.string()));
    const std::array<std::string_view, 1> key = {pair.key};
    const std::array<std::string_view, 1> certificate = {pair.certificate};
    // A crash between the two leaves a key without a certificate: both are made anew then.
    (void)files.remove((folder / "key.pem").string());
    CHECK_OK(files.write_file((folder / "key.pem").string(), key));
    CHECK_OK(files.write_file((folder / "certificate.pem").string(), certificate));
    CHECK_OK(files.sync_directory(folder.string()));
    log::info("tls.self_signed", {{"name", names.front()}});
    return {};
}

} // namespace

Result<std::shared_ptr<net::CertificateFiles>> Certificates::open_files(const Config& config) {
    auto certificate = config.tls.certificate, key = config.tls.key;
    if (certificate.empty()) {
        const auto folder = data_ / "tls";
        certificate = (folder / "certificate.pem").string();
        key = (folder / "key.pem").string();
        TRY(const bool there, posix_file_system().exists(certificate));
        if (!there)
            CHECK_OK(write_self_signed(clock_, folder, config));
    }
    TRY(auto files, net::CertificateFiles::open(clock_, certificate, key));
    paths_ = {config.tls.certificate, config.tls.key};
    return std::shared_ptr<net::CertificateFiles>(std::move(files));
}

Result<std::unique_ptr<Certificates>>
Certificates::open(Clock& clock, std::filesystem::path data, const Config& config) {
    std::unique_ptr<Certificates> made(new Certificates(clock, std::move(data)));
    TRY(auto files, made->open_files(config));
    made->files_.with([&](auto& current) { current = std::move(files); });
    return made;
}

void Certificates::follow(const Config& config) {
    if (paths_ == std::pair(config.tls.certificate, config.tls.key))
        return;
    auto files = open_files(config);
    if (!files) {
        log::error(
            "tls.refused", {{"certificate", config.tls.certificate}, {"reason", files.error()}}
        );
        return;
    }
    // The former files are let go outside the lock.
    auto opened = *std::move(files);
    files_.with([&](auto& current) { current.swap(opened); });
    log::info("tls.followed", {{"certificate", config.tls.certificate}});
}

net::TlsSource Certificates::source() {
    return [this] {
        const auto files = files_.with([](const auto& current) { return current; });
        return files->current();
    };
}

} // namespace lockstep::server
