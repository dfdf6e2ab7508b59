// HttpParser: one request from bytes, by Beast's parser behind a wall (its headers cost seconds per
// file). Invariants: fed with a whole head first (HeadScanner finds it), then with body bytes as
// they come. Trailer fields are read and dropped: nothing may be added to a head that was already
// judged.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"

namespace lockstep::net {

class HttpParser {
public:
    /// Takes a piece of the body; an error ends the parsing and is handed on.
    using Sink = std::function<Result<>(std::string_view)>;

    HttpParser();
    ~HttpParser();
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    /// Parses a head, all of it. Errors: bad_syntax, too_large (too many fields), unsupported (an
    /// HTTP version other than 1.0 and 1.1).
    [[nodiscard]] Result<Request> head(std::string_view bytes);
    /// Takes body bytes and returns how many were used; the rest must be offered again with more
    /// behind it. Errors: bad_syntax, too_large (more than max), and what the sink says.
    [[nodiscard]] Result<std::size_t>
    body(std::string_view bytes, std::uint64_t max, const Sink& sink);
    /// The request is complete.
    [[nodiscard]] bool done() const;

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
    bool in_chunk_header_ = false; ///< the last bytes offered held no whole chunk header
};

} // namespace lockstep::net
