// The loop of a session.
#include "protocols/smtp/session.hpp"

#include <atomic>

#include "base/log.hpp"
#include "codec/smtp/reply.hpp"
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {
namespace {

SmtpOptions complete(SmtpOptions options, office::Office& office) {
    if (options.hostname.empty())
        options.hostname = office.hostname();
    return options;
}

constexpr ReplyText kStopping{421, "4.3.2", "shutting down, please come back later"};
constexpr ReplyText kEarly{554, "5.5.0", "wait for the reply before you go on, closing"};

} // namespace

Session::Session(std::shared_ptr<Sessions> sessions, std::unique_ptr<net::Stream> stream)
    : sessions_(std::move(sessions)), options_(complete(sessions_->options(), sessions_->office())),
      stream_(std::move(stream)), reader_(*stream_, limits::kSmtpIdle) {
    sessions_->add(this);
}

Session::~Session() {
    // A half-written file goes before the door may be told that we are gone.
    transaction_ = Transaction();
    sessions_->remove(this);
}

Task<void> Session::run() {
    co_await open();
    while (!over_)
        co_await next();
    const auto flushed = co_await flush();
    if (flushed && stream_->is_open())
        co_await stream_->linger();
    stream_->close();
}

/// The greeting. A client that talks before it is a robot that does not listen either (S2).
Task<void> Session::open() {
    const bool early = co_await spoke_early();
    if (early) {
        refuse(kEarly, {Code::bad_syntax, "talked before the greeting"});
        hang_up();
        co_return;
    }
    say(220, {}, options_.hostname + (options_.lmtp ? " LMTP Lockstep" : " ESMTP Lockstep"));
}

Task<bool> Session::spoke_early() {
    if (!reader_.buffered().empty())
        co_return true;
    stream_->deadline_in(std::chrono::nanoseconds(0));
    const auto readable = co_await stream_->wait_readable();
    co_return readable.has_value();
}

/// One command. Replies go out before we wait for more.
Task<void> Session::next() {
    if (!reader_.buffered().contains('\n')) {
        const auto flushed = co_await flush();
        if (!flushed) {
            over_ = true;
            co_return;
        }
        if (reader_.buffered().empty())
            co_await wait();
        if (over_)
            co_return;
    }
    if (sessions_->stopping()) {
        refuse(kStopping, {Code::unavailable, "the server stops"});
        hang_up();
        co_return;
    }
    auto line = co_await reader_.read_line(limits::kSmtpLine);
    if (!line) {
        fail_to_read(line.error());
        co_return;
    }
    co_await obey(std::string(*line));
}

Task<void> Session::wait() {
    // Shared: the clock may call while we go on already.
    const auto timed_out = std::make_shared<std::atomic<bool>>(false);
    TimerId timer = 0;
    std::function<void(Resume)> start = [&](const Resume& wake) {
        timer = office().clock.call_after(limits::kSmtpIdle, [timed_out, wake] {
            *timed_out = true;
            wake();
        });
        sessions_->begin_wait(this, wake);
        stream_->watch([wake](net::Stir) { wake(); });
    };
    co_await park(std::move(start));
    stream_->unwatch();
    office().clock.cancel(timer);
    sessions_->end_wait(this);
    if (*timed_out)
        fail_to_read({Code::timeout, "the client said nothing"});
}

Task<void> Session::obey(std::string line) {
    const auto command = parse_command(line);
    const auto moment = moment_of(line);
    const auto* const entry = command ? find_entry(command->verb) : nullptr;
    // RFC 2920 3.1: some commands end a group, and without EHLO there are no groups. What stands
    // behind them was sent blindly and may be anything.
    const bool ends_group = !esmtp_ || (entry != nullptr && entry->ends_group);
    bool early = false;
    if (ends_group)
        early = co_await spoke_early();
    if (early) {
        refuse(kEarly, {Code::bad_syntax, "sent more behind a command that ends a group"});
        hang_up();
        co_return;
    }
    if (!command) {
        refuse(command.error(), moment == Moment::content ? Moment::command : moment);
        // How many bytes follow a BDAT that cannot be read is unknown.
        if (line_is_bdat(line))
            hang_up();
    } else if (entry == nullptr) {
        refuse({502, "5.5.1", "not offered here"}, {Code::unsupported, "a command of other ports"});
    } else if (!entry->legal_in(phase_)) {
        refuse(out_of_order(phase_, command->verb), {Code::bad_syntax, "a command out of order"});
    } else {
        const auto done = co_await entry->run(*this, *command);
        if (!done)
            refuse(done.error(), moment);
    }
    if (errors_ > limits::kSmtpErrors && !over_) {
        say(421, "4.7.0", "too many errors, closing");
        hang_up();
    }
}

void Session::fail_to_read(const Error& error) {
    switch (error.code) {
    case Code::too_large:
        return refuse(error, Moment::command);
    case Code::bad_syntax:
        refuse({500, "5.5.2", "a line ends with CRLF, closing"}, error);
        break;
    case Code::timeout:
        refuse(error, Moment::command);
        break;
    default:
        break; // the client is gone: nobody to tell
    }
    hang_up();
}

void Session::say(int code, std::string_view enhanced, std::string_view text) {
    out_ += format_reply(code, enhanced, text);
}

void Session::refuse(const Error& error, Moment moment) {
    // A cut connection hears nothing, and what it asked for did not happen (S5).
    if (error.code == Code::closed) {
        hang_up();
        return;
    }
    refuse(reply_to(error.code, moment), error);
}

void Session::refuse(const ReplyText& reply, const Error& error) {
    ++errors_;
    say(reply.code, reply.enhanced, reply.text);
    log::info(
        "smtp.refused", {{"peer", stream_->peer().address},
                         {"helo", helo_},
                         {"reply", reply.code},
                         {"status", reply.enhanced},
                         {"code", error.code},
                         {"reason", error}}
    );
    if (reply.code == 421)
        hang_up();
}

Task<Result<>> Session::flush() {
    if (out_.empty())
        co_return Result<>();
    const auto bytes = std::exchange(out_, std::string());
    auto written = co_await net::write(*stream_, bytes);
    co_return written;
}

void Session::greet(bool esmtp, std::string name) {
    reset();
    esmtp_ = esmtp;
    helo_ = std::move(name);
    phase_ = Phase::ready;
}

void Session::reset() {
    transaction_ = Transaction();
    if (phase_ != Phase::fresh)
        phase_ = Phase::ready;
}

void Session::begin_anew() {
    reset();
    helo_.clear();
    esmtp_ = false;
    account_.reset();
    phase_ = Phase::fresh;
}

office::Envelope Session::envelope() const {
    office::Envelope envelope;
    envelope.reverse_path = transaction_.from.text();
    envelope.recipients = transaction_.recipients;
    envelope.helo = helo_;
    envelope.peer = stream_->peer().address;
    envelope.protocol = !esmtp_ ? "SMTP" : transaction_.mail.smtputf8 ? "UTF8SMTP" : "ESMTP";
    if (options_.lmtp)
        envelope.protocol = transaction_.mail.smtputf8 ? "UTF8LMTP" : "LMTP";
    if (const auto* const tls = stream_->tls()) {
        envelope.tls = tls->version + " " + tls->cipher;
        if (esmtp_)
            envelope.protocol += "S";
    }
    return envelope;
}

void Session::log_accepted(const Arriving& arriving) const {
    log::info(
        "smtp.accepted", {{"id", arriving.id()},
                          {"peer", stream_->peer().address},
                          {"helo", helo_},
                          {"from", transaction_.from.text()},
                          {"recipients", transaction_.rcpts},
                          {"bytes", arriving.size()},
                          {"account", account_ ? account_->address : ""}}
    );
}

} // namespace lockstep::smtp
