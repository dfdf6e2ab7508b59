// The canonical forms in which a message is hashed.
// Spec: RFC 6376 3.4. Invariants: lines end with CRLF in the input; linear time.
#pragma once
#include <string>
#include <string_view>

namespace lockstep::proof {

enum class Canon { simple, relaxed };

/// A whole field with its last line end: "Subject: x\r\n".
[[nodiscard]] std::string canonical_field(Canon canon, std::string_view field);
[[nodiscard]] std::string canonical_body(Canon canon, std::string_view body);

} // namespace lockstep::proof
