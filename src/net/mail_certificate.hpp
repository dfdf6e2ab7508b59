// Validation of the certificates of signed and encrypted mail (S/MIME).
// Spec: RFC 5280 6 (path validation), RFC 8550 4 (S/MIME certificates). Invariants: nothing is
// fetched from the network: revocation counts only where a list of it is among the trusted files,
// since addresses in certificates are the sender's to choose. Errors: unavailable (the trust store
// cannot be read).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::net {

enum class CertificateVerdict : std::uint8_t {
    valid,
    unreadable,       ///< not a certificate
    unreadable_chain, ///< one of those that came with it is none
    bad_signature,
    untrusted,           ///< no way up to a trusted authority
    wrong_purpose,       ///< not for mail
    wrong_purpose_above, ///< likewise, an authority's
    expired,             ///< or not valid yet
    expired_above,
    not_an_authority, ///< something signed that may not sign certificates
    revoked,
    revoked_above,
    revocation_unknown, ///< asked for, and no list knows it
    failed,             ///< anything else
};

struct MailCertificateCheck {
    std::vector<std::string> chain; ///< DER of further certificates, in any order
    std::string trusted_file;       ///< PEM: certificates and revocation lists beside the system's
    bool revocation_must_be_known = false;
    std::int64_t now = 0; ///< unix seconds
};
/// Checks each of the certificates (DER). Blocks on the disk: call it on a worker thread.
[[nodiscard]] Result<std::vector<CertificateVerdict>> check_mail_certificates(
    const std::vector<std::string>& certificates, const MailCertificateCheck& check
);

/// Whether mail may be encrypted for the holder now: the certificate's own dates and purpose.
[[nodiscard]] bool encrypts_mail(std::string_view der, std::int64_t now);
/// DER of issuer and serial number (CMS IssuerAndSerialNumber); empty when it is no certificate.
[[nodiscard]] std::string issuer_and_serial(std::string_view der);

} // namespace lockstep::net
