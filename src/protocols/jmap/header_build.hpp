// Header fields from the properties of an Email or of a part.
// Spec: RFC 8621 4.1.2, 4.1.3, 4.6. Errors: invalidProperties.
#pragma once
#include <expected>
#include <string>

#include "protocols/jmap/errors.hpp"

namespace lockstep::jmap {

struct BuiltField {
    std::string name;
    std::string text; ///< whole, with CRLF; empty when the value is null or an empty list
};
/// `property`: "from", "subject", "header:X-Y:asText" ...
[[nodiscard]] std::expected<BuiltField, MethodError>
build_field(const std::string& property, const json::Value& value);

} // namespace lockstep::jmap
