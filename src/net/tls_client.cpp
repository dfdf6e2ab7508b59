// The context of handshakes that we begin.
#include "net/tls_client.hpp"

#include <csignal>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/limits.hpp"
#include "net/line_reader.hpp"
#include "net/stream.hpp"
#include "net/tls_session.hpp"

namespace lockstep::net {

Result<std::shared_ptr<const TlsClientContext>>
TlsClientContext::create(const std::string& authorities) {
    static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(ignored);
    ERR_clear_error();
    const std::shared_ptr<TlsClientContext> made(new TlsClientContext);
    made->context_ = SSL_CTX_new(TLS_client_method());
    auto* const context = made->context_;
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        return fail(Code::internal, "no TLS context: " + openssl_errors());
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(
        context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    const int loaded = authorities.empty() ? SSL_CTX_set_default_verify_paths(context)
                                           : SSL_CTX_load_verify_file(context, authorities.c_str());
    if (loaded != 1)
        return fail(Code::corrupt, "no list of certificate authorities: " + openssl_errors());
    if (SSL_CTX_dane_enable(context) != 1)
        return fail(Code::internal, "no DANE: " + openssl_errors());
    ERR_clear_error();
    return made;
}

Task<Result<>> begin_tls(
    Stream& stream, LineReader& reader, std::shared_ptr<const TlsClientContext> context,
    TlsWish wish
) {
    if (!reader.buffered().empty()) {
        stream.close();
        co_return fail(Code::forbidden, "plaintext was sent ahead of the TLS handshake");
    }
    auto* const beginner = dynamic_cast<TlsBeginner*>(&stream);
    if (beginner == nullptr)
        co_return fail(Code::unsupported, "this stream has no TLS");
    stream.deadline_in(limits::kTlsHandshake);
    auto begun = co_await beginner->begin_tls(std::move(context), std::move(wish));
    co_return begun;
}

TlsClientContext::~TlsClientContext() { SSL_CTX_free(context_); }

} // namespace lockstep::net
