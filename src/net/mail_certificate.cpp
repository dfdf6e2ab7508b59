// Path validation with OpenSSL's store.
#include "net/mail_certificate.hpp"

#include <memory>

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace lockstep::net {
namespace {

template <auto Free> struct Freed {
    template <class T> void operator()(T* object) const { Free(object); }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using IssuerSerial = std::unique_ptr<PKCS7_ISSUER_AND_SERIAL, Freed<PKCS7_ISSUER_AND_SERIAL_free>>;

Certificate read_der(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return certificate;
}

/// A revocation list that is missing or old is no reason to refuse unless it was asked for.
int ignore_unknown_revocation(int ok, X509_STORE_CTX* context) {
    const int error = X509_STORE_CTX_get_error(context);
    if (ok == 0 && (error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_CRL_HAS_EXPIRED ||
                    error == X509_V_ERR_CRL_NOT_YET_VALID)) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    return ok;
}

CertificateVerdict verdict_of(int error, int depth) {
    using enum CertificateVerdict;
    const bool above = depth > 0;
    switch (error) {
    case X509_V_OK:
        return valid;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
        return bad_signature;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
        return untrusted;
    case X509_V_ERR_INVALID_PURPOSE:
        return above ? wrong_purpose_above : wrong_purpose;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return above ? expired_above : expired;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return not_an_authority;
    case X509_V_ERR_CERT_REVOKED:
        return above ? revoked_above : revoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
        return revocation_unknown;
    default:
        return failed;
    }
}

Result<Store> trust_store(const std::string& file) {
    Store store(X509_STORE_new());
    if (!store || X509_STORE_set_default_paths(store.get()) != 1)
        return fail(Code::unavailable, "the system's certificates cannot be read");
    if (!file.empty() && X509_STORE_load_file(store.get(), file.c_str()) != 1)
        return fail(Code::unavailable, "cannot read the trusted certificates in " + file);
    ERR_clear_error();
    return store;
}

CertificateVerdict check_one(
    X509_STORE* store, X509* certificate, STACK_OF(X509) * chain, const MailCertificateCheck& check
) {
    StoreContext context(X509_STORE_CTX_new());
    if (!context || X509_STORE_CTX_init(context.get(), store, certificate, chain) != 1)
        return CertificateVerdict::failed;
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SMIME_SIGN);
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(check.now));
    X509_VERIFY_PARAM_set_depth(parameters, 16);
    X509_VERIFY_PARAM_set_flags(
        parameters, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_USE_CHECK_TIME
    );
    if (!check.revocation_must_be_known)
        X509_STORE_CTX_set_verify_cb(context.get(), ignore_unknown_revocation);
    const int ok = X509_verify_cert(context.get());
    const int error = X509_STORE_CTX_get_error(context.get());
    const int depth = X509_STORE_CTX_get_error_depth(context.get());
    ERR_clear_error();
    if (ok == 1)
        return CertificateVerdict::valid;
    return error == X509_V_OK ? CertificateVerdict::failed : verdict_of(error, depth);
}

} // namespace

Result<std::vector<CertificateVerdict>> check_mail_certificates(
    const std::vector<std::string>& certificates, const MailCertificateCheck& check
) {
    TRY(const auto store, trust_store(check.trusted_file));
    std::vector<Certificate> kept;
    const auto free_stack = [](STACK_OF(X509) * stack) { sk_X509_free(stack); };
    const std::unique_ptr<STACK_OF(X509), decltype(free_stack)> chain(
        sk_X509_new_null(), free_stack
    );
    bool readable = chain != nullptr;
    for (const auto& der : check.chain) {
        kept.push_back(read_der(der));
        readable = readable && kept.back() && sk_X509_push(chain.get(), kept.back().get()) > 0;
    }
    std::vector<CertificateVerdict> verdicts;
    for (const auto& der : certificates) {
        const auto certificate = read_der(der);
        verdicts.push_back(
            !certificate ? CertificateVerdict::unreadable
            : !readable  ? CertificateVerdict::unreadable_chain
                         : check_one(store.get(), certificate.get(), chain.get(), check)
        );
    }
    return verdicts;
}

bool encrypts_mail(std::string_view der, std::int64_t now) {
    const auto certificate = read_der(der);
    if (!certificate)
        return false;
    auto at = static_cast<time_t>(now);
    const bool fits = X509_cmp_time(X509_get0_notBefore(certificate.get()), &at) <= 0 &&
                      X509_cmp_time(X509_get0_notAfter(certificate.get()), &at) >= 0 &&
                      X509_check_purpose(certificate.get(), X509_PURPOSE_SMIME_ENCRYPT, 0) == 1;
    ERR_clear_error();
    return fits;
}

std::string issuer_and_serial(std::string_view der) {
    const auto certificate = read_der(der);
    const IssuerSerial pair(PKCS7_ISSUER_AND_SERIAL_new());
    if (!certificate || !pair)
        return {};
    if (X509_NAME_set(&pair->issuer, X509_get_issuer_name(certificate.get())) != 1)
        return {};
    ASN1_INTEGER_free(pair->serial);
    pair->serial = ASN1_INTEGER_dup(X509_get0_serialNumber(certificate.get()));
    unsigned char* bytes = nullptr;
    const int size = i2d_PKCS7_ISSUER_AND_SERIAL(pair.get(), &bytes);
    if (size <= 0)
        return {};
    std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return out;
}

} // namespace lockstep::net
