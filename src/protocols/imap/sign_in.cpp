// STARTTLS, LOGIN, AUTHENTICATE and UNAUTHENTICATE.
// Spec: RFC 9051 6.2, RFC 4959 (SASL-IR), RFC 4616 (PLAIN), RFC 8437. Hardening I3, S3, A2.
// Errors: unauthorized, throttled, forbidden (IMAP is switched off for the account).
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/imap/writer.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap::commands {
namespace {

/// Says the tagged answer itself, as its texts are those of signing in.
Task<Result<>>
enter(Session& session, const Command& command, std::string name, Secret<std::string> password) {
    auto account = co_await session.office().directory.sign_in(
        std::move(name), std::move(password), directory::Door::imap, session.stream().peer().address
    );
    if (!account && account.error().code == Code::forbidden) {
        session.tagged(
            command.tag, "NO", "[AUTHORIZATIONFAILED] IMAP is switched off for this account"
        );
        co_return Result<>();
    }
    if (!account)
        co_return std::unexpected(account.error());
    log::info(
        "imap.signed_in", {{"account", account->address},
                           {"peer", session.stream().peer().address},
                           {"tls", session.stream().tls() != nullptr}}
    );
    session.sign_in(std::move(*account));
    session.tagged(command.tag, "OK", "[CAPABILITY " + capabilities(session) + "] signed in");
    co_return Result<>();
}

/// One base64 answer of the client; bad_syntax for "*", which gives up.
Task<Result<std::string>> sasl_answer(Session& session, std::string_view challenge) {
    const auto asked = co_await session.ask(challenge);
    if (!asked)
        co_return std::unexpected(asked.error());
    const auto line = co_await session.read_continuation();
    if (!line)
        co_return std::unexpected(line.error());
    if (*line == "*")
        co_return fail(Code::bad_syntax, "the client gave up");
    co_return unbase64(*line);
}

Task<Result<>> plain(Session& session, const Command& command, std::optional<std::string> first) {
    std::string answer;
    if (first) {
        CO_TRY(answer, unbase64(*first == "=" ? "" : *first));
    } else {
        CO_TRY(answer, co_await sasl_answer(session, ""));
    }
    const auto parts = split(answer, '\0');
    if (parts.size() != 3)
        co_return fail(Code::bad_syntax, "a PLAIN answer has three parts");
    if (!parts[0].empty() && !iequals(parts[0], parts[1]))
        co_return fail(Code::unauthorized, "nobody acts as somebody else");
    co_return co_await enter(
        session, command, std::string(parts[1]), Secret<std::string>(std::string(parts[2]))
    );
}

Task<Result<>>
ask_both(Session& session, const Command& command, std::optional<std::string> first) {
    std::string name;
    if (first) {
        CO_TRY(name, unbase64(*first));
    } else {
        CO_TRY(name, co_await sasl_answer(session, base64("Username:")));
    }
    CO_TRY(auto password, co_await sasl_answer(session, base64("Password:")));
    co_return co_await enter(
        session, command, std::move(name), Secret<std::string>(std::move(password))
    );
}

} // namespace

Task<Result<>> starttls(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    const auto context = session.sessions().tls();
    if (!context || session.stream().tls() != nullptr)
        co_return fail(Code::bad_syntax, "STARTTLS is not offered here");
    // What was sent behind the command would be read as if it had come through TLS (S3).
    if (!session.reader().buffered().empty()) {
        session.hang_up("nothing may follow STARTTLS");
        co_return Result<>();
    }
    session.tagged(command.tag, "OK", "begin TLS now");
    const auto flushed = co_await session.flush();
    CO_CHECK_OK(flushed);
    const auto started = co_await session.reader().start_tls(context, "");
    if (!started)
        co_return fail(Code::closed, "the TLS handshake failed");
    session.sign_out();
    co_return Result<>();
}

Task<Result<>> login(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(auto name, in.astring());
    CO_CHECK_OK(in.space());
    CO_TRY(auto password, in.astring());
    CO_CHECK_OK(in.end());
    if (!session.is_private()) {
        session.tagged(command.tag, "NO", "[PRIVACYREQUIRED] passwords are taken over TLS only");
        co_return Result<>();
    }
    co_return co_await enter(
        session, command, std::move(name), Secret<std::string>(std::move(password))
    );
}

Task<Result<>> authenticate(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto mechanism, in.atom());
    std::optional<std::string> first;
    if (in.skip(' ')) {
        first = in.rest();
        if (first->empty())
            co_return fail(Code::bad_syntax, "an initial answer is missing");
    } else {
        CO_CHECK_OK(in.end());
    }
    if (!session.is_private()) {
        session.tagged(command.tag, "NO", "[PRIVACYREQUIRED] passwords are taken over TLS only");
        co_return Result<>();
    }
    if (iequals(mechanism, "PLAIN"))
        co_return co_await plain(session, command, std::move(first));
    if (iequals(mechanism, "LOGIN"))
        co_return co_await ask_both(session, command, std::move(first));
    co_return fail(Code::unsupported, "a mechanism that is not offered");
}

Task<Result<>> unauthenticate(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    session.sign_out();
    session.tagged(command.tag, "OK", "signed out");
    co_return Result<>();
}

} // namespace lockstep::imap::commands
