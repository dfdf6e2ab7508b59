// The capabilities that the session tells, by one name each.
#pragma once
#include <string_view>

namespace lockstep::jmap::capability {

inline constexpr std::string_view kCore = "urn:ietf:params:jmap:core";                 // RFC 8620
inline constexpr std::string_view kMail = "urn:ietf:params:jmap:mail";                 // RFC 8621
inline constexpr std::string_view kSubmission = "urn:ietf:params:jmap:submission";     // RFC 8621
inline constexpr std::string_view kVacation = "urn:ietf:params:jmap:vacationresponse"; // RFC 8621
inline constexpr std::string_view kBlob = "urn:ietf:params:jmap:blob";                 // RFC 9404
inline constexpr std::string_view kQuota = "urn:ietf:params:jmap:quota";               // RFC 9425
inline constexpr std::string_view kPrincipals = "urn:ietf:params:jmap:principals";     // RFC 9670
inline constexpr std::string_view kPrincipalsOwner = "urn:ietf:params:jmap:principals:owner";
inline constexpr std::string_view kContacts = "urn:ietf:params:jmap:contacts";         // RFC 9610
inline constexpr std::string_view kCalendars = "urn:ietf:params:jmap:calendars";
inline constexpr std::string_view kCalendarsParse = "urn:ietf:params:jmap:calendars:parse";
inline constexpr std::string_view kAvailability = "urn:ietf:params:jmap:principals:availability";
inline constexpr std::string_view kTasks = "urn:lockstep:jmap:tasks"; // docs/jmap-extensions.md
inline constexpr std::string_view kSignIn = "urn:lockstep:jmap:signin";
inline constexpr std::string_view kDevices = "urn:lockstep:jmap:devices";
inline constexpr std::string_view kOnboarding = "urn:lockstep:jmap:onboarding";
inline constexpr std::string_view kSyncPolicy = "urn:lockstep:jmap:syncpolicy";
inline constexpr std::string_view kDetained = "urn:lockstep:jmap:detained";
inline constexpr std::string_view kSettings = "urn:lockstep:jmap:settings";
inline constexpr std::string_view kAdmin = "urn:lockstep:jmap:admin";
inline constexpr std::string_view kNotes = "urn:lockstep:jmap:notes";
inline constexpr std::string_view kImport = "urn:lockstep:jmap:import";
inline constexpr std::string_view kContactsParse = "urn:ietf:params:jmap:contacts:parse";
inline constexpr std::string_view kSieve = "urn:ietf:params:jmap:sieve"; // RFC 9661

} // namespace lockstep::jmap::capability
