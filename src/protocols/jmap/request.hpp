// The Request object and the Response object of JMAP's API.
// Spec: RFC 8620 3.3, 3.4, 3.6.1 (errors of the whole request), 3.7 (references).
#pragma once
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

struct Request {
    std::vector<std::string> using_;
    std::vector<Invocation> calls;
    std::map<std::string, std::string, std::less<>> created;
    bool has_created = false;
};

/// A problem of the whole request (RFC 7807); `type` without its prefix: "notJSON" ...
[[nodiscard]] net::Response problem(
    unsigned status, std::string_view type, std::string_view detail, std::string_view limit = {}
);

/// An answer of plain text.
[[nodiscard]] net::Response plain(unsigned status, std::string text);

/// Reads a request. The other side is the answer that says what is wrong with it: notJSON,
/// notRequest, limit.
[[nodiscard]] std::expected<Request, net::Response> parse_request(std::string_view body);

/// Puts the values in the place of "#name" arguments (RFC 8620 3.7). Errors:
/// invalidResultReference, invalidArguments (the same argument with and without #).
[[nodiscard]] std::expected<json::Object, MethodError>
resolve_references(const json::Object& arguments, const std::vector<Invocation>& responses);

} // namespace lockstep::jmap
