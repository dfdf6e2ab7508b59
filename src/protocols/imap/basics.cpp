// CAPABILITY, NOOP, LOGOUT, ID, ENABLE, NAMESPACE and IDLE.
// Spec: RFC 9051 6.1, 6.3.1, 6.3.10, 6.3.13; RFC 2971 (ID); RFC 5161. Quirks 1, 9, 12, 14.
#include "base/limits_imap.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/imap/writer.hpp"
#include "office/mailboxes.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap {

std::string capabilities(const Session& session) {
    std::string out = "IMAP4rev1 IMAP4rev2 SASL-IR ID ENABLE ";
    if (session.phase() == Phase::fresh) {
        out += "LITERAL-";
        if (session.offers_tls())
            out += " STARTTLS";
        out += session.is_private() ? " AUTH=PLAIN AUTH=LOGIN" : " LOGINDISABLED";
        return out;
    }
    out += "LITERAL+ IDLE NAMESPACE UIDPLUS UNSELECT CHILDREN MOVE CONDSTORE QRESYNC SPECIAL-USE "
           "LIST-EXTENDED LIST-STATUS ESEARCH SEARCHRES WITHIN CONTEXT=SEARCH MULTISEARCH SORT "
           "SORT=DISPLAY ESORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES THREAD=REFS I18NLEVEL=1 "
           "MULTIAPPEND CATENATE REPLACE STATUS=SIZE BINARY CREATE-SPECIAL-USE LIST-MYRIGHTS ACL "
           "RIGHTS=texk METADATA OBJECTID PREVIEW PARTIAL UTF8=ACCEPT UNAUTHENTICATE "
           "QUOTA QUOTA=RES-STORAGE "
           "APPENDLIMIT=";
    out += std::to_string(limits::kImapMessage);
    return session.compressed() ? out : out + " COMPRESS=DEFLATE";
}

namespace commands {

Task<Result<>> capability(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    session.untagged("CAPABILITY " + capabilities(session));
    co_return co_await session.ok(command);
}

Task<Result<>> noop(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    co_return co_await session.ok(command);
}

Task<Result<>> logout(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    session.untagged("BYE until next time");
    session.tagged(command.tag, "OK", "LOGOUT completed");
    session.hang_up();
    co_return Result<>();
}

/// What a client says of itself is logged, and changes nothing (quirk 12).
Task<Result<>> id(Session& session, const Command& command) {
    auto in = scan(session, command);
    if (!in.skip_word("NIL")) {
        CO_CHECK_OK(in.expect('('));
        std::string told;
        for (std::size_t fields = 0; !in.skip(')'); ++fields) {
            if (fields >= 30)
                co_return fail(Code::bad_syntax, "more than 30 fields of ID");
            if (fields > 0)
                CO_CHECK_OK(in.space());
            CO_TRY(const auto name, in.string());
            CO_CHECK_OK(in.space());
            CO_TRY(const auto value, in.nstring());
            told += human_text(name) + "=" + human_text(value.value_or("")) + " ";
        }
        session.client = told.substr(0, 200);
        log::info(
            "imap.client", {{"peer", session.stream().peer().address}, {"id", session.client}}
        );
    }
    CO_CHECK_OK(in.end());
    session.untagged("ID (\"name\" \"Lockstep\")");
    co_return co_await session.ok(command);
}

Task<Result<>> enable(Session& session, const Command& command) {
    auto in = scan(session, command);
    std::string done;
    do {
        CO_TRY(const auto name, in.atom());
        auto& enabled = session.enabled;
        if (iequals(name, "QRESYNC")) {
            enabled.qresync = enabled.condstore = true;
            done += " QRESYNC CONDSTORE";
        } else if (iequals(name, "CONDSTORE")) {
            enabled.condstore = true;
            done += " CONDSTORE";
        } else if (iequals(name, "UTF8=ACCEPT")) {
            enabled.utf8 = true;
            done += " UTF8=ACCEPT";
        } else if (iequals(name, "IMAP4rev2")) {
            enabled.rev2 = true;
            done += " IMAP4rev2";
        }
    } while (in.skip(' '));
    CO_CHECK_OK(in.end());
    session.untagged("ENABLED" + done);
    co_return co_await session.ok(command);
}

Task<Result<>> namespaces(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    std::string shared = "((";
    put_string(shared, office::kSharedPrefix);
    session.untagged("NAMESPACE ((\"\" \"/\")) NIL " + shared + " \"/\"))");
    co_return co_await session.ok(command);
}

Task<Result<>> idle(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    const auto asked = co_await session.ask("idling");
    CO_CHECK_OK(asked);
    for (;;) {
        if (session.view() != nullptr) {
            const auto told = co_await session.tell_changes(true);
            CO_CHECK_OK(told);
        }
        const auto flushed = co_await session.flush();
        CO_CHECK_OK(flushed);
        if (session.reader().buffered().empty()) {
            const bool more = co_await session.wait(session.view() != nullptr);
            if (!more)
                co_return Result<>();
            if (session.sessions().stopping()) {
                session.hang_up("the server is shutting down");
                co_return Result<>();
            }
        }
        const bool said = co_await session.has_input();
        if (said)
            break;
    }
    // The next command may stand in the same packet (quirk 1): it stays in the buffer.
    const auto line = co_await session.read_continuation();
    if (!line)
        co_return std::unexpected(line.error());
    if (!iequals(*line, "DONE"))
        co_return fail(Code::bad_syntax, "IDLE ends with DONE");
    co_return co_await session.ok(command);
}

} // namespace commands
} // namespace lockstep::imap
