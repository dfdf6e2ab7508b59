// The methods of RFC 8620, RFC 9404 and RFC 9425.
#pragma once
#include <string>
#include <vector>

#include "office/folders.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

[[nodiscard]] Task<Outcome> blob_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> blob_upload(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> blob_lookup(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> blob_copy(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> quota_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> quota_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> quota_query(Call& call, const json::Object& arguments);

/// Type and id of what refers to a stored mail: itself, its thread, its mailbox.
[[nodiscard]] Task<std::vector<std::pair<std::string, std::string>>>
users_of(Call& call, const office::Owner& owner, model::ItemId item);

} // namespace lockstep::jmap
