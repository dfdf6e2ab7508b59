// Answers of the web door.
#pragma once
#include <string_view>

#include "codec/json/json.hpp"
#include "net/http.hpp"

namespace lockstep::web {

[[nodiscard]] net::Response answer_json(unsigned status, const json::Object& object);
/// {"error": word}.
[[nodiscard]] net::Response answer_error(unsigned status, std::string_view word);
/// What an error of sign-in means for the page that asked.
[[nodiscard]] net::Response answer_error(const Error& error);

} // namespace lockstep::web
