// Gzip for answers and, where a protocol asks for it, for request bodies.
// Spec: RFC 1952, RFC 9110 8.4.1.3 and 12.5.3. Hardening H11: inflating is bounded, and who answers
// with secrets beside text of a stranger's choosing does not compress (BREACH).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::net {

/// One gzip member, level 6.
[[nodiscard]] std::string gzip(std::string_view bytes);
/// The content of one member that fills `bytes`. Errors: bad_syntax (damaged, cut, or something
/// behind it), too_large (more than max bytes; at most one block beyond max is ever inflated).
[[nodiscard]] Result<std::string> gunzip(std::string_view bytes, std::size_t max);
/// Whether an Accept-Encoding value takes gzip ("br, gzip;q=0.5"; not "gzip;q=0").
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

} // namespace lockstep::net
