// The methods of our own capabilities (docs/jmap-extensions.md).
#pragma once
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

Task<Outcome> web_session_get(Call& call, const json::Object& arguments);
Task<Outcome> web_session_set(Call& call, const json::Object& arguments);
Task<Outcome> app_password_get(Call& call, const json::Object& arguments);
Task<Outcome> app_password_set(Call& call, const json::Object& arguments);
Task<Outcome> second_factor_get(Call& call, const json::Object& arguments);
Task<Outcome> second_factor_set(Call& call, const json::Object& arguments);
Task<Outcome> second_factor_secret(Call& call, const json::Object& arguments);
Task<Outcome> password_set(Call& call, const json::Object& arguments);
Task<Outcome> device_get(Call& call, const json::Object& arguments);
Task<Outcome> device_set(Call& call, const json::Object& arguments);
Task<Outcome> device_invite_set(Call& call, const json::Object& arguments);
Task<Outcome> device_log_get(Call& call, const json::Object& arguments);
Task<Outcome> sync_policy_get(Call& call, const json::Object& arguments);
Task<Outcome> sync_policy_set(Call& call, const json::Object& arguments);
Task<Outcome> sync_policy_preview(Call& call, const json::Object& arguments);
Task<Outcome> detained_get(Call& call, const json::Object& arguments);
Task<Outcome> detained_release(Call& call, const json::Object& arguments);
Task<Outcome> sender_rule_get(Call& call, const json::Object& arguments);
Task<Outcome> sender_rule_set(Call& call, const json::Object& arguments);
Task<Outcome> account_settings_get(Call& call, const json::Object& arguments);
Task<Outcome> account_settings_set(Call& call, const json::Object& arguments);
Task<Outcome> admin_run(Call& call, const json::Object& arguments);

} // namespace lockstep::jmap
