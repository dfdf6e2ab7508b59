// The life of an HTTP connection, and what a handler may ask of it.
#include "net/http_session.hpp"

#include <exception>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.hpp"

namespace lockstep::net {
namespace {

namespace asio = boost::asio;

Response bare(unsigned status) {
    return {status, "text/plain", std::string(reason_phrase(status)) + "\n"};
}

} // namespace

Task<void> serve_http(std::shared_ptr<HttpService> service, std::unique_ptr<Stream> stream) {
    const auto executor = co_await asio::this_coro::executor;
    HttpSession::Post post = [executor](std::function<void()> call) {
        asio::post(executor, std::move(call));
    };
    const auto session =
        std::make_shared<HttpSession>(std::move(service), std::move(stream), std::move(post));
    co_await session->run();
}

HttpSession::HttpSession(
    std::shared_ptr<HttpService> service, std::unique_ptr<Stream> stream, Post post
)
    : service_(std::move(service)), stream_(std::move(stream)), post_(std::move(post)) {
    service_->add(*this);
}

HttpSession::~HttpSession() { service_->remove(*this); }

Task<void> HttpSession::run() {
    for (bool first = true;; first = false) {
        const bool comes = co_await request_comes(first);
        if (!comes)
            break;
        const auto after = co_await one();
        if (after == After::linger)
            co_await stream_->linger();
        if (after != After::keep)
            break;
    }
    stream_->close();
}

/// Waits without any buffer. A new connection has the time of a head for its first byte (H10),
/// later ones the idle time.
Task<bool> HttpSession::request_comes(bool first) {
    if (!ahead_.empty())
        co_return true;
    // An idle connection holds no buffer.
    std::string().swap(ahead_);
    if (stopping())
        co_return false;
    stream_->deadline_in(first ? service_->options().header_time : service_->options().idle_time);
    idle_ = true;
    const auto waited = co_await stream_->wait_readable();
    idle_ = false;
    co_return waited.has_value();
}

Task<HttpSession::After> HttpSession::one() {
    const auto began = service_->clock().steady();
    BodyBudget budget(*service_);
    std::uint64_t bytes_in = 0;
    auto incoming = co_await read_request(budget, bytes_in);
    if (incoming.after == After::drop)
        co_return After::drop;
    auto& request = incoming.request;
    Served served{request.method, request.path, 0, bytes_in, 0, {}, &peer()};
    Shape shape{
        request.method == "HEAD", request.http11,
        request.keep_alive && incoming.after == After::keep
    };
    Response response;
    if (incoming.refusal) {
        response = std::move(*incoming.refusal);
    } else {
        stream_->no_deadline();
        if (ahead_.empty())
            std::string().swap(ahead_);
        response = co_await handled(request, served);
    }
    request.release();
    shape.keep_alive = shape.keep_alive && !response.close && !stopping();
    const auto sent = co_await send(response, shape, served.bytes_out);
    served.status = response.status;
    served.took = service_->clock().steady() - began;
    if (service_->options().served)
        service_->options().served(served);
    if (!sent)
        co_return After::drop;
    if (shape.keep_alive && !response.close)
        co_return After::keep;
    // Closing over unread bytes makes the kernel send a reset, which may destroy the answer at the
    // client's side.
    const bool unread = incoming.after == After::linger || !ahead_.empty();
    co_return unread ? After::linger : After::drop;
}

Task<Response> HttpSession::handled(Request& request, const Served& served) {
    std::string reason = "unknown exception";
    try {
        auto response = co_await service_->options().handler(request, *this);
        unwatch();
        co_return response;
    } catch (const std::exception& error) {
        reason = error.what();
    } catch (...) {
    }
    unwatch();
    log::error(
        "http.handler_failed",
        {{"method", served.method}, {"path", served.path}, {"reason", reason}}
    );
    co_return bare(500);
}

void HttpSession::watch_close(std::function<void(Stir)> stirred) {
    stirred_ = std::move(stirred);
    const auto number = ++watch_;
    if (!stopping() && ahead_.empty())
        return stream_->watch([this](Stir stir) { told(stir); });
    // What is known already is told from the event loop: the handler is not parked yet.
    const auto stir = stopping() ? Stir::stopping : Stir::spoke;
    post_([weak = weak_from_this(), number, stir] {
        const auto self = weak.lock();
        if (self && self->watch_ == number)
            self->told(stir);
    });
}

void HttpSession::unwatch() {
    ++watch_;
    stirred_ = nullptr;
    stream_->unwatch();
}

void HttpSession::told(Stir stir) {
    const auto stirred = std::exchange(stirred_, nullptr);
    if (stirred)
        stirred(stir);
}

void HttpSession::post_stop() {
    post_([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self)
            return;
        if (self->idle_)
            return self->stream_->close();
        if (!self->stirred_)
            return;
        self->stream_->unwatch();
        self->told(Stir::stopping);
    });
}

void HttpSession::post_cut() {
    post_([weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->stream_->close();
    });
}

} // namespace lockstep::net
