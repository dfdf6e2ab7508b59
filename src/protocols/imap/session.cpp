// The loop of a session, and its answers.
#include "protocols/imap/session.hpp"

#include <atomic>

#include "base/limits_imap.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/imap/list_request.hpp"
#include "codec/imap/writer.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/errors.hpp"

namespace lockstep::imap {

Session::Session(std::shared_ptr<Sessions> sessions, std::unique_ptr<net::Stream> stream)
    : sessions_(std::move(sessions)), stream_(std::move(stream)),
      reader_(*stream_, limits::kImapEarly) {
    sessions_->add(this);
}

Session::~Session() { sessions_->remove(this); }

Task<void> Session::run() {
    co_await greet();
    while (!over_)
        co_await next();
    const auto flushed = co_await flush();
    if (flushed && stream_->is_open())
        co_await stream_->linger();
    stream_->close();
}

Task<void> Session::greet() {
    if (!sessions_->options().enabled) {
        hang_up("IMAP is switched off on this server");
        co_return;
    }
    untagged("OK [CAPABILITY " + capabilities(*this) + "] Lockstep ready");
}

Phase Session::phase() const {
    return view_ ? Phase::selected : actor_ ? Phase::signed_in : Phase::fresh;
}

void Session::sign_in(directory::Account account) {
    actor_ = office::Actor{std::move(account), {}};
    reader_.set_timeout(limits::kImapIdle);
    errors_ = 0;
}

void Session::sign_out() {
    unselect();
    actor_.reset();
    enabled = {};
    reader_.set_timeout(limits::kImapEarly);
}

void Session::select(View view) {
    view_ = std::move(view);
    // Everything since the image was read is looked at once, so that nothing falls in between.
    wake_->dirty = true;
    watch_ = office().hub.watch(
        {view_->folder().collection.owner}, {},
        [wake = wake_, id = view_->folder().collection.id](const store::Change& change) {
            if (change.collection && change.collection != id)
                return;
            wake->dirty = true;
            wake->sleeper.with([](const Resume& resume) { resume(); });
        }
    );
}

void Session::unselect() {
    watch_ = {};
    view_.reset();
}

/// One command. Answers go out before we wait for more.
Task<void> Session::next() {
    if (!reader_.buffered().contains('\n')) {
        const auto flushed = co_await flush();
        if (!flushed) {
            over_ = true;
            co_return;
        }
        if (reader_.buffered().empty()) {
            const bool more = co_await wait(false);
            if (!more)
                co_return;
        }
    }
    if (sessions_->stopping()) {
        hang_up("the server is shutting down");
        co_return;
    }
    auto line = co_await read_line();
    if (!line) {
        fail_to_read(line.error());
        co_return;
    }
    // Some clients send an empty line before a command (quirk 2).
    if (line->empty())
        co_return;
    Command command;
    literal_bytes_ = 0;
    command.tag = line->substr(0, line->find(' '));
    if (command.tag.empty() || command.tag.contains('+') ||
        !std::ranges::all_of(command.tag, [](char c) { return is_atom_char(c) || c == ']'; })) {
        untagged("BAD a command begins with a tag");
        count_error();
        co_return;
    }
    auto rest = std::string_view(*line).substr(command.tag.size());
    if (rest.starts_with(' '))
        rest.remove_prefix(1);
    command.name = upper(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(command.name.size());
    if (command.name == "UID" && rest.starts_with(' ')) {
        rest.remove_prefix(1);
        const auto second = rest.substr(0, rest.find(' '));
        command.name += ' ' + upper(second);
        rest.remove_prefix(second.size());
    }
    if (rest.starts_with(' '))
        rest.remove_prefix(1);
    else
        rest = {};
    command.arguments = rest;
    const auto read = co_await read_on(command);
    if (!read) {
        if (read.error().code == Code::too_large)
            refuse(command, read.error());
        else
            fail_to_read(read.error());
        co_return;
    }
    co_await obey(std::move(command));
}

Task<Result<std::string>> Session::read_line() {
    const auto line =
        co_await reader_.read_line(actor_ ? limits::kImapLine : limits::kImapLineEarly);
    if (!line)
        co_return std::unexpected(line.error());
    co_return std::string(*line);
}

Task<Result<std::string>> Session::read_continuation() { return read_line(); }

namespace {

/// Whether the literal that follows is the message of an APPEND, and not the mailbox's name.
bool is_message_next(const Command& command, std::size_t mark_length, bool utf8) {
    const bool replaces = command.name == "REPLACE" || command.name == "UID REPLACE";
    if (command.name != "APPEND" && !replaces)
        return false;
    Scanner in(
        std::string_view(command.arguments).substr(0, command.arguments.size() - mark_length), utf8
    );
    if (!parse_append_target(in, replaces))
        return false;
    if (!parse_append_head(in))
        return false;
    // The texts of CATENATE are pieces of the message; its URLs are ordinary strings.
    const auto rest = in.rest();
    return rest.empty() || (in.skip_word("CATENATE") && rest.size() > 5 &&
                            iequals(rest.substr(rest.size() - 5), "TEXT "));
}

} // namespace

Task<Result<>> Session::read_on(Command& command) {
    for (;;) {
        CO_TRY(const auto mark, literal_mark(command.arguments));
        if (!mark)
            co_return Result<>();
        if (actor_ && is_message_next(command, mark->length, utf8())) {
            command.arguments.resize(command.arguments.size() - mark->length);
            command.message = *mark;
            co_return Result<>();
        }
        const auto taken = co_await take_literal(command, *mark);
        CO_CHECK_OK(taken);
        const auto line = co_await read_line();
        if (!line)
            co_return std::unexpected(line.error());
        command.arguments += *line;
    }
}

/// Reads an ordinary literal into the command. What is too large is refused before the client sends
/// it, or ends the session when it does so unasked (I1).
Task<Result<>> Session::take_literal(Command& command, LiteralMark mark) {
    literal_bytes_ += mark.size;
    const auto most = actor_ ? limits::kImapLiterals : limits::kImapLiteralsEarly;
    if (literal_bytes_ > most || mark.size > most) {
        if (!mark.waits)
            hang_up("a literal over the limit");
        co_return fail(Code::too_large, "literals over the limit");
    }
    if (mark.waits) {
        const auto asked = co_await ask("go ahead");
        CO_CHECK_OK(asked);
    }
    command.arguments += "\r\n";
    net::LineReader::Sink sink = [&command](std::string_view piece) -> Result<> {
        command.arguments += piece;
        return {};
    };
    co_return co_await reader_.read_exact(mark.size, sink);
}

Task<void> Session::obey(Command command) {
    const auto* const entry = find_entry(command.name);
    if (entry == nullptr) {
        refuse(command, {Code::bad_syntax, "no such command: " + human_text(command.name)});
        co_return;
    }
    if (!entry->legal_in(phase())) {
        refuse(command, {Code::bad_syntax, "a command in the wrong state: " + command.name});
        // A message that is on its way is no command.
        if (command.message && !command.message->waits) {
            net::LineReader::Sink sink = [](std::string_view) -> Result<> { return {}; };
            auto read = co_await reader_.read_exact(command.message->size, sink);
            if (read) {
                const auto rest = co_await read_line();
                if (!rest)
                    read = std::unexpected(rest.error());
            }
            if (!read)
                fail_to_read(read.error());
        }
        co_return;
    }
    // What others did before this command came is seen by it (quirk 18).
    Result<> done;
    if (view_)
        done = co_await tell_changes(false);
    if (done)
        done = co_await entry->run(*this, command);
    if (!done) {
        refuse(command, done.error());
        co_return;
    }
}

void Session::fail_to_read(const Error& error) {
    switch (error.code) {
    case Code::too_large:
        untagged("BAD the line is too long");
        count_error();
        return;
    case Code::bad_syntax:
        hang_up("a line ends with CRLF");
        return;
    case Code::timeout:
        hang_up("nothing was said for too long");
        return;
    default:
        over_ = true; // the client is gone: nobody to tell
    }
}

void Session::count_error() {
    if (++errors_ > (actor_ ? limits::kImapErrors : limits::kImapErrorsEarly))
        hang_up("too many errors");
}

void Session::untagged(std::string_view text) {
    out_ += "* ";
    out_ += text;
    out_ += "\r\n";
}

void Session::tagged(std::string_view tag, std::string_view status, std::string_view text) {
    out_ += tag;
    out_ += ' ';
    out_ += status;
    out_ += ' ';
    out_ += text;
    out_ += "\r\n";
}

void Session::refuse(const Command& command, const Error& error) {
    if (error.code == Code::closed) {
        over_ = true;
        return;
    }
    const auto reply = reply_to(error.code);
    std::string text;
    if (!reply.code.empty())
        text = "[" + std::string(reply.code) + "] ";
    tagged(command.tag, reply.status, text + std::string(reply.text));
    log::info(
        "imap.refused", {{"peer", stream_->peer().address},
                         {"account", actor_ ? actor_->account.address : std::string()},
                         {"command", human_text(command.name).substr(0, 40)},
                         {"code", error.code},
                         {"reason", error}}
    );
    if (reply.status == "BAD")
        count_error();
}

Task<Result<>> Session::flush() {
    if (out_.empty())
        co_return Result<>();
    const auto bytes = std::exchange(out_, std::string());
    auto written = co_await net::write(*stream_, bytes);
    co_return written;
}

Task<Result<>> Session::flush_much() {
    if (out_.size() < limits::kImapOut)
        co_return Result<>();
    co_return co_await flush();
}

Task<Result<>> Session::ask(std::string_view text) {
    out_ += "+ ";
    out_ += text;
    out_ += "\r\n";
    co_return co_await flush();
}

void Session::hang_up(std::string_view farewell) {
    if (!farewell.empty() && !over_)
        untagged("BYE " + std::string(farewell));
    over_ = true;
}

Task<bool> Session::has_input() {
    if (!reader_.buffered().empty())
        co_return true;
    stream_->deadline_in(std::chrono::nanoseconds(0));
    const auto readable = co_await stream_->wait_readable();
    co_return readable.has_value() || readable.error().code != Code::timeout;
}

Task<bool> Session::wait(bool for_changes) {
    reader_.shrink();
    // Shared: the clock may call while we go on already.
    const auto timed_out = std::make_shared<std::atomic<bool>>(false);
    TimerId timer = 0;
    std::function<void(Resume)> start = [&](const Resume& wake) {
        timer = office().clock.call_after(
            actor_ ? limits::kImapIdle : limits::kImapEarly,
            [timed_out, wake] {
                *timed_out = true;
                wake();
            }
        );
        sessions_->begin_wait(this, wake);
        stream_->watch([wake](net::Stir) { wake(); });
        if (for_changes) {
            wake_->sleeper.with([&](Resume& sleeper) { sleeper = wake; });
            if (wake_->dirty)
                wake();
        }
    };
    co_await park(std::move(start));
    wake_->sleeper.with([](Resume& sleeper) { sleeper = Resume(); });
    stream_->unwatch();
    office().clock.cancel(timer);
    sessions_->end_wait(this);
    if (*timed_out)
        fail_to_read({Code::timeout, "the client said nothing"});
    co_return !over_;
}

} // namespace lockstep::imap
