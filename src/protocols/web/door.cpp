// Sign-in by a page: its path, its body, and what the person is told.
#include "protocols/web/door.hpp"

#include <fmt/format.h>

#include "base/limits_web.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "directory/administrators.hpp"
#include "net/session_cookie.hpp"
#include "protocols/web/answers.hpp"

namespace lockstep::web {
namespace {

using directory::WebSessions;

constexpr std::string_view kSession = "/session";
constexpr std::string_view kConfirm = "/session/confirm";

bool is_json_body(const net::Request& request) {
    const auto type = request.headers.get("Content-Type");
    return iequals(trim(type.substr(0, type.find(';'))), "application/json");
}

/// The object of the body; a form of another site cannot send this type unasked.
Result<json::Object> read_body(const net::Request& request) {
    if (!is_json_body(request))
        return fail(Code::bad_syntax, "the content type is not application/json");
    TRY(auto value, json::parse(request.body));
    if (!value.is_object())
        return fail(Code::bad_syntax, "the body is no object");
    return std::move(value.get_object());
}

/// What was given of a sign-in; "user" may be left out.
Result<WebSessions::Attempt>
read_attempt(const net::Request& request, const net::Connection& connection) {
    TRY(const auto body, read_body(request));
    const auto password = json::text_of(body, "password");
    if (!password)
        return fail(Code::bad_syntax, "there is no password");
    WebSessions::Attempt attempt;
    attempt.login = std::string(json::text_of(body, "user").value_or(""));
    attempt.password = Secret<std::string>(std::string(*password));
    attempt.code = replace_all(json::text_of(body, "code").value_or(""), " ", "");
    if (const auto* remember = json::find(body, "remember"); remember != nullptr)
        attempt.remember = remember->is_bool() && remember->get_bool();
    attempt.agent = std::string(request.headers.get("User-Agent"));
    attempt.peer = connection.peer().address;
    return attempt;
}

net::Response code_needed(const WebSessions::Opened& opened) {
    json::Array methods;
    if (opened.codes)
        methods.emplace_back("code");
    if (opened.passkeys)
        methods.emplace_back("passkey");
    return answer_json(
        401, {{"error", opened.step == WebSessions::Step::code_needed ? "codeNeeded" : "codeWrong"},
              {"methods", std::move(methods)}}
    );
}

void log_failure(
    std::string_view user, const net::Connection& connection, std::string_view reason
) {
    log::warn(
        "auth.failed",
        {{"proto", "web"}, {"user", user}, {"rip", connection.peer().address}, {"reason", reason}}
    );
}

net::Response wrong_method(std::string allowed) {
    auto response = answer_error(405, "method");
    response.headers.set("Allow", std::move(allowed));
    return response;
}

} // namespace

bool Door::serves(std::string_view path) { return path == kSession || path == kConfirm; }

net::Admission Door::admit(const net::Request& /*request*/) {
    net::Admission admission;
    admission.max_body = limits::kSignInBody;
    return admission;
}

Task<net::Response> Door::serve(net::Request& request, net::Connection& connection) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && !net::is_same_origin(request))
        co_return answer_error(403, "foreign");
    if (request.path == kConfirm) {
        if (request.method != "POST")
            co_return wrong_method("POST");
        co_return co_await confirm(request, connection);
    }
    if (reads)
        co_return co_await whoami(request, connection);
    if (request.method == "POST")
        co_return co_await sign_in(request, connection);
    if (request.method == "DELETE")
        co_return co_await sign_out(request, connection);
    co_return wrong_method("GET, POST, DELETE");
}

Task<net::Response> Door::sign_in(net::Request& request, net::Connection& connection) {
    auto attempt = read_attempt(request, connection);
    request.body = {};
    if (!attempt || attempt->login.empty())
        co_return answer_error(400, "badRequest");
    const auto login = attempt->login;
    auto opened = co_await sessions_.sign_in(std::move(*attempt));
    if (!opened) {
        log_failure(login, connection, name_of(opened.error().code));
        co_return answer_error(opened.error());
    }
    if (opened->step != WebSessions::Step::done) {
        if (opened->step == WebSessions::Step::code_wrong)
            log_failure(login, connection, "code");
        co_return code_needed(*opened);
    }
    // A session that the browser had before is over: its id is never carried over a sign-in.
    auto old = co_await sessions_.resume(
        net::read_session_cookie(request, connection), connection.peer().address
    );
    if (old)
        static_cast<void>(co_await sessions_.end(old->session.account, old->session.id));
    auto told = co_await facts(opened->account, opened->session);
    if (!told)
        co_return answer_error(told.error());
    log::info(
        "web.signed_in", {{"user", opened->account.address}, {"rip", connection.peer().address}}
    );
    auto response = answer_json(200, *told);
    net::set_session_cookie(
        response, connection, opened->token,
        opened->session.remember ? std::optional<std::chrono::seconds>(limits::kWebLife)
                                 : std::nullopt
    );
    co_return response;
}

Task<net::Response> Door::whoami(const net::Request& request, const net::Connection& connection) {
    auto known = co_await sessions_.resume(
        net::read_session_cookie(request, connection), connection.peer().address
    );
    if (!known) {
        if (known.error().code == Code::unauthorized)
            co_return answer_error(401, "signedOut");
        co_return answer_error(known.error());
    }
    auto told = co_await facts(known->account, known->session);
    co_return told ? answer_json(200, *told) : answer_error(told.error());
}

Task<net::Response> Door::sign_out(const net::Request& request, const net::Connection& connection) {
    auto known = co_await sessions_.resume(
        net::read_session_cookie(request, connection), connection.peer().address
    );
    if (known) {
        auto ended = co_await sessions_.end(known->session.account, known->session.id);
        if (!ended && ended.error().code != Code::not_found)
            co_return answer_error(ended.error());
    }
    net::Response response(204);
    net::clear_session_cookie(response, connection);
    response.headers.set("Clear-Site-Data", "\"cache\", \"storage\"");
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

Task<net::Response> Door::confirm(net::Request& request, net::Connection& connection) {
    auto attempt = read_attempt(request, connection);
    request.body = {};
    if (!attempt)
        co_return answer_error(400, "badRequest");
    auto known = co_await sessions_.resume(
        net::read_session_cookie(request, connection), connection.peer().address
    );
    if (!known)
        co_return answer_error(401, "signedOut");
    const auto user = known->account.address;
    auto step = co_await sessions_.confirm(std::move(*known), std::move(*attempt));
    if (!step) {
        log_failure(user, connection, name_of(step.error().code));
        co_return answer_error(step.error());
    }
    if (*step == WebSessions::Step::code_needed)
        co_return answer_error(401, "codeNeeded");
    if (*step == WebSessions::Step::code_wrong)
        co_return answer_error(401, "codeWrong");
    co_return answer_json(200, {{"confirmed", true}});
}

Task<Result<json::Object>> Door::facts(directory::Account account, directory::WebSession session) {
    auto& directory = sessions_.directory();
    CO_TRY(const auto admin, co_await directory::is_administrator(directory, account.id));
    CO_TRY(const auto factors, co_await sessions_.factors(account.id));
    const auto now = directory.clock().now_us();
    co_return json::Object{
        {"user", account.address},
        {"name", account.name},
        {"accountId", fmt::format("a{}", account.id.value)},
        {"sessionId", fmt::format("s{}", session.id)},
        {"language", account.language},
        {"zone", account.zone},
        {"remember", session.remember},
        {"admin", admin},
        {"secondFactor", !factors.empty()},
        {"fresh", session.fresh(now)},
    };
}

} // namespace lockstep::web
