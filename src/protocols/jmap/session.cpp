// The session object: who is signed in, which accounts there are, what may be asked, and where.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "protocols/jmap/capabilities.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/event.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

json::Object core_limits() {
    return {
        {"maxSizeUpload", limits::kJmapUpload},
        {"maxConcurrentUpload", limits::kJmapUploads},
        {"maxSizeRequest", limits::kJmapRequest},
        {"maxConcurrentRequests", limits::kJmapRequests},
        {"maxCallsInRequest", limits::kJmapCalls},
        {"maxObjectsInGet", limits::kJmapGet},
        {"maxObjectsInSet", limits::kJmapSet},
        {"collationAlgorithms", json::Array{"i;ascii-casemap", "i;unicode-casemap"}},
    };
}

json::Object mail_of(const office::Owner& owner) {
    return {
        {"maxMailboxesPerEmail", 1},
        {"maxMailboxDepth", nullptr},
        {"maxSizeMailboxName", 255},
        {"maxSizeAttachmentsPerEmail", limits::kJmapUpload},
        {"emailQuerySortOptions",
         json::Array{"receivedAt", "sentAt", "size", "from", "to", "subject", "hasKeyword"}},
        {"mayCreateTopLevelMailbox", owner.right >= model::Right::own},
    };
}

json::Object calendars_of(const office::Owner& owner) {
    return {
        {"maxCalendarsPerEvent", 1},
        {"minDateTime", "0001-01-01T00:00:00Z"},
        {"maxDateTime", "9999-12-31T23:59:59Z"},
        {"maxExpandedQueryDuration", kExpandedDuration},
        {"maxParticipantsPerEvent", limits::kMeetingAttendees},
        {"mayCreateCalendar", owner.own},
    };
}

json::Object capabilities_of(const Session& session, const office::Owner& owner) {
    json::Object all;
    const auto add = [&all](std::string_view name, json::Object facts) {
        all[{name.data(), name.size()}] = std::move(facts);
    };
    add(capability::kCore, {});
    add(capability::kMail, mail_of(owner));
    add(capability::kQuota, {});
    add(capability::kContacts,
        {{"maxAddressBooksPerCard", 1}, {"mayCreateAddressBook", owner.own}});
    add(capability::kCalendars, calendars_of(owner));
    add(capability::kCalendarsParse, {});
    add(capability::kContactsParse, {});
    add(capability::kImport, {});
    add(capability::kTasks, {{"mayCreateTaskList", owner.own}});
    add(capability::kNotes, {{"mayCreateNoteBook", owner.own}});
    const auto principal = numbered('p', owner.id.value);
    add(capability::kPrincipals,
        {{"currentUserPrincipalId", numbered('p', session.actor.account.id.value)}});
    add(capability::kPrincipalsOwner,
        {{"accountIdForPrincipal", account_id(session.actor.account.id)}, {"principalId", principal}
        });
    add(capability::kAvailability,
        {{"maxAvailabilityDuration", fmt::format("P{}D", limits::kFreeBusyDays)}});
    if (owner.own) {
        add(capability::kSubmission,
            {{"maxDelayedSend", 0}, {"submissionExtensions", json::Object()}});
        add(capability::kVacation, {});
        for (const auto own :
             {capability::kSignIn, capability::kDevices, capability::kOnboarding,
              capability::kSyncPolicy, capability::kDetained, capability::kSettings,
              capability::kAdmin})
            add(own, {});
    }
    add(capability::kBlob,
        {{"maxSizeBlobSet", limits::kJmapUpload},
         {"maxDataSources", 64},
         {"supportedTypeNames",
          json::Array{
              "Mailbox", "Thread", "Email", "AddressBook", "ContactCard", "Calendar",
              "CalendarEvent", "TaskList", "Task", "NoteBook", "Note"
          }},
         {"supportedDigestAlgorithms", json::Array{"sha", "sha-256", "sha-512"}}});
    return all;
}

} // namespace

json::Object account_object(const Session& session, const office::Owner& owner) {
    return {
        {"name", owner.own ? session.actor.account.address : owner.name},
        {"isPersonal", owner.own},
        {"isReadOnly", owner.best_right() < model::Right::add},
        {"accountCapabilities", capabilities_of(session, owner)},
    };
}

json::Object session_object(const Session& session) {
    json::Object accounts;
    json::Object primary;
    for (const auto& owner : session.owners) {
        const auto id = account_id(owner.id);
        accounts[id] = account_object(session, owner);
        if (!owner.own)
            continue;
        for (const auto& each : capabilities_of(session, owner))
            if (each.key() != std::string(capability::kCore) &&
                each.key() != std::string(capability::kPrincipalsOwner))
                primary[each.key()] = id;
    }
    json::Object capabilities;
    for (const auto& each : capabilities_of(session, session.owners.front()))
        capabilities[each.key()] = json::Object();
    // RFC 9670 1.5.2: a word about accounts only.
    capabilities.erase(std::string(capability::kPrincipalsOwner));
    const std::string core(capability::kCore);
    capabilities[core] = core_limits();
    const auto& base = session.base_url;
    return {
        {"capabilities", std::move(capabilities)},
        {"accounts", std::move(accounts)},
        {"primaryAccounts", std::move(primary)},
        {"username", session.actor.account.address},
        {"apiUrl", base + "/jmap/api"},
        {"downloadUrl", base + "/jmap/download/{accountId}/{blobId}/{name}?type={type}"},
        {"uploadUrl", base + "/jmap/upload/{accountId}/"},
        {"eventSourceUrl",
         base + "/jmap/eventsource/?types={types}&closeafter={closeafter}&ping={ping}"},
        {"state", session_state(session)},
    };
}

std::string session_state(const Session& session) {
    // Whatever the object says follows from these.
    auto facts = fmt::format("{}\n{}\n", session.actor.account.address, session.base_url);
    for (const auto& owner : session.owners)
        facts +=
            fmt::format("{} {} {}\n", owner.id.value, static_cast<int>(owner.right), owner.name);
    for (const auto& owner : session.owners)
        for (const auto& [folder, right] : owner.folders)
            facts += fmt::format("{} {}\n", folder.value, static_cast<int>(right));
    return blake2b256(facts).hex().substr(0, 16);
}

} // namespace lockstep::jmap
