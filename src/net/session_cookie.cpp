// Reads and writes the session cookie.
#include "net/session_cookie.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::net {
namespace {

constexpr std::string_view kOwnHeader = "X-Lockstep";

/// Without TLS a browser refuses the prefix, so plain connections (loopback) have a name of their
/// own.
std::string_view cookie_name(const Connection& connection) {
    return connection.tls() != nullptr ? "__Host-lockstep" : "lockstep";
}

std::string cookie_text(const Connection& connection, std::string_view value) {
    return fmt::format(
        "{}={}; Path=/; HttpOnly; SameSite=Strict{}", cookie_name(connection), value,
        connection.tls() != nullptr ? "; Secure" : ""
    );
}

/// "https://host:8443" -> "host:8443".
std::string_view host_of(std::string_view origin) {
    const auto start = origin.find("://");
    return start == std::string_view::npos ? std::string_view() : origin.substr(start + 3);
}

} // namespace

Secret<std::string> read_session_cookie(const Request& request, const Connection& connection) {
    const auto name = cookie_name(connection);
    for (const auto& [field, value] : request.headers.all()) {
        if (!iequals(field, "Cookie"))
            continue;
        for (const auto pair : split(value, ';')) {
            const auto text = trim(pair);
            const auto equals = text.find('=');
            if (equals != std::string_view::npos && text.substr(0, equals) == name)
                return Secret<std::string>(std::string(text.substr(equals + 1)));
        }
    }
    return {};
}

void set_session_cookie(
    Response& response, const Connection& connection, const Secret<std::string>& token,
    std::optional<std::chrono::seconds> keep
) {
    auto text = cookie_text(connection, token.reveal());
    if (keep)
        text += fmt::format("; Max-Age={}", keep->count());
    response.headers.add("Set-Cookie", std::move(text));
}

void clear_session_cookie(Response& response, const Connection& connection) {
    response.headers.add("Set-Cookie", cookie_text(connection, "") + "; Max-Age=0");
}

bool is_same_origin(const Request& request) {
    const auto origin = request.headers.get("Origin");
    if (!origin.empty())
        return iequals(host_of(origin), trim(request.headers.get("Host")));
    const auto site = request.headers.get("Sec-Fetch-Site");
    if (!site.empty())
        return site == "same-origin";
    return is_own_client(request);
}

bool is_own_client(const Request& request) { return request.headers.has(kOwnHeader); }

} // namespace lockstep::net
