// The methods of contacts, calendars, tasks, notes and sharing, one file per family.
#pragma once
#include <span>

#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

[[nodiscard]] Task<Outcome> address_book_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> address_book_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> address_book_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_copy(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_query_changes(Call& call, const json::Object& arguments);

[[nodiscard]] Task<Outcome> calendar_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> calendar_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> calendar_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_copy(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_query_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> event_parse(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> participant_identity_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> participant_identity_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> participant_identity_set(Call& call, const json::Object& arguments);

[[nodiscard]] Task<Outcome> task_list_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_list_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_list_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_book_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_book_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_book_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_copy(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> task_query_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_copy(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> note_query_changes(Call& call, const json::Object& arguments);

[[nodiscard]] Task<Outcome> principal_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> principal_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> principal_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> principal_query_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> principal_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> principal_availability(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> share_notification_get(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> share_notification_changes(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> share_notification_set(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> share_notification_query(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome>
share_notification_query_changes(Call& call, const json::Object& arguments);

[[nodiscard]] Task<Outcome> object_import(Call& call, const json::Object& arguments);
[[nodiscard]] Task<Outcome> contact_parse(Call& call, const json::Object& arguments);

} // namespace lockstep::jmap
