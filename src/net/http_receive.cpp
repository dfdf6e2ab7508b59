// Reading a request: head within its time, framing without doubt, admission, then the body at a
// decent pace. Spec: RFC 9112 2.2, 6, 7.1; RFC 9110 10.1.1 (100-continue). Hardening H9, H10, H11.
#include "base/limits.hpp"
#include "base/text.hpp"
#include "net/http_head.hpp"
#include "net/http_parser.hpp"
#include "net/http_session.hpp"

namespace lockstep::net {
namespace {

constexpr std::size_t kHeadStep = 4'096;
constexpr std::size_t kBodyStep = 16'384;

/// The answer to a request that could not be read; `in_body` tells which limit was hit.
unsigned status_of(const Error& error, bool in_body) {
    switch (error.code) {
    case Code::too_large:
        return in_body ? 413 : 431;
    case Code::timeout:
        return 408;
    case Code::unsupported:
        return 505;
    case Code::unavailable:
    case Code::over_quota:
        return 503;
    default:
        return error.code == Code::bad_syntax || !in_body ? 400 : 503;
    }
}

Response answer_of(unsigned status) {
    Response response(status, "text/plain", std::string(reason_phrase(status)) + "\n");
    response.close = true;
    return response;
}

/// Appends to the request's body: exact size where it was announced, never more than a step ahead
/// of what arrived, so that a Content-Length alone reserves nothing.
Result<> keep_piece(Request& request, BodyBudget& budget, std::string_view piece) {
    auto& body = request.body;
    const auto needed = body.size() + piece.size();
    if (needed > body.capacity()) {
        auto wanted = std::max(needed, body.capacity() * 2);
        if (request.content_length)
            wanted =
                std::min<std::size_t>(wanted, static_cast<std::size_t>(*request.content_length));
        wanted = std::max(wanted, needed);
        if (!budget.take(wanted - body.capacity()))
            return fail(Code::unavailable, "too many large requests at once");
        body.reserve(wanted);
    }
    body += piece;
    return {};
}

class IdleMark {
public:
    explicit IdleMark(bool& mark) : mark_(mark) { mark_ = true; }
    ~IdleMark() { mark_ = false; }
    IdleMark(const IdleMark&) = delete;
    IdleMark& operator=(const IdleMark&) = delete;

private:
    bool& mark_;
};

} // namespace

/// Reads at most `bytes` more into ahead_.
Task<Result<>> HttpSession::more(std::size_t bytes) {
    const auto old = ahead_.size();
    ahead_.resize(old + bytes);
    const auto got = co_await stream_->read_some(std::span(ahead_).subspan(old));
    ahead_.resize(old + got.value_or(0));
    if (!got)
        co_return std::unexpected(got.error());
    co_return Result<>();
}

/// Until ahead_ begins with a whole head; returns its size.
Task<Result<std::size_t>> HttpSession::read_head() {
    stream_->deadline_in(service_->options().header_time);
    // Half a head is no request yet: when the server stops, nobody waits for the other half.
    const IdleMark idle(idle_);
    HeadScanner scanner;
    bool begun = false;
    for (;;) {
        // RFC 9112 2.2: an empty line before a request is ignored (old clients end a body with
        // one).
        while (!begun && ahead_.starts_with("\r\n"))
            ahead_.erase(0, 2);
        begun = begun || (!ahead_.empty() && ahead_ != "\r");
        if (begun) {
            CO_TRY(const auto end, scanner.find(ahead_));
            if (end)
                co_return *end;
        }
        const auto read = co_await more(kHeadStep);
        CO_CHECK_OK(read);
    }
}

Task<Result<>> HttpSession::read_body(
    HttpParser& parser, std::uint64_t max, std::function<Result<>(std::string_view)> sink
) {
    const auto window = service_->options().body_window;
    stream_->deadline_in(window);
    std::size_t in_window = 0;
    for (;;) {
        CO_TRY(const auto used, parser.body(ahead_, max, sink));
        ahead_.erase(0, used);
        if (parser.done())
            co_return Result<>();
        if (used > 0 && !ahead_.empty())
            continue;
        if (ahead_.size() > limits::kHttpChunkHead)
            co_return fail(Code::bad_syntax, "an endless chunk header");
        const auto before = ahead_.size();
        const auto read = co_await more(kBodyStep);
        CO_CHECK_OK(read);
        in_window += ahead_.size() - before;
        if (in_window >= limits::kHttpBodyFloor) {
            in_window = 0;
            stream_->deadline_in(window);
        }
    }
}

Task<HttpSession::Incoming> HttpSession::read_request(BodyBudget& budget, std::uint64_t& bytes_in) {
    Incoming incoming;
    HttpParser parser;
    const auto size = co_await read_head();
    // Nothing came, or the peer is gone: nobody to answer.
    if (!size && (size.error().code == Code::closed || ahead_.empty())) {
        incoming.after = After::drop;
        co_return incoming;
    }
    auto head = size ? parser.head(std::string_view(ahead_).substr(0, *size))
                     : std::unexpected(size.error());
    if (!head) {
        incoming.refusal = std::make_unique<Response>(answer_of(status_of(head.error(), false)));
        incoming.after = After::linger;
        co_return incoming;
    }
    ahead_.erase(0, *size);
    incoming.request = std::move(*head);
    auto& request = incoming.request;
    Admission admission;
    if (service_->options().admit)
        admission = service_->options().admit(request, *this);
    if (admission.refuse) {
        auto answered = co_await refused(parser, std::move(incoming), std::move(*admission.refuse));
        co_return answered;
    }
    request.context = admission.context;
    if (!request.expects_body())
        co_return incoming;
    const auto expect = request.headers.get("Expect");
    if (!expect.empty() && !iequals(expect, "100-continue")) {
        incoming.refusal = std::make_unique<Response>(answer_of(417));
    } else if (request.content_length.value_or(0) > admission.max_body ||
               (request.chunked && admission.max_body == 0)) {
        incoming.refusal = std::make_unique<Response>(answer_of(413));
    }
    if (incoming.refusal) {
        incoming.after = After::linger;
        co_return incoming;
    }
    if (!expect.empty() && request.http11 && ahead_.empty()) {
        const auto told = co_await net::write(*stream_, "HTTP/1.1 100 Continue\r\n\r\n");
        if (!told)
            incoming.after = After::drop;
    }
    std::function<Result<>(std::string_view)> sink = [&](std::string_view piece) -> Result<> {
        bytes_in += piece.size();
        return admission.sink ? admission.sink(piece) : keep_piece(request, budget, piece);
    };
    const auto read = co_await read_body(parser, admission.max_body, std::move(sink));
    if (read)
        co_return incoming;
    if (read.error().code == Code::closed) {
        incoming.after = After::drop;
    } else {
        incoming.refusal = std::make_unique<Response>(answer_of(status_of(read.error(), true)));
        incoming.after = After::linger;
    }
    co_return incoming;
}

/// A refusal before the body: a small body is read and thrown away, so that the connection lives
/// on; a large one, or one that the client has not begun to send, ends the connection.
Task<HttpSession::Incoming>
HttpSession::refused(HttpParser& parser, Incoming incoming, Response response) {
    const auto& request = incoming.request;
    incoming.refusal = std::make_unique<Response>(std::move(response));
    if (!request.expects_body())
        co_return incoming;
    incoming.after = After::linger;
    const bool waits = request.headers.has("Expect") && ahead_.empty();
    if (waits || request.content_length.value_or(0) > limits::kHttpDrain)
        co_return incoming;
    std::function<Result<>(std::string_view)> nowhere = [](std::string_view) -> Result<> {
        return {};
    };
    const auto read = co_await read_body(parser, limits::kHttpDrain, std::move(nowhere));
    if (read)
        incoming.after = After::keep;
    co_return incoming;
}

} // namespace lockstep::net
