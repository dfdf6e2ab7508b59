// DATA and BDAT: the message itself.
// Spec: RFC 5321 4.1.1.4, 4.5.2, 6.1 (responsibility begins with our 250); RFC 3030 2.
// Hardening S1, S2, S5, S6, S10, D1. Invariants: a message is delivered whole or not at all; 250
// follows its durable commit. What cannot be stored is still read to its end, so that the client
// hears why.
// Errors: bad_syntax (bare CR or LF: the session ends, since what follows cannot be trusted),
// too_large, and those of Arriving.
#include <algorithm>

#include <fmt/core.h>

#include "base/limits.hpp"
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {
namespace {

Result<> check_time(Session& session) {
    const auto spent = session.office().clock.steady() - session.transaction().begun;
    if (spent > limits::kSmtpDataTime)
        return fail(Code::timeout, "the message took too long");
    return {};
}

/// RFC 2033 4.2: one reply for each recipient, after the last byte. All fare alike, since a message
/// is delivered to all or to nobody; the last of the refusals is said by the dispatcher.
std::size_t replies_wanted(const Session& session, std::size_t recipients) {
    return session.options().lmtp ? std::max<std::size_t>(recipients, 1) : 1;
}

/// After the last byte.
Task<Result<>> accept(Session& session, Arriving& arriving) {
    const auto accepted = co_await arriving.accept();
    const auto replies = replies_wanted(session, session.transaction().rcpts);
    if (!accepted)
        for (std::size_t i = 1; i < replies; ++i)
            session.refuse(accepted.error(), Moment::content);
    if (!accepted && session.signed_in() != nullptr) {
        session.refuse(submission_reply(accepted.error().code), accepted.error());
        co_return Result<>();
    }
    CO_CHECK_OK(accepted);
    session.log_accepted(arriving);
    session.forgive();
    for (std::size_t i = 0; i < replies; ++i)
        session.say(250, "2.0.0", "accepted as " + arriving.id());
    co_return Result<>();
}

/// Reads up to the dot into `arriving`. A disk that fails is told after the end.
Task<Result<>> read_to_dot(Session& session, Arriving& arriving) {
    DotDecoder decoder(session.options().max_size);
    Result<> stored;
    std::string text;
    while (!decoder.done()) {
        CO_CHECK_OK(check_time(session));
        CO_TRY(const auto piece, co_await session.reader().unread());
        text.clear();
        const auto used = decoder.feed(piece, text);
        CO_CHECK_OK(used);
        session.reader().consume(*used);
        if (decoder.too_large() || !stored)
            continue;
        arriving.append(text);
        if (arriving.full())
            stored = co_await arriving.spill();
    }
    if (decoder.too_large())
        co_return fail(Code::too_large, "the message is over the limit");
    co_return stored;
}

/// Reads `count` bytes of a chunk and forgets them.
Task<Result<>> discard(Session& session, std::uint64_t count) {
    net::LineReader::Sink sink = [](std::string_view) -> Result<> { return {}; };
    auto read = co_await session.reader().read_exact(count, sink);
    co_return read;
}

/// Reads `count` bytes of a chunk into the message.
Task<Result<>> read_chunk(Session& session, std::uint64_t count) {
    auto& transaction = session.transaction();
    auto& arriving = *transaction.arriving;
    Result<> stored;
    while (count > 0) {
        CO_CHECK_OK(check_time(session));
        const auto step = std::min<std::uint64_t>(count, limits::kMailPiece);
        const bool keep = stored.has_value();
        net::LineReader::Sink sink = [&](std::string_view piece) -> Result<> {
            CHECK_OK(transaction.lines.feed(piece));
            if (keep)
                arriving.append(piece);
            return {};
        };
        const auto read = co_await session.reader().read_exact(step, sink);
        CO_CHECK_OK(read);
        count -= step;
        if (keep && arriving.full())
            stored = co_await arriving.spill();
    }
    co_return stored;
}

/// A chunk in a legal place.
Task<Result<>> take_chunk(Session& session, const Command& command) {
    auto& transaction = session.transaction();
    if (!transaction.arriving) {
        transaction.arriving = std::make_unique<Arriving>(session);
        transaction.begun = session.office().clock.steady();
        session.set_phase(Phase::chunks);
    }
    if (command.chunk > session.options().max_size - transaction.arriving->size()) {
        const auto discarded = co_await discard(session, command.chunk);
        CO_CHECK_OK(discarded);
        co_return fail(Code::too_large, "the message is over the limit");
    }
    const auto read = co_await read_chunk(session, command.chunk);
    CO_CHECK_OK(read);
    if (!command.last) {
        session.say(250, "2.0.0", fmt::format("{} bytes received", command.chunk));
        co_return Result<>();
    }
    CO_CHECK_OK(transaction.lines.finish());
    auto accepted = co_await accept(session, *transaction.arriving);
    co_return accepted;
}

bool is_legal_bdat(Phase phase) { return phase == Phase::rcpt || phase == Phase::chunks; }

} // namespace

Task<Result<>> data(Session& session, const Command&) {
    session.say(354, {}, "go ahead, end with a dot on a line of its own");
    const auto flushed = co_await session.flush();
    CO_CHECK_OK(flushed);
    session.transaction().begun = session.office().clock.steady();
    Arriving arriving(session);
    auto done = co_await read_to_dot(session, arriving);
    if (done)
        done = co_await accept(session, arriving);
    else if (done.error().code == Code::bad_syntax)
        session.hang_up();
    session.reset();
    co_return done;
}

Task<Result<>> bdat(Session& session, const Command& command) {
    // More than any message: whoever announces that is not worth the reading.
    if (command.chunk > limits::kSmtpMessage) {
        session.hang_up();
        co_return fail(Code::too_large, "a chunk over every limit");
    }
    if (!is_legal_bdat(session.phase())) {
        const auto discarded = co_await discard(session, command.chunk);
        CO_CHECK_OK(discarded);
        session.refuse(
            out_of_order(session.phase(), Verb::bdat), {Code::bad_syntax, "BDAT out of order"}
        );
        co_return Result<>();
    }
    auto done = co_await take_chunk(session, command);
    if (!done && done.error().code == Code::bad_syntax)
        session.hang_up();
    if (!done || command.last)
        session.reset();
    co_return done;
}

} // namespace lockstep::smtp
