// HTTP Basic credentials, for the doors that a phone signs in to with each request.
// Spec: RFC 7617 (UTF-8). Errors: unauthorized = none there, or unreadable.
#pragma once
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"
#include "net/http.hpp"

namespace lockstep::net {

struct Credentials {
    std::string name;
    Secret<std::string> password;
};

/// From the value of an Authorization field.
[[nodiscard]] Result<Credentials> parse_basic(std::string_view field);
/// 401 with the challenge.
[[nodiscard]] Response ask_for_basic();

} // namespace lockstep::net
