// Administration from the web: the very commands of the command line, for administrators.
// Spec: docs/jmap-extensions.md (admin); hardening A10. Invariants: only an administrator whose
// password was asked for within the last minutes; each command is logged with its person, without
// secrets.
#include "base/log.hpp"
#include "base/text.hpp"
#include "directory/administrators.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_own.hpp"
#include "protocols/jmap/own_kind.hpp"

namespace lockstep::jmap {
namespace {

/// What may be done to the store itself stays with whoever can log in to the machine.
bool is_for_the_machine(std::string_view words) {
    return words == "restored" || words == "demo" || words == "verify" || words == "clock advance";
}

Task<std::optional<MethodError>> may_administrate(Call& call) {
    const auto admin =
        co_await directory::is_administrator(call.office().directory, call.actor().account.id);
    if (!admin)
        co_return method_error(admin.error());
    if (!*admin)
        co_return MethodError{"forbidden", {}, {}};
    co_return ask_to_confirm(call);
}

} // namespace

/// {"accountId", "command": ["account", "list"], "arguments": {"address": ...}}: the answer has
/// "text", "columns" and "rows", as the command line's --json.
Task<Outcome> admin_run(Call& call, const json::Object& object) {
    if (const auto owner = call.account(object); !owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto command = arguments.texts("command");
    const auto* given = arguments.object("arguments");
    if (!command || command->empty())
        arguments.wrong("command", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (auto refused = co_await may_administrate(call))
        co_return std::unexpected(std::move(*refused));
    AdminCommand wanted{*command, {}};
    for (const auto& member : given == nullptr ? json::Object() : *given) {
        if (!member.value().is_string())
            co_return refuse("invalidArguments", "an argument is no text");
        wanted.arguments.emplace(
            std::string(member.key().data(), member.key().size()),
            json::view(member.value().get_string())
        );
    }
    const auto words = join(*command, " ");
    if (is_for_the_machine(words))
        co_return refuse("forbidden", "this is done on the machine itself");
    auto answer = co_await call.session.door.administrate(std::move(wanted));
    log::info(
        "admin.run", {{"by", call.actor().account.address},
                      {"rip", call.session.peer},
                      {"command", words},
                      {"done", answer.has_value()}}
    );
    // These sentences are written for whoever gave the command.
    if (!answer)
        co_return refuse("invalidArguments", answer.error().text);
    (*answer)["accountId"] = account_id(call.actor().account.id);
    co_return std::move(*answer);
}

} // namespace lockstep::jmap
