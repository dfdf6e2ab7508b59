// Beast's basic_parser with our own sink: no message type, no buffers, no body copies.
// Rejected: request_parser<string_body>, which reserves what Content-Length claims and merges
// trailers into the head.
#include "net/http_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/limits.hpp"
#include "net/http_head.hpp"

namespace lockstep::net {
namespace {

namespace http = boost::beast::http;
using BeastError = boost::beast::error_code;
using Text = boost::beast::string_view;

/// Fewer bytes never hold a chunk header together with what must follow it; and Beast takes it as
/// given that it is asked again about the last chunk with at least so many.
constexpr std::size_t kLeastChunk = 5;

Error error_of(const BeastError& error) {
    if (error == http::error::bad_version)
        return {Code::unsupported, error.message()};
    if (error == http::error::body_limit || error == http::error::header_limit)
        return {Code::too_large, error.message()};
    return {Code::bad_syntax, error.message()};
}

} // namespace

class HttpParser::Parser final : public http::basic_parser<true> {
public:
    Parser() {
        header_limit(static_cast<std::uint32_t>(limits::kHttpHeader));
        body_limit(boost::none);
    }
    Request request;
    std::optional<Error> failure; ///< ours, when Beast reports the generic end_of_stream
    const Sink* sink = nullptr;
    bool head_done = false;

private:
    void stop(Error error, BeastError& out) {
        failure = std::move(error);
        out = http::error::end_of_stream;
    }
    void give(std::string_view piece, BeastError& out) {
        out = {};
        if (auto taken = (*sink)(piece); !taken)
            stop(std::move(taken).error(), out);
    }
    void
    on_request_impl(http::verb, Text method, Text target, int version, BeastError& out) override {
        request.method = method;
        request.http11 = version == 11;
        if (auto set = set_target(request, target); !set)
            stop(std::move(set).error(), out);
    }
    void on_response_impl(int, Text, int, BeastError&) override {}
    void on_field_impl(http::field, Text name, Text value, BeastError& out) override {
        if (head_done)
            return;
        if (request.headers.all().size() >= limits::kHttpHeaderFields)
            return stop({Code::too_large, "too many header fields"}, out);
        request.headers.add(std::string(name), std::string(value));
    }
    void on_header_impl(BeastError&) override { head_done = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
    std::size_t on_body_impl(Text piece, BeastError& out) override {
        give(piece, out);
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, Text extension, BeastError& out) override {
        // Nobody sends them, and proxies disagree on where they end (H9).
        if (!extension.empty())
            out = http::error::bad_chunk_extension;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, Text piece, BeastError& out) override {
        give(piece, out);
        return piece.size();
    }
    void on_finish_impl(BeastError&) override {}
};

HttpParser::HttpParser() : parser_(std::make_unique<Parser>()) {}
HttpParser::~HttpParser() = default;

Result<Request> HttpParser::head(std::string_view bytes) {
    BeastError error;
    parser_->eager(false);
    parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (parser_->failure)
        return std::unexpected(*parser_->failure);
    if (error && error != http::error::need_more)
        return std::unexpected(error_of(error));
    if (!parser_->is_header_done())
        return fail(Code::bad_syntax, "a request head without end");
    auto request = std::move(parser_->request);
    request.keep_alive = parser_->keep_alive();
    CHECK_OK(check_framing(request));
    return request;
}

Result<std::size_t> HttpParser::body(std::string_view bytes, std::uint64_t max, const Sink& sink) {
    if (parser_->is_done() || bytes.empty())
        return std::size_t{0};
    if (in_chunk_header_ && bytes.size() < kLeastChunk)
        return std::size_t{0};
    if (parser_->sink == nullptr) {
        parser_->body_limit(max);
        parser_->eager(true);
    }
    parser_->sink = &sink;
    BeastError error;
    const auto used = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (parser_->failure)
        return std::unexpected(*parser_->failure);
    if (error && error != http::error::need_more)
        return std::unexpected(error_of(error));
    in_chunk_header_ = parser_->chunked() && error == http::error::need_more;
    return used;
}

bool HttpParser::done() const { return parser_->is_done(); }

} // namespace lockstep::net
