// The checks that Beast's parser leaves to its caller.
#include "net/http_head.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::net {
namespace {

/// reg-name, IPv4 or bracketed IPv6, with an optional port (RFC 9112 3.2); not its meaning, only
/// its characters.
bool is_host(std::string_view host) {
    return std::ranges::all_of(host, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
               std::string_view("-._~%!$&'()*+,;=:[]").contains(c);
    });
}

} // namespace

Result<std::optional<std::size_t>> HeadScanner::find(std::string_view bytes) {
    for (; at_ < bytes.size(); ++at_) {
        if (at_ >= limits::kHttpHeader)
            return fail(Code::too_large, "a request head over its limit");
        const char c = bytes[at_];
        if (c == '\0')
            return fail(Code::bad_syntax, "NUL in a request head");
        if (at_ == line_ && line_ > 0 && (c == ' ' || c == '\t'))
            return fail(Code::bad_syntax, "a folded header line");
        if (c != '\n' && at_ > 0 && bytes[at_ - 1] == '\r')
            return fail(Code::bad_syntax, "a bare CR in a request head");
        if (c != '\n')
            continue;
        if (at_ == line_ || bytes[at_ - 1] != '\r')
            return fail(Code::bad_syntax, "a bare LF in a request head");
        const bool empty = at_ - line_ == 1;
        line_ = at_ + 1;
        if (empty) {
            ++at_;
            return at_;
        }
    }
    return std::nullopt;
}

Result<> check_framing(Request& request) {
    const auto& headers = request.headers;
    const auto hosts = headers.count("Host");
    if (hosts > 1 || (hosts == 0 && request.http11))
        return fail(Code::bad_syntax, "not exactly one Host");
    if (!is_host(headers.get("Host")))
        return fail(Code::bad_syntax, "a Host that is none");
    const auto lengths = headers.count("Content-Length");
    const auto codings = headers.count("Transfer-Encoding");
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0))
        return fail(Code::bad_syntax, "two statements of the body's length");
    if (lengths == 1) {
        request.content_length = parse_int<std::uint64_t>(headers.get("Content-Length"));
        if (!request.content_length)
            return fail(Code::bad_syntax, "a Content-Length that is no number");
    }
    if (codings == 1) {
        if (!request.http11 || !iequals(headers.get("Transfer-Encoding"), "chunked"))
            return fail(Code::bad_syntax, "a Transfer-Encoding other than chunked");
        request.chunked = true;
    }
    return {};
}

Result<> set_target(Request& request, std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!istarts_with(target, scheme))
            continue;
        const auto slash = target.find_first_of("/?", scheme.size());
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
        break;
    }
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string_view::npos)
        request.query = target.substr(question + 1);
    if (request.path.empty() && question == 0)
        request.path = "/";
    const bool star = request.path == "*" && request.method == "OPTIONS";
    if (!star && (request.path.empty() || request.path.front() != '/' || target.contains('#')))
        return fail(Code::bad_syntax, "a request target that is no path");
    return {};
}

} // namespace lockstep::net
