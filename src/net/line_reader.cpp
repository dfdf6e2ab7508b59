// The buffer between a stream and a protocol of lines.
#include "net/line_reader.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace lockstep::net {
namespace {

constexpr std::size_t kFillBytes = 4'096;

} // namespace

Task<Result<>> LineReader::fill() {
    if (begin_ > 0) {
        buffer_.erase(0, begin_);
        begin_ = 0;
    }
    const auto old = buffer_.size();
    buffer_.resize(old + kFillBytes);
    const auto got = co_await stream_->read_some(std::span(buffer_).subspan(old));
    buffer_.resize(old + got.value_or(0));
    if (!got)
        co_return std::unexpected(got.error());
    co_return Result<>();
}

Task<Result<std::string_view>> LineReader::read_line(std::size_t max) {
    consume(std::exchange(line_, 0));
    stream_->deadline_in(timeout_);
    std::size_t seen = 0;
    for (;;) {
        const auto rest = buffered();
        const auto end = rest.find('\n', seen);
        if (end != std::string_view::npos && end + 1 <= max) {
            line_ = end + 1;
            const auto line = rest.substr(0, end);
            if (line.empty() || line.find('\r') != line.size() - 1)
                co_return fail(Code::bad_syntax, "a line with a bare CR or LF");
            co_return line.substr(0, line.size() - 1);
        }
        if (end != std::string_view::npos || rest.size() >= max) {
            const auto skipped = co_await skip_line();
            CO_CHECK_OK(skipped);
            co_return fail(Code::too_large, "a line over its limit");
        }
        seen = rest.size();
        const auto filled = co_await fill();
        CO_CHECK_OK(filled);
    }
}

/// Discards up to and with the next LF.
Task<Result<>> LineReader::skip_line() {
    for (std::size_t skipped = 0; skipped <= limits::kLineSkip;) {
        const auto rest = buffered();
        const auto end = rest.find('\n');
        if (end != std::string_view::npos) {
            consume(end + 1);
            co_return Result<>();
        }
        skipped += rest.size();
        consume(rest.size());
        const auto filled = co_await fill();
        CO_CHECK_OK(filled);
    }
    stream_->close();
    co_return fail(Code::closed, "an endless line");
}

Task<Result<>> LineReader::read_exact(std::uint64_t count, const Sink& sink) {
    consume(std::exchange(line_, 0));
    stream_->deadline_in(timeout_);
    for (std::size_t window = 0; count > 0;) {
        if (buffered().empty()) {
            const auto filled = co_await fill();
            CO_CHECK_OK(filled);
        }
        const auto piece = buffered().substr(
            0, static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer_.size()))
        );
        CO_CHECK_OK(sink(piece));
        count -= piece.size();
        window += piece.size();
        consume(piece.size());
        if (window >= limits::kWriteStep) {
            window = 0;
            stream_->deadline_in(timeout_);
        }
    }
    co_return Result<>();
}

Task<Result<std::string_view>> LineReader::unread() {
    consume(std::exchange(line_, 0));
    if (buffered().empty()) {
        stream_->deadline_in(timeout_);
        const auto filled = co_await fill();
        CO_CHECK_OK(filled);
    }
    co_return buffered();
}

void LineReader::consume(std::size_t count) {
    ENSURE(count <= buffer_.size() - begin_);
    begin_ += count;
    if (begin_ == buffer_.size()) {
        buffer_.clear();
        begin_ = 0;
    }
}

Task<Result<>> LineReader::start_tls(std::shared_ptr<const TlsContext> context, std::string alpn) {
    consume(std::exchange(line_, 0));
    if (!buffered().empty()) {
        stream_->close();
        co_return fail(Code::forbidden, "plaintext was sent ahead of the TLS handshake");
    }
    stream_->deadline_in(limits::kTlsHandshake);
    auto started = co_await stream_->start_tls(std::move(context), std::move(alpn));
    co_return started;
}

void LineReader::shrink() {
    if (buffered().empty() && line_ == 0)
        std::string().swap(buffer_);
}

} // namespace lockstep::net
