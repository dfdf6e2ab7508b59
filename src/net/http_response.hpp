// The head of an answer as bytes.
// Spec: RFC 9112 4, 6; RFC 9110 5.6.7 (dates), 6.4.1 (answers without content).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "net/http.hpp"

namespace lockstep::net {

/// How an answer's end is told.
struct Framing {
    std::optional<std::uint64_t> length; ///< Content-Length
    bool chunked = false;
    bool keep_alive = true;
    bool http11 = true;
};

/// Status line, the answer's own fields, Date, Server and framing, with the empty line. Control
/// characters in values become blanks, so that no value can start a field of its own; framing
/// fields set by a handler are dropped.
[[nodiscard]] std::string
response_head(const Response& response, const Framing& framing, std::int64_t now_us);
/// "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::int64_t now_us);
/// 1xx, 204 and 304 have no content and no length.
[[nodiscard]] bool has_no_content(unsigned status);

} // namespace lockstep::net
