// Reads Basic credentials and asks for them.
#include "net/basic_auth.hpp"

#include "base/text.hpp"

namespace lockstep::net {

Result<Credentials> parse_basic(std::string_view field) {
    constexpr std::string_view kScheme = "Basic ";
    if (!istarts_with(field, kScheme))
        return fail(Code::unauthorized, "no Basic credentials");
    auto decoded = unbase64(trim(field.substr(kScheme.size())));
    if (!decoded)
        return fail(Code::unauthorized, "unreadable credentials");
    const auto colon = decoded->find(':');
    if (colon == std::string::npos || !is_utf8(*decoded)) {
        wipe(decoded->data(), decoded->size());
        return fail(Code::unauthorized, "unreadable credentials");
    }
    Credentials found{decoded->substr(0, colon), Secret<std::string>(decoded->substr(colon + 1))};
    wipe(decoded->data(), decoded->size());
    return found;
}

Response ask_for_basic() {
    Response response(401, "text/plain; charset=utf-8", "Please sign in.\n");
    response.headers.add("WWW-Authenticate", "Basic realm=\"Lockstep\", charset=\"UTF-8\"");
    return response;
}

} // namespace lockstep::net
