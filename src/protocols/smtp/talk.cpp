// The small commands: NOOP, VRFY, EXPN, HELP, QUIT.
// Spec: RFC 5321 3.5.3 (252 for VRFY), 4.1.1.6-4.1.1.10, 7.3 (who is here is nobody's business).
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {

Task<Result<>> noop(Session& session, const Command&) {
    session.say(250, "2.0.0", "ok");
    co_return Result<>();
}

Task<Result<>> vrfy(Session& session, const Command&) {
    session.say(252, "2.0.0", "try to send something");
    co_return Result<>();
}

Task<Result<>> help(Session& session, const Command&) {
    session.say(
        214, "2.0.0",
        "EHLO HELO STARTTLS MAIL RCPT DATA BDAT\nRSET NOOP VRFY HELP QUIT: see RFC 5321"
    );
    co_return Result<>();
}

Task<Result<>> quit(Session& session, const Command&) {
    session.say(221, "2.0.0", "bye");
    session.hang_up();
    co_return Result<>();
}

} // namespace lockstep::smtp
