// EHLO and HELO: who calls, and what we offer; STARTTLS.
// Spec: RFC 5321 4.1.1.1; RFC 3207 4 (what was said before TLS does not count). Hardening S3.
// Errors: unsupported when there is no TLS.
#include <fmt/core.h>

#include "base/limits_mail.hpp"
#include "codec/smtp/parameters.hpp"
#include "codec/smtp/reply.hpp"
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {

namespace {

/// Whether the greeting is that of this port: LHLO of LMTP, EHLO and HELO of all others. Says so.
bool greets_rightly(Session& session, bool lmtp) {
    if (session.options().lmtp == lmtp)
        return true;
    session.refuse(
        {502, "5.5.1", "not the greeting of this port"},
        {Code::unsupported, "the greeting of another protocol"}
    );
    return false;
}

} // namespace

/// RFC 2033 4.1.
Task<Result<>> lhlo(Session& session, const Command& command) {
    if (!greets_rightly(session, true))
        co_return Result<>();
    session.greet(true, command.argument);
    const std::vector<std::string> keywords{
        "PIPELINING", fmt::format("SIZE {}", session.options().max_size),
        "8BITMIME",   "SMTPUTF8",
        "CHUNKING",   "ENHANCEDSTATUSCODES"
    };
    session.say_whole(format_ehlo(session.options().hostname, keywords));
    co_return Result<>();
}

Task<Result<>> ehlo(Session& session, const Command& command) {
    if (!greets_rightly(session, false))
        co_return Result<>();
    session.greet(true, command.argument);
    std::vector<std::string> keywords{
        "PIPELINING", fmt::format("SIZE {}", session.options().max_size),
        "8BITMIME",   "SMTPUTF8",
        "CHUNKING",   "ENHANCEDSTATUSCODES"
    };
    if (session.stream().tls() == nullptr && session.sessions().tls())
        keywords.emplace_back("STARTTLS");
    if (session.options().submission) {
        keywords.emplace_back("DSN");
        keywords.push_back(fmt::format(
            "FUTURERELEASE {} {}", std::chrono::seconds(limits::kSmtpSubmitHold).count(),
            format_utc(
                session.office().clock.now_us() / 1'000'000 +
                std::chrono::seconds(limits::kSmtpSubmitHold).count()
            )
        ));
        if (session.stream().tls() != nullptr && session.signed_in() == nullptr)
            keywords.emplace_back("AUTH PLAIN LOGIN");
    }
    keywords.emplace_back("HELP");
    session.say_whole(format_ehlo(session.options().hostname, keywords));
    co_return Result<>();
}

Task<Result<>> helo(Session& session, const Command& command) {
    if (!greets_rightly(session, false))
        co_return Result<>();
    session.greet(false, command.argument);
    session.say(250, {}, session.options().hostname);
    co_return Result<>();
}

Task<Result<>> starttls(Session& session, const Command&) {
    auto context = session.sessions().tls();
    if (session.stream().tls() != nullptr) {
        session.refuse({503, "5.5.1", "TLS is on already"}, {Code::forbidden, "TLS within TLS"});
        co_return Result<>();
    }
    if (!context) {
        session.refuse(
            {502, "5.5.1", "not offered here"}, {Code::unsupported, "there is no certificate"}
        );
        co_return Result<>();
    }
    session.say(220, "2.0.0", "ready for TLS");
    const auto flushed = co_await session.flush();
    CO_CHECK_OK(flushed);
    // No reply to a failure here: in plain text it would be part of the handshake.
    const auto started = co_await session.reader().start_tls(std::move(context), {});
    if (!started) {
        session.stream().close();
        co_return fail(Code::closed, started.error().text);
    }
    session.begin_anew();
    co_return Result<>();
}

} // namespace lockstep::smtp
