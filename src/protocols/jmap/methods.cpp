// The table of methods, and Core/echo.
// Spec: RFC 8620 4 (echo); RFC 8621.
#include "protocols/jmap/call.hpp"
#include "protocols/jmap/capabilities.hpp"
#include "protocols/jmap/methods_mail.hpp"

namespace lockstep::jmap {
namespace {

Task<Outcome> echo(Call& /*call*/, const json::Object& arguments) { co_return arguments; }

constexpr Method kMethods[] = {
    {"Core/echo", capability::kCore, echo},
    {"Mailbox/get", capability::kMail, mailbox_get},
    {"Mailbox/changes", capability::kMail, mailbox_changes},
    {"Mailbox/set", capability::kMail, mailbox_set},
    {"Mailbox/query", capability::kMail, mailbox_query},
    {"Mailbox/queryChanges", capability::kMail, mailbox_query_changes},
    {"Email/get", capability::kMail, email_get},
    {"Email/changes", capability::kMail, email_changes},
    {"Email/set", capability::kMail, email_set},
    {"Email/import", capability::kMail, email_import},
    {"Email/parse", capability::kMail, email_parse},
};

} // namespace

std::span<const Method> methods() { return kMethods; }

} // namespace lockstep::jmap
