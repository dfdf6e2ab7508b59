// The web door: sign-in for people, by a page.
// Spec: hardening A1, A2, A7, H6. POST, GET and DELETE of /session, POST of /session/confirm; JSON
// both ways.
// Errors: 400 badRequest, 401 wrong, codeNeeded, codeWrong or signedOut, 403 off or foreign, 429
// tooMany, 503.
// Invariants: what a page may read never holds the token; every answer is `no-store`.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "codec/json/json.hpp"
#include "directory/web_sessions.hpp"
#include "net/http.hpp"

namespace lockstep::web {

class Door {
public:
    /// `sessions` must outlive this.
    explicit Door(directory::WebSessions& sessions) : sessions_(sessions) {}

    [[nodiscard]] static bool serves(std::string_view path);
    [[nodiscard]] static net::Admission admit(const net::Request& request);
    /// Both arguments must live until the task ends.
    [[nodiscard]] Task<net::Response> serve(net::Request& request, net::Connection& connection);

private:
    [[nodiscard]] Task<net::Response> sign_in(net::Request& request, net::Connection& connection);
    [[nodiscard]] Task<net::Response>
    whoami(const net::Request& request, const net::Connection& connection);
    [[nodiscard]] Task<net::Response>
    sign_out(const net::Request& request, const net::Connection& connection);
    [[nodiscard]] Task<net::Response> confirm(net::Request& request, net::Connection& connection);
    [[nodiscard]] Task<Result<json::Object>>
    facts(directory::Account account, directory::WebSession session);

    directory::WebSessions& sessions_;
};

} // namespace lockstep::web
