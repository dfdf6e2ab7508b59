// The methods of RFC 8621, one file per family.
#pragma once
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

[[nodiscard]] Task<Outcome> mailbox_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> mailbox_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> mailbox_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> mailbox_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> mailbox_query_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_query_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> search_snippet_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> thread_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> thread_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_import(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> email_parse(Call& call, const json::Object& arguments);

} // namespace lockstep::jmap
