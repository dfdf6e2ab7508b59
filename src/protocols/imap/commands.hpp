// The table of commands: which function, in which phases, and what it does to message numbers.
// Spec: RFC 9051 6, 7.5.1.
#pragma once
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/session.hpp"

namespace lockstep::imap {

using Run = Task<Result<>> (*)(Session& session, const Command& command);

struct CommandEntry {
    std::string_view name;
    Run run;
    unsigned phases;       ///< bits of Phase in which it is legal
    bool renumbers = true; ///< removals may be told behind it
    [[nodiscard]] bool legal_in(Phase phase) const {
        return (phases & static_cast<unsigned>(phase)) != 0;
    }
};
/// Null for commands that are not there.
[[nodiscard]] const CommandEntry* find_entry(std::string_view name);

/// The capabilities of the moment, without "CAPABILITY".
[[nodiscard]] std::string capabilities(const Session& session);
/// Arguments of a command.
[[nodiscard]] Scanner scan(const Session& session, const Command& command);
/// "(\Seen Junk)" of a message.
[[nodiscard]] std::string flags_text(std::int64_t flags, std::string_view props);
/// Flags as the office knows them. Error: bad_syntax (no flag of the protocol, no keyword).
[[nodiscard]] Result<>
office_marks(const std::vector<std::string>& flags, std::set<std::string>& keywords, bool& deleted);
[[nodiscard]] std::string object_id(char kind, model::AccountId owner, std::int64_t id);

// Each command says its own success; its failure is said by the dispatcher.
namespace commands {
[[nodiscard]] Task<Result<>> capability(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> noop(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> logout(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> id(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> starttls(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> login(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> authenticate(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> enable(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> namespaces(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> list(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> lsub(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> status(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> select(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> examine(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> create(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> remove(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> rename(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> subscribe(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> unsubscribe(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> append(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> idle(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> close(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> unselect(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> expunge(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_expunge(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> fetch(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_fetch(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> store(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_store(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> copy(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_copy(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> move(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_move(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> search(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_search(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> sort(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_sort(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> thread(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_thread(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> multi_search(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> cancel_update(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> replace(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> uid_replace(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> compress(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> set_acl(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> delete_acl(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> get_acl(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> list_rights(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> my_rights(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> get_metadata(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> set_metadata(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> get_quota(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> get_quota_root(Session& session, const Command& command);
[[nodiscard]] Task<Result<>> unauthenticate(Session& session, const Command& command);
} // namespace commands

} // namespace lockstep::imap
