// gzip of requests and answers, where the other side says so.
// Spec: MS-ASHTTP 2.2.1.1.2 (Accept-Encoding), 2.2.2.1.2.2 (Content-Encoding).
// Invariants: a short answer and a very long one go as they are: the first gains nothing, the
// second would hold up the other connections of its thread.
#pragma once
#include "net/http.hpp"

namespace lockstep::activesync {

/// Unpacks a body that says it is packed. Errors: unsupported (another coding), bad_syntax,
/// too_large.
[[nodiscard]] Result<> unpack_body(net::Request& request);
/// Whether the client takes a packed answer.
[[nodiscard]] bool takes_packed(const net::Request& request);
/// Packs an answer for such a client.
void pack_body(net::Response& response);

} // namespace lockstep::activesync
