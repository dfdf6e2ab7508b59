// The table of methods, and Core/echo.
// Spec: RFC 8620 4 (echo); RFC 8621.
#include "protocols/jmap/call.hpp"
#include "protocols/jmap/capabilities.hpp"
#include "protocols/jmap/methods_core.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/methods_submission.hpp"

namespace lockstep::jmap {
namespace {

Task<Outcome> echo(Call& /*call*/, const json::Object& arguments) { co_return arguments; }

constexpr Method kMethods[] = {
    {"Core/echo", capability::kCore, echo},
    {"Blob/get", capability::kBlob, blob_get},
    {"Blob/upload", capability::kBlob, blob_upload},
    {"Blob/lookup", capability::kBlob, blob_lookup},
    {"Blob/copy", capability::kCore, blob_copy},
    {"Quota/get", capability::kQuota, quota_get},
    {"Quota/changes", capability::kQuota, quota_changes},
    {"Quota/query", capability::kQuota, quota_query},
    {"Mailbox/get", capability::kMail, mailbox_get},
    {"Mailbox/changes", capability::kMail, mailbox_changes},
    {"Mailbox/set", capability::kMail, mailbox_set},
    {"Mailbox/query", capability::kMail, mailbox_query},
    {"Mailbox/queryChanges", capability::kMail, mailbox_query_changes},
    {"Email/get", capability::kMail, email_get},
    {"Email/changes", capability::kMail, email_changes},
    {"Email/query", capability::kMail, email_query},
    {"Email/queryChanges", capability::kMail, email_query_changes},
    {"SearchSnippet/get", capability::kMail, search_snippet_get},
    {"Thread/get", capability::kMail, thread_get},
    {"Thread/changes", capability::kMail, thread_changes},
    {"Email/set", capability::kMail, email_set},
    {"Email/import", capability::kMail, email_import},
    {"Identity/get", capability::kSubmission, identity_get},
    {"Identity/changes", capability::kSubmission, identity_changes},
    {"Identity/set", capability::kSubmission, identity_set},
    {"EmailSubmission/get", capability::kSubmission, submission_get},
    {"EmailSubmission/changes", capability::kSubmission, submission_changes},
    {"EmailSubmission/query", capability::kSubmission, submission_query},
    {"EmailSubmission/queryChanges", capability::kSubmission, submission_query_changes},
    {"EmailSubmission/set", capability::kSubmission, submission_set},
    {"VacationResponse/get", capability::kVacation, vacation_get},
    {"VacationResponse/set", capability::kVacation, vacation_set},
    {"Email/parse", capability::kMail, email_parse},
    {"AddressBook/get", capability::kContacts, address_book_get},
    {"AddressBook/changes", capability::kContacts, address_book_changes},
    {"AddressBook/set", capability::kContacts, address_book_set},
    {"ContactCard/get", capability::kContacts, contact_get},
    {"ContactCard/changes", capability::kContacts, contact_changes},
    {"ContactCard/set", capability::kContacts, contact_set},
    {"ContactCard/copy", capability::kContacts, contact_copy},
    {"ContactCard/query", capability::kContacts, contact_query},
    {"ContactCard/queryChanges", capability::kContacts, contact_query_changes},
    {"Calendar/get", capability::kCalendars, calendar_get},
    {"Calendar/changes", capability::kCalendars, calendar_changes},
    {"Calendar/set", capability::kCalendars, calendar_set},
    {"CalendarEvent/get", capability::kCalendars, event_get},
    {"CalendarEvent/changes", capability::kCalendars, event_changes},
    {"CalendarEvent/set", capability::kCalendars, event_set},
    {"CalendarEvent/copy", capability::kCalendars, event_copy},
    {"CalendarEvent/query", capability::kCalendars, event_query},
    {"CalendarEvent/queryChanges", capability::kCalendars, event_query_changes},
    {"CalendarEvent/parse", capability::kCalendarsParse, event_parse},
    {"ParticipantIdentity/get", capability::kCalendars, participant_identity_get},
    {"ParticipantIdentity/changes", capability::kCalendars, participant_identity_changes},
    {"ParticipantIdentity/set", capability::kCalendars, participant_identity_set},
    {"TaskList/get", capability::kTasks, task_list_get},
    {"TaskList/changes", capability::kTasks, task_list_changes},
    {"TaskList/set", capability::kTasks, task_list_set},
    {"NoteBook/get", capability::kNotes, note_book_get},
    {"NoteBook/changes", capability::kNotes, note_book_changes},
    {"NoteBook/set", capability::kNotes, note_book_set},
    {"Task/get", capability::kTasks, task_get},
    {"Task/changes", capability::kTasks, task_changes},
    {"Task/set", capability::kTasks, task_set},
    {"Task/copy", capability::kTasks, task_copy},
    {"Task/query", capability::kTasks, task_query},
    {"Task/queryChanges", capability::kTasks, task_query_changes},
    {"Note/get", capability::kNotes, note_get},
    {"Note/changes", capability::kNotes, note_changes},
    {"Note/set", capability::kNotes, note_set},
    {"Note/copy", capability::kNotes, note_copy},
    {"Note/query", capability::kNotes, note_query},
    {"Note/queryChanges", capability::kNotes, note_query_changes},
    {"Principal/get", capability::kPrincipals, principal_get},
    {"Principal/changes", capability::kPrincipals, principal_changes},
    {"Principal/query", capability::kPrincipals, principal_query},
    {"Principal/queryChanges", capability::kPrincipals, principal_query_changes},
    {"Principal/set", capability::kPrincipals, principal_set},
    {"Principal/getAvailability", capability::kAvailability, principal_availability},
    {"ShareNotification/get", capability::kPrincipals, share_notification_get},
    {"ShareNotification/changes", capability::kPrincipals, share_notification_changes},
    {"ShareNotification/set", capability::kPrincipals, share_notification_set},
    {"ShareNotification/query", capability::kPrincipals, share_notification_query},
    {"ShareNotification/queryChanges", capability::kPrincipals, share_notification_query_changes},
    {"ContactCard/import", capability::kImport, object_import},
    {"CalendarEvent/import", capability::kImport, object_import},
    {"Task/import", capability::kImport, object_import},
    {"ContactCard/parse", capability::kContactsParse, contact_parse},
};

} // namespace

std::span<const Method> methods() { return kMethods; }

} // namespace lockstep::jmap
