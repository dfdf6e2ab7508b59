// Sending an answer: head and body in one go, or a source piece by piece.
// Spec: RFC 9112 6.1-6.3, 7.1; RFC 9110 9.3.2 (HEAD).
#include <fmt/format.h>

#include "net/http_session.hpp"

namespace lockstep::net {

Task<Result<>> HttpSession::send(Response& response, Shape shape, std::uint64_t& sent) {
    Framing framing{
        .length = std::nullopt,
        .chunked = false,
        .keep_alive = shape.keep_alive,
        .http11 = shape.http11
    };
    std::uint64_t size = 0;
    for (const auto& piece : response.body)
        size += piece.size();
    if (response.source) {
        framing.length = response.source->size();
        framing.chunked = !framing.length && shape.http11;
        // HTTP/1.0 without a length: the end of the connection is the end of the body.
        if (!framing.length && !framing.chunked)
            response.close = true;
    } else {
        framing.length = size;
    }
    if (has_no_content(response.status)) {
        framing.length.reset();
        framing.chunked = false;
    }
    framing.keep_alive = framing.keep_alive && !response.close;
    auto head = response_head(response, framing, service_->clock().now_us());
    const bool bodiless = shape.head || has_no_content(response.status);
    if (response.source && !bodiless) {
        auto done = co_await stream_out(*response.source, std::move(head), framing.chunked, sent);
        co_return done;
    }
    std::vector<std::string_view> pieces{head};
    if (!bodiless)
        pieces.insert(pieces.end(), response.body.begin(), response.body.end());
    auto written = co_await stream_->write(pieces);
    if (!bodiless)
        sent = size;
    co_return written;
}

/// The head goes out with the first piece. An error of the source, or a source that does not keep
/// to its size, ends the connection in mid-body: that is how a client learns that it has not got
/// everything.
Task<Result<>>
HttpSession::stream_out(BodySource& source, std::string head, bool chunked, std::uint64_t& sent) {
    const auto size = source.size();
    for (;;) {
        CO_TRY(const auto piece, co_await source.next());
        if (piece.empty())
            break;
        if (size && sent + piece.size() > *size)
            co_return fail(Code::internal, "a body source gave too much");
        const auto chunk_head = chunked ? fmt::format("{:x}\r\n", piece.size()) : std::string();
        const std::array<std::string_view, 4> parts{head, chunk_head, piece, chunked ? "\r\n" : ""};
        const auto written = co_await stream_->write(parts);
        CO_CHECK_OK(written);
        sent += piece.size();
        head.clear();
    }
    if (size && sent != *size)
        co_return fail(Code::internal, "a body source gave too little");
    const std::array<std::string_view, 2> rest{head, chunked ? "0\r\n\r\n" : ""};
    auto written = co_await stream_->write(rest);
    co_return written;
}

} // namespace lockstep::net
