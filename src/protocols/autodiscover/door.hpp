// The Autodiscover door: tells a phone where ActiveSync is served.
// Spec: MS-ASCMD 2.2.1.1 (POST of XML to /autodiscover/autodiscover.xml), and the JSON form
// (GET /autodiscover/autodiscover.json). Paths are known in any case. Hardening W13: the XML form
// asks for a password first and speaks of the signed-in person only; the JSON form answers every
// address alike.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "directory/directory.hpp"
#include "net/http.hpp"

namespace lockstep::autodiscover {

class Door {
public:
    /// `public_name` gives "host" or "host:port" under which phones reach the server; empty: the
    /// name by which this request reached it.
    Door(directory::Directory& directory, std::function<std::string()> public_name)
        : directory_(directory), public_name_(std::move(public_name)) {}

    [[nodiscard]] static bool serves(std::string_view path);
    /// Answers a request whose path serves() knows. Its body is at most limits::kDiscoveryBytes
    /// long.
    [[nodiscard]] Task<net::Response> serve(net::Request& request, net::Connection& connection);

private:
    [[nodiscard]] Task<net::Response> serve_xml(net::Request& request, net::Connection& connection);
    [[nodiscard]] net::Response serve_json(const net::Request& request);
    /// "https://host"; nothing when the request's Host is not a plain name.
    [[nodiscard]] std::string base_url(const net::Request& request) const;

    directory::Directory& directory_;
    std::function<std::string()> public_name_;
};

} // namespace lockstep::autodiscover
