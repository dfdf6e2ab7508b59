// Builds the OpenSSL context that all handshakes of one certificate share.
#include "net/tls.hpp"

#include <csignal>
#include <ctime>
#include <memory>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/text.hpp"
#include "net/tls_session.hpp"

namespace lockstep::net {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

BioPtr bio_over(std::string_view text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

/// An encrypted key fails instead of asking on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

std::int64_t seconds_of(const ASN1_TIME* time) {
    std::tm broken{};
    if (ASN1_TIME_to_tm(time, &broken) != 1)
        return 0;
    return timegm(&broken);
}

std::string sha256_of(const X509* certificate) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1)
        return {};
    return hex(as_text(std::span(digest, size)));
}

Result<> use_chain(SSL_CTX* context, BIO* source) {
    const X509Ptr leaf(PEM_read_bio_X509_AUX(source, nullptr, &no_passphrase, nullptr), &X509_free);
    if (!leaf)
        return fail(Code::corrupt, "no certificate in PEM form: " + openssl_errors());
    if (SSL_CTX_use_certificate(context, leaf.get()) != 1)
        return fail(Code::corrupt, "the certificate cannot be used: " + openssl_errors());
    for (;;) {
        X509Ptr next(PEM_read_bio_X509(source, nullptr, &no_passphrase, nullptr), &X509_free);
        if (!next)
            break;
        if (SSL_CTX_add0_chain_cert(context, next.get()) != 1)
            return fail(Code::corrupt, "the chain cannot be used: " + openssl_errors());
        static_cast<void>(next.release());
    }
    const auto last = ERR_peek_last_error();
    ERR_clear_error();
    if (ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
        return fail(Code::corrupt, "the certificate file is cut off or damaged");
    return {};
}

/// TLS 1.2 and later, forward secrecy and AEAD only, no renegotiation, no compression (RFC 9325 3
/// and 4).
bool set_policy(SSL_CTX* context) {
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                     SSL_OP_PRIORITIZE_CHACHA
    );
    // RELEASE_BUFFERS is what makes a parked phone cheap: 34 KiB of record buffers are given back
    // between records.
    SSL_CTX_set_mode(
        context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    // Tickets only: a session cache would hold memory for clients that never come back.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, &TlsSession::select_alpn, nullptr);
    SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
    constexpr unsigned char kSessionContext[] = {'l', 'o', 'c', 'k', 's', 't', 'e', 'p'};
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
           SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext) == 1;
}

} // namespace

std::string openssl_errors() {
    std::string text;
    while (const auto code = ERR_get_error()) {
        char line[256];
        ERR_error_string_n(code, line, sizeof line);
        if (!text.empty())
            text += "; ";
        text += line;
    }
    return text.empty() ? "no reason given" : text;
}

Result<std::shared_ptr<const TlsContext>>
TlsContext::create(std::string_view certificate, std::string_view key) {
    // OpenSSL writes to sockets by write(2), which raises SIGPIPE when the peer is gone.
    static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(ignored);
    ERR_clear_error();
    const std::shared_ptr<TlsContext> made(new TlsContext);
    made->context_ = SSL_CTX_new(TLS_server_method());
    if (made->context_ == nullptr || !set_policy(made->context_))
        return fail(Code::internal, "no TLS context: " + openssl_errors());
    const auto certificates = bio_over(certificate);
    CHECK_OK(use_chain(made->context_, certificates.get()));
    const auto keys = bio_over(key);
    const KeyPtr private_key(
        PEM_read_bio_PrivateKey(keys.get(), nullptr, &no_passphrase, nullptr), &EVP_PKEY_free
    );
    if (!private_key)
        return fail(Code::corrupt, "no private key in PEM form: " + openssl_errors());
    if (SSL_CTX_use_PrivateKey(made->context_, private_key.get()) != 1 ||
        SSL_CTX_check_private_key(made->context_) != 1)
        return fail(
            Code::bad_value, "key and certificate do not belong together: " + openssl_errors()
        );
    const X509* leaf = SSL_CTX_get0_certificate(made->context_);
    made->fingerprint_ = sha256_of(leaf);
    made->expires_ = seconds_of(X509_get0_notAfter(leaf));
    return made;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

} // namespace lockstep::net
