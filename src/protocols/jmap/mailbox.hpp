// Mailboxes: mail collections as JMAP shows them.
// Spec: RFC 8621 2.
#pragma once
#include <string>

#include "office/folders.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

/// "inbox" ...; empty for a folder without a role that RFC 8621 2 knows.
[[nodiscard]] std::string_view mailbox_role(model::Role role);
/// What a right lets do with a mailbox, and the greatest right whose words are among those given.
[[nodiscard]] json::Object mailbox_rights(model::Right right, bool fixed);
[[nodiscard]] model::Right right_of_mailbox(const json::Object& rights);
/// Every property of a Mailbox but the counts of threads.
[[nodiscard]] json::Object mailbox_object(
    const model::Collection& collection, const office::Owner& owner, std::string_view language
);

} // namespace lockstep::jmap
