// AUTH: PLAIN and LOGIN, on submission ports, within TLS.
// Spec: RFC 4954; RFC 4616 (PLAIN); LOGIN as Outlook and phones speak it (draft-murchison-sasl-
// login). Hardening A2, S3. Invariants: a password crosses the network within TLS only, is never
// logged, and is checked by the directory with its limits.
// Errors: unauthorized, throttled; bad_syntax (no base64), closed.
#include "base/limits_mail.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {
namespace {

struct Credentials {
    std::string login;
    Secret<std::string> password;
};

/// One response line. "*" takes the exchange back (RFC 4954 4).
Task<Result<std::string>> ask(Session& session, std::string_view challenge) {
    session.say(334, {}, base64(challenge));
    const auto flushed = co_await session.flush();
    if (!flushed)
        co_return std::unexpected(flushed.error());
    const auto line = co_await session.reader().read_line(limits::kAuthLine);
    if (!line)
        co_return std::unexpected(line.error());
    if (*line == "*")
        co_return fail(Code::bad_value, "the client took its sign-in back");
    auto answer = unbase64(*line);
    co_return answer;
}

Result<Credentials> read_plain(std::string_view response) {
    const auto parts = split(response, '\0');
    if (parts.size() != 3 || parts[1].empty())
        return fail(Code::bad_syntax, "an ill-formed PLAIN response");
    // To act as somebody else is not offered.
    if (!parts[0].empty() && !iequals(parts[0], parts[1]))
        return fail(Code::unauthorized, "sign-in in another's name");
    return Credentials{std::string(parts[1]), Secret<std::string>(std::string(parts[2]))};
}

Task<Result<Credentials>> plain(Session& session, const Command& command) {
    std::string response;
    if (command.initial_response) {
        CO_TRY(response, unbase64(*command.initial_response));
    } else {
        CO_TRY(response, co_await ask(session, ""));
    }
    co_return read_plain(response);
}

Task<Result<Credentials>> login(Session& session, const Command& command) {
    Credentials credentials;
    if (command.initial_response) {
        CO_TRY(credentials.login, unbase64(*command.initial_response));
    } else {
        CO_TRY(credentials.login, co_await ask(session, "Username:"));
    }
    CO_TRY(auto password, co_await ask(session, "Password:"));
    credentials.password = Secret<std::string>(std::move(password));
    co_return credentials;
}

void refuse_sign_in(Session& session, const Error& error) {
    switch (error.code) {
    case Code::unauthorized:
    case Code::forbidden:
    case Code::not_found:
        return session.refuse({535, "5.7.8", "name or password are wrong"}, error);
    case Code::throttled:
        return session.refuse({454, "4.7.0", "too many attempts, try later"}, error);
    case Code::bad_syntax:
    case Code::bad_value:
        return session.refuse({501, "5.5.2", "cannot decode the response"}, error);
    default:
        return session.refuse({454, "4.3.0", "sign-in does not work just now"}, error);
    }
}

} // namespace

Task<Result<>> auth(Session& session, const Command& command) {
    if (!session.options().submission) {
        session.refuse(
            {502, "5.5.1", "not offered here"}, {Code::unsupported, "sign-in on a port without it"}
        );
        co_return Result<>();
    }
    if (session.stream().tls() == nullptr) {
        session.refuse(
            {538, "5.7.11", "say STARTTLS first"}, {Code::forbidden, "sign-in without TLS"}
        );
        co_return Result<>();
    }
    if (session.signed_in() != nullptr) {
        session.refuse({503, "5.5.1", "signed in already"}, {Code::bad_value, "a second sign-in"});
        co_return Result<>();
    }
    Result<Credentials> credentials = fail(Code::unsupported, "a mechanism that is not offered");
    if (command.argument == "PLAIN")
        credentials = co_await plain(session, command);
    else if (command.argument == "LOGIN")
        credentials = co_await login(session, command);
    else {
        session.refuse({504, "5.5.4", "no such mechanism"}, credentials.error());
        co_return Result<>();
    }
    if (!credentials && credentials.error().code == Code::closed)
        co_return std::unexpected(credentials.error());
    if (!credentials) {
        refuse_sign_in(session, credentials.error());
        co_return Result<>();
    }
    auto account = co_await session.office().directory.sign_in(
        credentials->login, credentials->password, directory::Door::smtp,
        session.stream().peer().address
    );
    if (!account) {
        refuse_sign_in(session, account.error());
        co_return Result<>();
    }
    log::info(
        "smtp.signed_in", {{"account", account->address}, {"peer", session.stream().peer().address}}
    );
    session.sign_in(std::move(*account));
    session.say(235, "2.7.0", "welcome");
    co_return Result<>();
}

} // namespace lockstep::smtp
