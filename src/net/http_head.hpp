// The strict look at a request head before it is parsed: where it ends, and whether two servers
// could read it differently. Spec: RFC 9112 2.2 (line ends), 3.2 (Host), 5.2 (obs-fold), 6.1-6.3
// (message length). Hardening H9: in doubt, 400 and close.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace lockstep::net {

/// Finds the end of a head in bytes that arrive in pieces; linear however they are cut.
class HeadScanner {
public:
    /// `bytes` is all that came so far (it only grows between calls). The number of bytes of the
    /// head with its empty line, nothing when more must come. Errors: bad_syntax (bare CR or LF,
    /// NUL, folded line), too_large.
    [[nodiscard]] Result<std::optional<std::size_t>> find(std::string_view bytes);

private:
    std::size_t at_ = 0;
    std::size_t line_ = 0; ///< where the current line begins
};

/// What the fields say about the message's length and its host, or bad_syntax when they are
/// ambiguous. Fills in content_length and chunked.
[[nodiscard]] Result<> check_framing(Request& request);
/// Splits a request target into path and query; takes the absolute form apart (RFC 9112 3.2.2).
/// Error: bad_syntax.
[[nodiscard]] Result<> set_target(Request& request, std::string_view target);

} // namespace lockstep::net
