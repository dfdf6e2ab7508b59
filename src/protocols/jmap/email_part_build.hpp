// Parts of a new message, from their EmailBodyPart objects.
// Spec: RFC 8621 4.6; RFC 2045, RFC 2046. Errors: invalidProperties, blobNotFound.
#pragma once
#include <expected>
#include <string>

#include "protocols/jmap/email_build.hpp"

namespace lockstep::jmap {

/// Header and body of the part, the parts in it included. `values`: the Email's bodyValues.
[[nodiscard]] std::expected<std::string, MethodError>
build_part(const json::Object& part, const json::Object& values, const BuildContext& context);

} // namespace lockstep::jmap
