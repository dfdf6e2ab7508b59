// The methods of RFC 8621 that concern sending: identities, submissions, the away reply.
#pragma once
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

[[nodiscard]] Task<Outcome> identity_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> identity_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> identity_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> submission_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> submission_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> submission_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> submission_query_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> submission_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> vacation_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> vacation_set(Call& call, const json::Object& arguments);

} // namespace lockstep::jmap
