// The cookie by which a browser is known after sign-in, and the check that a request comes from a
// page of ours.
// Spec: RFC 6265bis 4.1.3.2 (__Host-), 5.2 (SameSite); Fetch 3.2 (Origin), Fetch Metadata.
// Hardening H6. Invariants: a cookie that was set over TLS is never taken from a plain connection.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "base/crypto.hpp"
#include "net/http.hpp"

namespace lockstep::net {

/// The token in the request's session cookie; empty when there is none.
[[nodiscard]] Secret<std::string>
read_session_cookie(const Request& request, const Connection& connection);
/// `keep`: how long the browser keeps it; nothing: until it is closed.
void set_session_cookie(
    Response& response, const Connection& connection, const Secret<std::string>& token,
    std::optional<std::chrono::seconds> keep
);
void clear_session_cookie(Response& response, const Connection& connection);
/// Whether a request that changes something was sent by a page of this host (or by a program that
/// sets a header of ours, which no foreign page can do unasked).
[[nodiscard]] bool is_same_origin(const Request& request);
/// Whether the request says that it comes from our own web client: it is never answered with a
/// challenge that makes a browser ask for a password.
[[nodiscard]] bool is_own_client(const Request& request);

} // namespace lockstep::net
