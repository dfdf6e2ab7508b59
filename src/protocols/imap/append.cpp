// APPEND and REPLACE: one message or several, streamed to the disk.
// Spec: RFC 9051 6.3.12, RFC 3502 (MULTIAPPEND: all or none), RFC 7889 (APPENDLIMIT), RFC 4315
// (APPENDUID), RFC 6855 (UTF8 literals), RFC 8508 (REPLACE), RFC
// 4469 (CATENATE). Quirks 7, 10. Hardening I1, D1, D8.
// Errors: too_large; a message that is refused is still read to its end when it is on its way.
#include "base/limits_imap.hpp"
#include "base/text.hpp"
#include "codec/imap/list_request.hpp"
#include "codec/imap/writer.hpp"
#include "office/mailboxes.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/message_part.hpp"

namespace lockstep::imap {

Result<> office_marks(
    const std::vector<std::string>& flags, std::set<std::string>& keywords, bool& deleted
) {
    for (const auto& flag : flags) {
        const auto name = lower(flag);
        if (name == "\\deleted")
            deleted = true;
        else if (name == "\\seen" || name == "\\answered" || name == "\\flagged" ||
                 name == "\\draft")
            keywords.insert("$" + name.substr(1));
        else if (name.starts_with('\\') || !office::is_keyword(name))
            return fail(Code::bad_syntax, "a flag that is none");
        else
            keywords.insert(name);
    }
    return {};
}

namespace commands {
namespace {

/// Messages as they come in.
struct Arrival {
    std::vector<office::PreparedMail> mails;
    Result<> stored;     ///< the first failure; what follows is read and dropped
    std::string bad_url; ///< of CATENATE: what that failure is about
};

Task<Result<>> discard(Session& session, std::uint64_t count) {
    net::LineReader::Sink sink = [](std::string_view) -> Result<> { return {}; };
    co_return co_await session.reader().read_exact(count, sink);
}

/// One literal into a spool, in steps that are written by a worker when they are large.
Task<Result<>> spool_literal(Session& session, office::Spool& spool, std::uint64_t count) {
    while (count > 0) {
        const auto step = std::min<std::uint64_t>(count, limits::kMailPiece);
        std::string piece;
        net::LineReader::Sink sink = [&piece](std::string_view bytes) -> Result<> {
            piece += bytes;
            return {};
        };
        const auto read = co_await session.reader().read_exact(step, sink);
        CO_CHECK_OK(read);
        count -= step;
        if (spool.size() + piece.size() < limits::kMailPiece) {
            CO_CHECK_OK(spool.append(piece));
            continue;
        }
        std::function<Result<bool>()> work = [&spool, &piece]() -> Result<bool> {
            CHECK_OK(spool.append(piece));
            return true;
        };
        const auto written = co_await session.office().workers.run<bool>(std::move(work));
        CO_CHECK_OK(written);
    }
    co_return Result<>();
}

/// What has come of the command and is not read yet: the text up to a literal, and its mark.
struct Line {
    std::string text;
    std::optional<LiteralMark> mark;
};
Task<Result<Line>> next_line(Session& session) {
    const auto whole = co_await session.read_continuation();
    if (!whole)
        co_return std::unexpected(whole.error());
    CO_TRY(const auto mark, literal_mark(*whole));
    co_return Line{whole->substr(0, whole->size() - (mark ? mark->length : 0)), mark};
}

/// Reads one literal of a message; a refusal is kept in `arrival`, only a broken connection is an
/// error.
Task<Result<>>
take_literal(Session& session, Arrival& arrival, office::Spool& spool, LiteralMark mark) {
    if (mark.size + spool.size() > limits::kImapMessage ||
        arrival.mails.size() >= limits::kImapAppends)
        arrival.stored = fail(Code::too_large, "the message is over the limit");
    if (!arrival.stored) {
        // Not asked for: a client that waits never sends it.
        if (mark.waits)
            co_return std::unexpected(arrival.stored.error());
        // Whoever sends more than any message is not worth the reading.
        if (mark.size > limits::kImapMessage) {
            session.hang_up("a literal over the limit");
            co_return fail(Code::too_large, "a literal over the limit");
        }
        co_return co_await discard(session, mark.size);
    }
    if (mark.waits) {
        const auto asked = co_await session.ask("go ahead");
        CO_CHECK_OK(asked);
    }
    co_return co_await spool_literal(session, spool, mark.size);
}

/// RFC 4469: the parts between the parentheses. `line` is then what follows them.
Task<Result<>> take_parts(Session& session, Arrival& arrival, office::Spool& spool, Line& line) {
    for (std::size_t parts = 0;; ++parts) {
        if (parts >= limits::kImapParts)
            co_return fail(Code::too_large, "too many parts of CATENATE");
        Scanner in(line.text);
        if (in.skip_word("URL")) {
            CO_CHECK_OK(in.space());
            CO_TRY(const auto url, in.astring());
            line.text = std::string(in.rest());
            auto bytes = co_await read_message_url(session, url);
            if (!bytes && arrival.stored) {
                arrival.bad_url = url;
                arrival.stored = std::unexpected(bytes.error());
            }
            if (bytes && spool.size() + bytes->size() > limits::kImapMessage)
                arrival.stored = fail(Code::too_large, "the message is over the limit");
            if (arrival.stored)
                CO_CHECK_OK(spool.append(*bytes));
        } else if (in.skip_word("TEXT")) {
            CO_CHECK_OK(in.space());
            if (!in.at_end() || !line.mark)
                co_return fail(Code::bad_syntax, "a text of CATENATE is a literal");
            const auto taken = co_await take_literal(session, arrival, spool, *line.mark);
            CO_CHECK_OK(taken);
            CO_TRY(line, co_await next_line(session));
        } else {
            co_return fail(Code::bad_syntax, "a part of CATENATE is URL or TEXT");
        }
        const bool more = line.text.starts_with(' ');
        if (!more && !line.text.starts_with(')'))
            co_return fail(Code::bad_syntax, "CATENATE does not close");
        line.text.erase(0, 1);
        if (!more)
            co_return Result<>();
    }
}

/// Reads one message, from its flags on. `line` is then what follows it.
Task<Result<>> take_message(Session& session, Arrival& arrival, Line& line) {
    Scanner in(line.text);
    CO_TRY(const auto head, parse_append_head(in));
    const auto spool = std::make_shared<office::Spool>(session.office());
    if (in.skip_word("CATENATE")) {
        CO_CHECK_OK(in.space());
        CO_CHECK_OK(in.expect('('));
        line.text = std::string(in.rest());
        const auto taken = co_await take_parts(session, arrival, *spool, line);
        CO_CHECK_OK(taken);
    } else {
        if (!line.mark || !in.at_end())
            co_return fail(Code::bad_syntax, "a message is missing");
        const auto taken = co_await take_literal(session, arrival, *spool, *line.mark);
        CO_CHECK_OK(taken);
        CO_TRY(line, co_await next_line(session));
        if (head.utf8) {
            if (!line.text.starts_with(')'))
                co_return fail(Code::bad_syntax, "UTF8 (...) does not close");
            line.text.erase(0, 1);
        }
    }
    if (!arrival.stored)
        co_return Result<>();
    auto mail = co_await office::prepare_mail(session.office(), spool);
    if (!mail) {
        arrival.stored = std::unexpected(mail.error());
        co_return Result<>();
    }
    CO_CHECK_OK(office_marks(head.flags, mail->keywords, mail->deleted));
    mail->received_us = head.date.value_or(0) * 1'000'000;
    arrival.mails.push_back(std::move(*mail));
    co_return Result<>();
}

/// All messages of the command, up to its end.
Task<Result<Arrival>> take_all(Session& session, Line line) {
    Arrival arrival;
    for (;;) {
        const auto taken = co_await take_message(session, arrival, line);
        if (!taken)
            co_return std::unexpected(taken.error());
        if (line.text.empty() && !line.mark)
            co_return arrival;
        if (!line.text.starts_with(' '))
            co_return fail(Code::bad_syntax, "something follows the message");
        line.text.erase(0, 1);
    }
}

/// Where a message goes and what came of it; nothing when the refusal was said.
struct Taken {
    office::Folder folder;
    Arrival arrival;
};
Task<Result<std::optional<Taken>>>
take_for(Session& session, const Command& command, AppendTarget target, Scanner in) {
    Line line{std::string(in.rest()), command.message};
    // Without a literal of its own it may be put together from URLs only.
    Scanner ahead(line.text);
    if (!command.message && (!parse_append_head(ahead) || !ahead.skip_word("CATENATE")))
        co_return fail(Code::bad_syntax, "a message is missing");
    auto folder = co_await office::open_mailbox(
        session.office(), session.actor(), std::move(target.mailbox), model::Right::add
    );
    // The refusal comes before the message, unless that is on its way already.
    if (!folder && command.message && !command.message->waits) {
        const auto read = co_await take_all(session, std::move(line));
        if (!read)
            co_return std::unexpected(read.error());
    }
    if (!folder && folder.error().code == Code::not_found) {
        session.tagged(command.tag, "NO", "[TRYCREATE] no such mailbox");
        co_return std::optional<Taken>();
    }
    if (!folder)
        co_return std::unexpected(folder.error());
    CO_TRY(auto arrival, co_await take_all(session, std::move(line)));
    if (!arrival.bad_url.empty()) {
        std::string code = "[BADURL ";
        put_string(code, human_text(arrival.bad_url));
        session.tagged(command.tag, "NO", code + "] it leads to nothing");
        co_return std::optional<Taken>();
    }
    CO_CHECK_OK(arrival.stored);
    co_return std::optional(Taken{std::move(*folder), std::move(arrival)});
}

std::string append_code(const office::Folder& folder, const std::vector<std::uint32_t>& uids) {
    return "[APPENDUID " + std::to_string(folder.collection.uidvalidity) + " " +
           format_sequence(uids) + "]";
}

Task<Result<>> replace_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    CO_TRY(auto target, parse_append_target(in, true));
    const auto set = *target.replaced;
    CO_TRY(auto taken, co_await take_for(session, command, std::move(target), in));
    if (!taken)
        co_return Result<>();
    if (taken->arrival.mails.size() != 1)
        co_return fail(Code::bad_syntax, "REPLACE takes one message");
    auto& view = *session.view();
    if (view.read_only())
        co_return fail(Code::forbidden, "the mailbox is open for reading only");
    CO_TRY(const auto uids, view.find(set, by_uid));
    if (uids.empty()) {
        session.tagged(command.tag, "NO", "the message to be replaced is not there");
        co_return Result<>();
    }
    const auto made = co_await office::replace_mail(
        session.office(), session.actor(), view.folder(), uids.front(), taken->folder,
        std::move(taken->arrival.mails.front()), session.sessions().recent()
    );
    if (!made && made.error().code == Code::not_found) {
        session.tagged(command.tag, "NO", "the message to be replaced is not there");
        co_return Result<>();
    }
    CO_CHECK_OK(made);
    session.expect_changes();
    // The code stands before the removal, so that a client knows the new one first (RFC 8508 3.2).
    session.untagged("OK " + append_code(taken->folder, {*made}) + " the replacement is stored");
    co_return co_await session.ok(command);
}

} // namespace

Task<Result<>> append(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(auto target, parse_append_target(in, false));
    CO_TRY(auto taken, co_await take_for(session, command, std::move(target), in));
    if (!taken)
        co_return Result<>();
    CO_TRY(
        const auto uids, co_await office::append_mails(
                             session.office(), session.actor(), taken->folder,
                             std::move(taken->arrival.mails), session.sessions().recent()
                         )
    );
    if (session.view() != nullptr)
        session.expect_changes();
    co_return co_await session.ok(command, append_code(taken->folder, uids));
}

Task<Result<>> replace(Session& session, const Command& command) {
    return replace_by(session, command, false);
}

Task<Result<>> uid_replace(Session& session, const Command& command) {
    return replace_by(session, command, true);
}

} // namespace commands
} // namespace lockstep::imap
