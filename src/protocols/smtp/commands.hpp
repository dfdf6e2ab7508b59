// The table of commands: which function, in which phases, and whether it ends a group.
// Spec: RFC 5321 4.1.4 (order), RFC 2920 3.1 (groups). Hardening S2.
#pragma once
#include <initializer_list>
#include <string_view>

#include "protocols/smtp/session.hpp"

namespace lockstep::smtp {

using Run = Task<Result<>> (*)(Session& session, const Command& command);

struct CommandEntry {
    Verb verb;
    Run run;
    unsigned phases; ///< bits of Phase in which it is legal
    bool ends_group; ///< the client must wait for the reply
    [[nodiscard]] bool legal_in(Phase phase) const {
        return (phases & static_cast<unsigned>(phase)) != 0;
    }
};
/// Null for verbs that this port does not have.
[[nodiscard]] const CommandEntry* find_entry(Verb verb);
[[nodiscard]] ReplyText out_of_order(Phase phase, Verb verb);
/// What a line is about, also when it cannot be parsed.
[[nodiscard]] Moment moment_of(std::string_view line);
[[nodiscard]] bool line_is_bdat(std::string_view line);

// The commands. Each says its own success; its failure is said by the dispatcher.
[[nodiscard]] Task<Result<>> ehlo(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> helo(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> lhlo(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> auth(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> starttls(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> mail(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> rcpt(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> data(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> bdat(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> rset(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> noop(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> vrfy(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> help(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> quit(Session& session, const Command& command);

} // namespace lockstep::smtp
