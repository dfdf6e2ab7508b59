// The steps of a TLS session and what OpenSSL's answers mean.
#include "net/tls_session.hpp"

#include <cerrno>
#include <cstring>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace lockstep::net {

Result<std::unique_ptr<TlsSession>>
TlsSession::create(std::shared_ptr<const TlsContext> context, int fd, std::string alpn) {
    ERR_clear_error();
    auto* const native = context->native();
    std::unique_ptr<TlsSession> made(new TlsSession(std::move(context), std::move(alpn)));
    made->session_ = SSL_new(native);
    if (made->session_ == nullptr || SSL_set_fd(made->session_, fd) != 1)
        return fail(Code::internal, "no TLS session: " + openssl_errors());
    SSL_set_app_data(made->session_, made.get());
    SSL_set_accept_state(made->session_);
    return made;
}

Result<std::unique_ptr<TlsSession>> TlsSession::create_client(
    std::shared_ptr<const TlsClientContext> context, int fd, const TlsWish& wish
) {
    ERR_clear_error();
    auto* const native = context->native();
    std::unique_ptr<TlsSession> made(new TlsSession);
    made->context_ = std::move(context);
    made->session_ = SSL_new(native);
    if (made->session_ == nullptr || SSL_set_fd(made->session_, fd) != 1)
        return fail(Code::internal, "no TLS session: " + openssl_errors());
    SSL_set_connect_state(made->session_);
    CHECK_OK(made->want(wish));
    return made;
}

Result<> TlsSession::want(const TlsWish& wish) {
    const char* const name = wish.name.c_str();
    if (wish.verify != TlsWish::Verify::dane) {
        if (!wish.name.empty() && SSL_set_tlsext_host_name(session_, name) != 1)
            return fail(Code::internal, "no SNI: " + openssl_errors());
        if (wish.verify == TlsWish::Verify::none)
            return {};
        SSL_set_verify(session_, SSL_VERIFY_PEER, nullptr);
        SSL_set_hostflags(session_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (SSL_set1_host(session_, name) != 1)
            return fail(Code::internal, "no name to verify: " + openssl_errors());
        return {};
    }
    if (SSL_dane_enable(session_, name) != 1)
        return fail(Code::internal, "no DANE: " + openssl_errors());
    SSL_set_hostflags(session_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // RFC 7672 3.1.1: of usage 3 only the key counts, neither name nor dates.
    SSL_dane_set_flags(session_, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
    for (const auto& more : wish.more_names)
        SSL_add1_host(session_, more.c_str());
    int usable = 0;
    for (const auto& record : wish.tlsa) {
        const auto* const data = reinterpret_cast<const unsigned char*>(record.data.data());
        const int added = SSL_dane_tlsa_add(
            session_, record.usage, record.selector, record.matching, data, record.data.size()
        );
        usable += added > 0 ? 1 : 0;
    }
    ERR_clear_error();
    if (usable == 0)
        return fail(Code::bad_value, "no usable TLSA record");
    SSL_set_verify(session_, SSL_VERIFY_PEER, nullptr);
    return {};
}

bool TlsSession::untrusted() const { return SSL_get_verify_result(session_) != X509_V_OK; }

TlsSession::~TlsSession() { SSL_free(session_); }

TlsStep TlsSession::step_of(int result) {
    if (result == 1)
        return TlsStep::done;
    const int saved_errno = errno;
    switch (SSL_get_error(session_, result)) {
    case SSL_ERROR_WANT_READ:
        return TlsStep::want_read;
    case SSL_ERROR_WANT_WRITE:
        return TlsStep::want_write;
    case SSL_ERROR_ZERO_RETURN:
        return TlsStep::ended;
    case SSL_ERROR_SYSCALL:
        trouble_ = saved_errno == 0 ? "the connection was cut" : std::strerror(saved_errno);
        break;
    default:
        trouble_ = openssl_errors();
        break;
    }
    // SSL_shutdown must not be called after a fatal error, and the queue must not leak into another
    // session.
    broken_ = true;
    ERR_clear_error();
    return TlsStep::broken;
}

TlsStep TlsSession::handshake() {
    ERR_clear_error();
    errno = 0;
    const auto step = step_of(SSL_do_handshake(session_));
    established_ = step == TlsStep::done;
    return step;
}

TlsStep TlsSession::read(std::span<char> into, std::size_t& got) {
    ERR_clear_error();
    errno = 0;
    return step_of(SSL_read_ex(session_, into.data(), into.size(), &got));
}

TlsStep TlsSession::write(std::string_view bytes, std::size_t& put) {
    ERR_clear_error();
    errno = 0;
    return step_of(SSL_write_ex(session_, bytes.data(), bytes.size(), &put));
}

TlsStep TlsSession::peek() {
    ERR_clear_error();
    errno = 0;
    char byte = 0;
    std::size_t got = 0;
    return step_of(SSL_peek_ex(session_, &byte, 1, &got));
}

bool TlsSession::has_bytes() const { return SSL_pending(session_) > 0; }

void TlsSession::goodbye() {
    if (!established_ || broken_)
        return;
    ERR_clear_error();
    static_cast<void>(SSL_shutdown(session_));
    ERR_clear_error();
}

TlsFacts TlsSession::facts() const {
    TlsFacts facts;
    facts.version = SSL_get_version(session_);
    facts.cipher = SSL_get_cipher_name(session_);
    const unsigned char* protocol = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(session_, &protocol, &size);
    if (size > 0)
        facts.alpn.assign(reinterpret_cast<const char*>(protocol), size);
    if (const char* name = SSL_get_servername(session_, TLSEXT_NAMETYPE_host_name))
        facts.server_name = name;
    return facts;
}

int TlsSession::
    select_alpn(ssl_st* session, const unsigned char** out, unsigned char* out_size, const unsigned char* offered, unsigned int offered_size, void*) {
    const auto* self = static_cast<const TlsSession*>(SSL_get_app_data(session));
    if (self->alpn_.empty())
        return SSL_TLSEXT_ERR_NOACK;
    const std::string_view list(reinterpret_cast<const char*>(offered), offered_size);
    for (std::size_t at = 0; at < list.size();) {
        const auto size = static_cast<unsigned char>(list[at]);
        if (list.substr(at + 1, size) == self->alpn_) {
            *out = offered + at + 1;
            *out_size = size;
            return SSL_TLSEXT_ERR_OK;
        }
        at += 1U + size;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace lockstep::net
