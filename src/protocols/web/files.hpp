// The files of the web client, and how they are served.
// Spec: RFC 9110 8.8.3 (ETag), 13.1.2 (If-None-Match), 12.5.3 (Accept-Encoding); RFC 9111 5.2.2;
// CSP 3, Trusted Types.
// Errors: 404 for a path with a dot that is no file; 405.
// Invariants: a file under /assets/ never changes, its name holds its hash; everything else is
// asked for anew. Paths of the client's own screens get its page.
#pragma once
#include <span>
#include <string_view>

#include "net/http.hpp"

namespace lockstep::web {

struct File {
    std::string_view path; ///< "/assets/app-ABCDEF.js", also with ".gz" or ".br" behind it
    std::string_view bytes;
    std::string_view etag; ///< with its quotes
};
/// In order of paths; empty in a server that was built without its web client.
[[nodiscard]] std::span<const File> embedded_files();

/// Whether the request may be for a file or screen of the client: asked when no door wants it.
[[nodiscard]] bool is_client_path(const net::Request& request);
[[nodiscard]] net::Response
serve_file(const net::Request& request, std::span<const File> files = embedded_files());

} // namespace lockstep::web
