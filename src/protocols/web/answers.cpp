// Answers of the web door.
#include "protocols/web/answers.hpp"

#include "base/log.hpp"

namespace lockstep::web {
namespace {

constexpr int kRetrySeconds = 60;

net::Response too_many() {
    auto response = answer_json(429, {{"error", "tooMany"}, {"retryAfter", kRetrySeconds}});
    response.headers.set("Retry-After", std::to_string(kRetrySeconds));
    return response;
}

} // namespace

net::Response answer_json(unsigned status, const json::Object& object) {
    net::Response response(status, "application/json", json::write(json::Value(object)));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

net::Response answer_error(unsigned status, std::string_view word) {
    return answer_json(status, {{"error", word}});
}

net::Response answer_error(const Error& error) {
    switch (error.code) {
    case Code::unauthorized:
    case Code::not_found:
        return answer_error(401, "wrong");
    case Code::bad_syntax:
    case Code::bad_value:
    case Code::too_large:
        return answer_error(400, "badRequest");
    case Code::forbidden:
        return answer_error(403, "off");
    case Code::throttled:
        return too_many();
    case Code::exists:
    case Code::conflict:
        return answer_error(409, "exists");
    case Code::stale:
    case Code::over_quota:
    case Code::unavailable:
    case Code::closed:
    case Code::timeout:
    case Code::unsupported:
    case Code::corrupt:
    case Code::internal:
        break;
    }
    log::error("web.failed", {{"code", name_of(error.code)}, {"reason", error.text}});
    auto response = answer_error(503, "unavailable");
    response.headers.set("Retry-After", "30");
    return response;
}

} // namespace lockstep::web
