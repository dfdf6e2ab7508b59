// Waiting and watching on Asio's reactor.
#include "net/socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace lockstep::net {
namespace {

namespace asio = boost::asio;

constexpr unsigned kCallsPerTurn = 16;

} // namespace

struct Socket::Loop {
    Loop(asio::io_context& context, int fd) : descriptor(context, fd), timer(context) {}
    asio::posix::stream_descriptor descriptor;
    asio::steady_timer timer;
};

Socket::Socket(asio::io_context& context, int fd)
    : loop_(std::make_unique<Loop>(context, fd)), fd_(fd) {}

Socket::~Socket() = default;

Task<Result<>> Socket::wait(For what, Time until) {
    if (!is_open())
        co_return fail(Code::closed, "the connection was closed");
    turns_ = 0;
    until_ = until;
    waiting_ = true;
    timed_out_ = false;
    arm(until);
    const auto type = what == For::read ? asio::posix::descriptor_base::wait_read
                                        : asio::posix::descriptor_base::wait_write;
    const auto [error] =
        co_await loop_->descriptor.async_wait(type, asio::as_tuple(asio::use_awaitable));
    waiting_ = false;
    if (!is_open())
        co_return fail(Code::closed, "the connection was closed");
    if (!error)
        co_return Result<>();
    if (timed_out_)
        co_return fail(Code::timeout, "the peer took too long");
    co_return fail(Code::closed, error.message());
}

Task<void> Socket::take_turns() {
    if (++turns_ < kCallsPerTurn)
        co_return;
    turns_ = 0;
    co_await asio::post(loop_->descriptor.get_executor(), asio::use_awaitable);
}

void Socket::arm(Time until) {
    if (until == Time::max() || armed_for_ <= until)
        return;
    armed_for_ = until;
    loop_->timer.expires_at(until);
    loop_->timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        if (error)
            return;
        if (const auto self = weak.lock())
            self->timer_fired();
    });
}

void Socket::timer_fired() {
    armed_for_ = Time::max();
    if (!waiting_ || !is_open())
        return;
    if (std::chrono::steady_clock::now() < until_)
        return arm(until_);
    timed_out_ = true;
    loop_->descriptor.cancel();
}

void Socket::watch(std::function<void()> readable, bool at_once) {
    readable_ = std::move(readable);
    if (!is_open())
        return;
    auto stir = [weak = weak_from_this(), number = ++watch_] {
        const auto self = weak.lock();
        if (!self || self->watch_ != number || !self->readable_)
            return;
        const auto call = std::exchange(self->readable_, nullptr);
        call();
    };
    if (at_once)
        return asio::post(loop_->descriptor.get_executor(), std::move(stir));
    loop_->descriptor.async_wait(
        asio::posix::descriptor_base::wait_read,
        [stir = std::move(stir)](const boost::system::error_code&) { stir(); }
    );
}

void Socket::unwatch() {
    if (!readable_)
        return;
    ++watch_;
    readable_ = nullptr;
    if (is_open())
        loop_->descriptor.cancel();
}

void Socket::close() {
    ++watch_;
    readable_ = nullptr;
    loop_->timer.cancel();
    armed_for_ = Time::max();
    boost::system::error_code ignored;
    loop_->descriptor.close(ignored);
    fd_ = -1;
}

} // namespace lockstep::net
