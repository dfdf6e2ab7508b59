// How what went wrong is said in JMAP: method-level errors and SetErrors.
// Spec: RFC 8620 3.6.2, 5.3 (SetError); RFC 7807 for what concerns the whole request.
// Errors: none. Invariants: every Code has its word, so that a new one breaks the build here.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "codec/json/json.hpp"

namespace lockstep::jmap {

/// The arguments of an "error" response, or a SetError.
struct MethodError {
    std::string type;        ///< "invalidArguments" ...
    std::string description; ///< for developers; may be empty
    json::Object more;       ///< further members, as the type has them
};
using Outcome = std::expected<json::Object, MethodError>;

/// Shorthand: `return refuse("invalidArguments", "ids is not a list");`
[[nodiscard]] std::unexpected<MethodError> refuse(std::string type, std::string description = {});
/// The same for one property of an object.
[[nodiscard]] std::unexpected<MethodError>
refuse_property(std::string_view property, std::string description);
[[nodiscard]] MethodError invalid_properties(std::string_view property, std::string description);
/// What an error of the office means for the whole method.
[[nodiscard]] MethodError method_error(const Error& error);
/// What it means for one object of a /set, /copy or /import.
[[nodiscard]] MethodError set_error(const Error& error);
[[nodiscard]] json::Object to_json(const MethodError& error);

} // namespace lockstep::jmap

/// CO_GET(const auto x, Result): the value, or the method ends with the error's word.
#define CO_GET(declaration, ...)                                                                   \
    auto LOCKSTEP_CONCAT(get_, __LINE__) = (__VA_ARGS__);                                          \
    if (!LOCKSTEP_CONCAT(get_, __LINE__))                                                          \
        co_return std::unexpected(                                                                 \
            ::lockstep::jmap::method_error(LOCKSTEP_CONCAT(get_, __LINE__).error())                \
        );                                                                                         \
    declaration = *std::move(LOCKSTEP_CONCAT(get_, __LINE__))
