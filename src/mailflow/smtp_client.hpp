// Our side of an SMTP connection to another server.
// Spec: RFC 5321 4, 4.5.3.2 (time limits); RFC 2920 PIPELINING, 1870 SIZE, 3207 STARTTLS, 3461 DSN,
// 4954 AUTH PLAIN, 6152, 6531. Hardening S1, S3, S4, S5.
// Invariants: what the server sent ahead of the TLS handshake ends the connection; no bare CR or LF
// leaves us; after any error of the connection itself the object is of no more use.
// Errors: closed, timeout, bad_syntax (the server does not speak SMTP), unauthorized (its
// certificate), forbidden (bytes ahead of TLS).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "codec/smtp/answer.hpp"
#include "net/line_reader.hpp"
#include "net/stream.hpp"
#include "net/tls_client.hpp"

namespace lockstep::mailflow {

struct ClientMail {
    std::string sender; ///< empty: <>
    bool utf8 = false;  ///< needs SMTPUTF8
    bool eight_bit = false;
    std::string envid;
    std::int64_t ret = 0; ///< smtp::DsnReturn
    struct Recipient {
        std::string address;
        std::int64_t notify = 0; ///< store::notify
        std::string orcpt;
    };
    std::vector<Recipient> recipients;
    std::string_view message;
};

/// What the server answered for each recipient, in order: its refusal at MAIL, RCPT or DATA, or its
/// 250.
using ClientResult = std::vector<smtp::Answer>;

class SmtpClient {
public:
    /// `hello`: our name.
    SmtpClient(std::unique_ptr<net::Stream> stream, std::string hello)
        : stream_(std::move(stream)), reader_(*stream_), hello_(std::move(hello)) {}

    /// Reads the greeting, or begins with TLS (`tls` set), and says EHLO. The answer is that of the
    /// server: not good means that it does not want us.
    [[nodiscard]] Task<Result<smtp::Answer>> greet();
    /// Before greet(), on ports that speak TLS from the first byte.
    [[nodiscard]] Task<Result<>>
    begin_tls(std::shared_ptr<const net::TlsClientContext> context, net::TlsWish wish);
    /// STARTTLS and EHLO anew. Errors: also unsupported (not offered, or refused).
    [[nodiscard]] Task<Result<>>
    start_tls(std::shared_ptr<const net::TlsClientContext> context, net::TlsWish wish);
    /// AUTH PLAIN. Errors: also unauthorized (refused).
    [[nodiscard]] Task<Result<>>
    sign_in(const std::string& login, const Secret<std::string>& password);
    /// One message. A failed Result means that nobody knows what became of it.
    [[nodiscard]] Task<Result<ClientResult>> send(const ClientMail& mail);
    /// Says goodbye.
    [[nodiscard]] Task<void> quit();

    [[nodiscard]] const smtp::Offers& offers() const { return offers_; }
    [[nodiscard]] bool encrypted() const { return stream_->tls() != nullptr; }
    /// Whether send() may be called once more.
    [[nodiscard]] bool usable() const { return usable_ && stream_->is_open(); }

private:
    [[nodiscard]] Task<Result<smtp::Answer>> say(std::string line, std::chrono::nanoseconds time);
    [[nodiscard]] Task<Result<smtp::Answer>> hear(std::chrono::nanoseconds time);
    [[nodiscard]] Task<Result<smtp::Answer>> hello();
    [[nodiscard]] std::string mail_line(const ClientMail& mail) const;
    [[nodiscard]] std::string rcpt_line(const ClientMail::Recipient& recipient) const;
    /// MAIL and RCPTs, in one group when the server can. The first answer is that to MAIL.
    [[nodiscard]] Task<Result<std::vector<smtp::Answer>>> envelope(const ClientMail& mail);
    [[nodiscard]] Task<Result<smtp::Answer>> content(std::string stuffed);

    std::unique_ptr<net::Stream> stream_;
    net::LineReader reader_;
    const std::string hello_;
    smtp::Offers offers_;
    bool usable_ = true;
};

} // namespace lockstep::mailflow
