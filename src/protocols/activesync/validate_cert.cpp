// ValidateCert: whether certificates of signed mail can be trusted.
// Spec: MS-ASCMD 2.2.1.22; Status 2.2.3.177.18; CheckCRL 2.2.3.26. Trusted are the authorities of
// the system (SSL_CERT_FILE and SSL_CERT_DIR name others): see net/mail_certificate.hpp.
#include "base/limits_activesync.hpp"
#include "base/text.hpp"
#include "net/mail_certificate.hpp"
#include "protocols/activesync/search_commands.hpp"

namespace lockstep::activesync {
namespace {

namespace vc = wbxml::validate_cert;

int status_of(net::CertificateVerdict verdict) {
    switch (verdict) {
    case net::CertificateVerdict::valid:
        return 1;
    case net::CertificateVerdict::bad_signature:
        return 3;
    case net::CertificateVerdict::untrusted:
        return 4;
    case net::CertificateVerdict::unreadable_chain:
        return 5;
    case net::CertificateVerdict::wrong_purpose:
        return 6;
    case net::CertificateVerdict::expired:
        return 7;
    case net::CertificateVerdict::expired_above:
        return 8;
    case net::CertificateVerdict::wrong_purpose_above:
        return 9;
    case net::CertificateVerdict::unreadable:
        return 10;
    case net::CertificateVerdict::not_an_authority:
        return 11;
    case net::CertificateVerdict::revoked:
        return 13;
    case net::CertificateVerdict::revoked_above:
        return 15;
    case net::CertificateVerdict::revocation_unknown:
        return 16;
    case net::CertificateVerdict::failed:
        return 17;
    }
    return 17;
}

/// The certificates below an element; what is no base64 stays as an empty text, which no check
/// takes for a certificate.
std::vector<std::string> read_certificates(const wbxml::Node* parent) {
    std::vector<std::string> all;
    if (parent == nullptr)
        return all;
    for (const auto& each : parent->all(vc::Certificate)) {
        std::string text(each.text);
        std::erase_if(text, [](char c) { return is_space(c); });
        all.push_back(unbase64(text).value_or(std::string()));
    }
    return all;
}

Result<Reply> answer_certificates(const Exchange& exchange, int status, std::vector<int> each) {
    wbxml::Writer out(exchange.version);
    out.open(vc::ValidateCert);
    out.element(vc::Status, status);
    for (const int one : each) {
        out.open(vc::Certificate);
        out.element(vc::Status, one);
        out.close();
    }
    out.close();
    return reply_of(out);
}

} // namespace

Task<Result<Reply>> validate_cert(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    exchange.root.reset();
    const auto certificates = read_certificates(root.find(vc::Certificates));
    net::MailCertificateCheck check;
    check.chain = read_certificates(root.find(vc::CertificateChain));
    const auto revocation = trim(root.text_of(vc::CheckCRL, "0"));
    if (certificates.empty() ||
        certificates.size() + check.chain.size() > limits::kCertificatesChecked ||
        (revocation != "0" && revocation != "1" && !revocation.empty()))
        co_return answer_certificates(exchange, 2, {});
    check.revocation_must_be_known = revocation == "1";
    check.now = exchange.office().clock.now_us() / 1'000'000;
    using Verdicts = std::vector<net::CertificateVerdict>;
    std::function<Result<Verdicts>()> work = [certificates, check] {
        return net::check_mail_certificates(certificates, check);
    };
    const auto verdicts = co_await exchange.office().workers.run<Verdicts>(std::move(work));
    if (!verdicts)
        co_return answer_certificates(exchange, 17, {});
    std::vector<int> each;
    for (const auto verdict : *verdicts)
        each.push_back(status_of(verdict));
    co_return answer_certificates(exchange, 1, std::move(each));
}

} // namespace lockstep::activesync
