// Every bound on work or memory that a peer can influence: name, default, unit, and what it
// answers. A loop over a peer-controlled count takes its bound from here.
#pragma once
#include <chrono>
#include <cstddef>

namespace lockstep::limits {

using namespace std::chrono_literals;

// MIME (hardening M1-M4)
inline constexpr std::size_t kHeaderBytes =
    1U << 20U; ///< bytes of a header block that are parsed; CVE-2024-23185
inline constexpr std::size_t kHeaderFields = 2'000; ///< fields of a header block; CVE-2024-23184
inline constexpr std::size_t kAddressesPerField =
    2'000; ///< addresses kept of one field; CVE-2024-23184
inline constexpr std::size_t kMimeParameters =
    100; ///< parameters and RFC 2231 segments of one field; CVE-2026-27859
inline constexpr std::size_t kMimeDepth =
    64; ///< nesting of parts; deeper is an opaque leaf; CVE-2020-12100
inline constexpr std::size_t kMimeParts = 2'000; ///< parts of one message; CVE-2026-26312
inline constexpr std::size_t kQuotedText =
    4U << 20U; ///< bytes of a message's text quoted by SmartReply and SmartForward

// WBXML and ActiveSync (hardening W1, W2, W11)
inline constexpr std::size_t kWbxmlDepth = 32;         ///< nesting of elements
inline constexpr std::size_t kWbxmlElements = 200'000; ///< elements of one request
inline constexpr std::size_t kEasBody =
    160U << 20U; ///< bytes of one request body (a mail with attachments)
inline constexpr std::size_t kEasWindow = 512; ///< items of one Sync answer; MS-ASCMD 2.2.3.199
inline constexpr std::size_t kEasWindowDefault = 100; ///< items when WindowSize is absent
inline constexpr std::size_t kEasAnswerBytes =
    8U << 20U; ///< bytes of one Sync answer after which MoreAvailable is set
inline constexpr std::size_t kEasCollections = 300; ///< collections of one Sync or Ping
inline constexpr std::size_t kEasDeviceId =
    32; ///< bytes of a device id; MS-ASHTTP 2.2.1.1.1.2.3, hardening W8
inline constexpr std::size_t kEasDeviceType =
    255; ///< bytes of a device type; MS-ASHTTP 2.2.1.1.1.1
inline constexpr std::size_t kEasCommands =
    1'000;                                    ///< commands of one collection in one Sync request
inline constexpr auto kHeartbeatMin = 60s;    ///< Ping heartbeat, lower bound
inline constexpr auto kHeartbeatMax = 3'540s; ///< Ping heartbeat, upper bound (59 min)
inline constexpr std::size_t kSyncSiblings =
    4; ///< unacknowledged keys accepted beside the base key
inline constexpr std::size_t kAwayText = 32U << 10U; ///< bytes of one away reply
inline constexpr std::size_t kPeopleQuery = 256;     ///< bytes of a query to the address list (W13)
inline constexpr std::size_t kPeopleCards =
    20'000; ///< cards looked at by one query to the address list
inline constexpr std::size_t kEasRecipients =
    100; ///< recipients of one ResolveRecipients; MS-ASCMD 2.2.3.183
inline constexpr std::size_t kEasCertificates =
    20; ///< certificates, and those of their chain, of one ValidateCert
inline constexpr std::size_t kEasMembers =
    20; ///< members of a list whose time is asked at once; MS-ASCMD 2.2.3.177.12 (161)
inline constexpr std::size_t kEasSearchTerms = 64;    ///< conditions of one Search
inline constexpr std::size_t kEasSearchDepth = 8;     ///< their nesting
inline constexpr std::size_t kEasSearchResults = 100; ///< of one answer; MS-ASCMD 2.2.3.143.3
inline constexpr std::size_t kEasPhoto = 100U << 10U; ///< bytes of a photo; MS-ASCMD 2.2.3.105
inline constexpr std::size_t kEasPhotos = 100;        ///< photos of one answer

// Sharing, and what devices see (hardening W6-W8)
inline constexpr std::size_t kShares = 10'000;     ///< shares of one owner
inline constexpr std::size_t kRuleBytes = 4'096;   ///< bytes of one rule's value
inline constexpr std::size_t kSyncChoices = 1'000; ///< folders that one setting may name
inline constexpr std::size_t kDeviceEvents = 200;  ///< entries kept of a device's log
inline constexpr std::size_t kDeviceTitle = 100;   ///< bytes of the name that a person gives it
inline constexpr auto kBudgetWindow =
    10min; ///< time over which a device's requests are counted; W7

// SMTP (hardening S1-S7)
inline constexpr std::size_t kSmtpLine = 4'096; ///< bytes of a command line with CRLF
inline constexpr std::size_t kSmtpRecipients =
    1'000; ///< recipients of one transaction; RFC 5321 4.5.3.1.8 asks for 100
inline constexpr std::size_t kSmtpMessage = 150U << 20U; ///< bytes of one message
inline constexpr std::size_t kSmtpErrors = 20; ///< refused commands before the connection is closed
inline constexpr auto kSmtpIdle = 300s;        ///< time without a byte; RFC 5321 4.5.3.2
inline constexpr auto kSmtpDataTime = 3'600s;  ///< time for a whole message (H10)
inline constexpr std::size_t kMailPiece =
    64U << 10U; ///< bytes of an arriving message held in memory, and those that are parsed on its
                ///< own thread; more goes to the disk, and to a worker
inline constexpr std::size_t kMailHops =
    50; ///< Received fields of a message, S10; RFC 5321 6.3 asks for 100 at most

// HTTP (hardening H9-H11)
inline constexpr std::size_t kHttpHeader = 32U << 10U; ///< bytes of a request head
inline constexpr auto kHttpHeaderTime = 10s;           ///< time for a whole request head
inline constexpr auto kHttpIdle = 120s; ///< time between two requests of a connection
inline constexpr std::size_t kHttpHeaderFields =
    100; ///< fields of a request head; RFC 9112 3 leaves it to us
inline constexpr auto kHttpBodyWindow =
    30s; ///< a request body brings kHttpBodyFloor bytes in each such window, or ends (H10)
inline constexpr std::size_t kHttpBodyFloor = 8U << 10U; ///< bytes per kHttpBodyWindow
inline constexpr std::size_t kHttpChunkHead =
    4U << 10U; ///< bytes of a chunk size line, or of the last one with its trailer fields
inline constexpr std::size_t kHttpDrain =
    256U << 10U; ///< bytes of a refused body that are discarded to keep the connection
inline constexpr std::size_t kHttpBodies =
    512U << 20U; ///< bytes of request bodies held in memory by all connections together
inline constexpr auto kHttpStop = 10s; ///< time that running requests get at shutdown (R15)

// Connections (hardening H10, A8)
inline constexpr std::size_t kConnections = 20'000; ///< connections of one listener
inline constexpr std::size_t kConnectionsPerIp =
    1'000; ///< of one IPv4 address or IPv6 /64: a whole office may sit behind one
inline constexpr auto kTlsHandshake = 10s; ///< time for a whole handshake
inline constexpr auto kWriteStall =
    30s; ///< time that a peer may take for each kWriteStep bytes (slow read)
inline constexpr std::size_t kWriteStep =
    16U << 10U; ///< bytes handed to the socket at once; one TLS record
inline constexpr auto kLinger =
    2s; ///< time that a peer gets to read a last answer before the connection ends
inline constexpr std::size_t kLineSkip =
    1U << 20U; ///< bytes of an overlong line that are discarded before the connection ends (S6)

// Calendar and cards (hardening X4, X9)
inline constexpr std::size_t kIcalBytes = 10U << 20U; ///< bytes of one calendar object
inline constexpr std::size_t kIcalLines = 100'000;    ///< content lines of one object
inline constexpr std::size_t kIcalDepth = 16;         ///< nested components
inline constexpr std::size_t kIcalParameters =
    200; ///< parameters of a content line, and values of one parameter
inline constexpr std::size_t kIcalDates = 10'000;    ///< EXDATE and RDATE values of one series; X4
inline constexpr std::size_t kIcalOverrides = 2'000; ///< changed occurrences of one series; X4
inline constexpr std::size_t kZoneTransitions =
    4'000; ///< changes of one VTIMEZONE or zone file; X5
inline constexpr std::size_t kEasExceptions =
    256; ///< exceptions shown of one series; MS-ASCAL 2.2.2.21
inline constexpr std::size_t kRecurrenceSteps = 50'000; ///< instances looked at in one expansion
inline constexpr int kFreeBusyDays = 732; ///< days of one question for free and busy time; X4, X10
inline constexpr std::size_t kFreeBusyEvents =
    5'000; ///< events read for one question for free and busy time; X4
inline constexpr std::size_t kFreeBusyTimes =
    20'000; ///< occurrences in one answer for free and busy time; X4
inline constexpr std::size_t kMeetingAttendees =
    2'000; ///< attendees of one meeting that the office writes to
inline constexpr std::size_t kMeetingInstanceMails =
    10; ///< changed occurrences told one by one; more are told as the whole series
inline constexpr std::size_t kMeetingMailBytes =
    1U << 20U; ///< bytes of a calendar part in a mail that the office acts upon; more stays a mail
inline constexpr std::size_t kMeetingMailLines = 20'000; ///< content lines of such a part
inline constexpr std::size_t kMeetingRequests = 200;     ///< answers in one MeetingResponse request
inline constexpr std::size_t kMeetingQueue =
    10'000; ///< messages about meetings that wait in one account to be sent
inline constexpr std::size_t kRoomOccurrences =
    400; ///< occurrences of a booking that a room looks at
inline constexpr std::size_t kCardProperty = 8U << 20U; ///< bytes of one vCard property (a photo)
inline constexpr std::size_t kCardBytes = 16U << 20U;   ///< bytes of one vCard
inline constexpr std::size_t kCardProperties =
    10'000;                                         ///< properties of one vCard (a group's members)
inline constexpr std::size_t kCardParameters = 100; ///< parameters of one property
inline constexpr std::size_t kCardHead = 64U << 10U; ///< bytes of a property's name and parameters
inline constexpr std::size_t kCardComponents =
    10'000; ///< components or list entries of one value; the rest is one entry
inline constexpr std::size_t kCardIndexValues =
    64; ///< e-mail addresses, and phones, indexed of one vCard
inline constexpr std::size_t kEasPicture =
    48U << 10U; ///< bytes of a contact's picture as base64; MS-ASCNTC 2.2.2.58
inline constexpr std::size_t kEasContactText =
    256U << 10U; ///< bytes of one text element of a contact; the note is kEasNote
inline constexpr std::size_t kEasNote =
    3U << 20U; ///< bytes of a contact's note: escaped it stays below kCardProperty
inline constexpr std::size_t kEasLabels =
    300; ///< categories or children of one item; MS-ASCNTC 2.2.2.20

// Passwords (hardening section 5.7)
inline constexpr std::size_t kPasswordBytes =
    1'024; ///< bytes of a password; longer ones would only buy CPU time of argon2id
inline constexpr std::size_t kCachedCredentials = 100'000; ///< verified credentials kept in memory
inline constexpr auto kCredentialLife = 10min;             ///< life of a verified credential
inline constexpr std::size_t kLimiterBuckets =
    200'000; ///< counters of failed sign-ins before stale ones are dropped
inline constexpr std::size_t kDirectoryCache = 100'000; ///< accounts and addresses kept in memory

// Autodiscover (hardening X1)
inline constexpr std::size_t kDiscoveryBytes = 16U << 10U; ///< bytes of a request

// Logs and administration
inline constexpr std::size_t kLogValue = 1'024; ///< bytes shown of one value in a log line
inline constexpr std::size_t kAdminRequest =
    1U << 20U; ///< bytes of one line on the administration socket
inline constexpr std::size_t kAdminAnswer = 256U
                                            << 20U; ///< bytes of one answer line (a long listing)

// Blob files
inline constexpr std::size_t kBlobChunk =
    1U << 20U; ///< bytes read at once when a blob is checked or streamed; bounds memory per reader

// Verify and maintenance of the store (hardening R7, R14)
inline constexpr std::size_t kVerifyFindings =
    10'000; ///< findings kept of one examination, and of a whole run; more are counted
inline constexpr std::size_t kVerifyReferences =
    100'000; ///< blob references counted at once; bounds the memory of verify
inline constexpr std::size_t kTombstones =
    100'000; ///< tombstones, and window moves, kept of one account; older cursors start afresh
inline constexpr std::size_t kPruneStep = 2'000; ///< rows removed in one commit of maintenance
inline constexpr std::size_t kLogBytes =
    64U << 20U; ///< bytes of a write-ahead log above which maintenance shortens it

// JMAP (RFC 8620 2: the session tells them)
inline constexpr std::size_t kJsonDepth = 48;        ///< nesting of a JSON text; hardening H6
inline constexpr std::size_t kJsonMembers = 100'000; ///< members of one object or array
inline constexpr std::size_t kJsonName = 1'024;      ///< bytes of a member's name
inline constexpr std::size_t kJsonString = 40U
                                           << 20U; ///< bytes of one string (data of Blob/upload)
inline constexpr std::size_t kJmapUpload = 160U << 20U; ///< bytes of one upload: maxSizeUpload
inline constexpr std::size_t kJmapUploads = 4; ///< of an account at once: maxConcurrentUpload
inline constexpr std::size_t kJmapRequest = 16U << 20U; ///< bytes of a request: maxSizeRequest
inline constexpr std::size_t kJmapRequests = 8; ///< of an account at once: maxConcurrentRequests
inline constexpr std::size_t kJmapCalls = 64;   ///< of one request: maxCallsInRequest
inline constexpr std::size_t kJmapGet = 1'000;  ///< objects of one /get: maxObjectsInGet
inline constexpr std::size_t kJmapSet = 1'000;  ///< objects of one /set: maxObjectsInSet
inline constexpr std::size_t kJmapChanges =
    50'000; ///< rows looked at by one /changes; more: start afresh
inline constexpr std::size_t kJmapQuery = 5'000;       ///< ids of one page of a /query
inline constexpr std::size_t kJmapPatch = 1'000;       ///< members of one PatchObject
inline constexpr std::size_t kThreadMails = 2'000;     ///< mails shown of one conversation
inline constexpr std::size_t kJmapSources = 64;        ///< of one blob: maxDataSources
inline constexpr std::size_t kIdentities = 100;        ///< of one account
inline constexpr std::size_t kSignature = 256U << 10U; ///< bytes of an identity's signatures
inline constexpr std::size_t kJmapAnswer = 64U << 20U; ///< bytes of one answer
inline constexpr std::size_t kJmapListeners = 64;      ///< event sources of one account
inline constexpr auto kJmapPing = 300s;      ///< an event source is pinged at least so often
inline constexpr auto kJmapUploadLife = 24h; ///< an uploaded blob that nothing uses is kept so long

// Search and conversations (hardening H6, R7)
inline constexpr std::size_t kConversationKeys =
    100; ///< message ids of one mail by which it finds its conversation
inline constexpr std::size_t kSearchText =
    1U << 20U; ///< bytes of a message's or object's text that search looks at
inline constexpr std::size_t kSearchHeader = 64U << 10U; ///< bytes of its header fields, likewise
inline constexpr std::size_t kSearchConditions = 1'000;  ///< conditions of one query
inline constexpr std::size_t kSearchDepth = 32;          ///< nesting of its conditions
inline constexpr std::size_t kSearchWords = 64;          ///< words of one condition
inline constexpr std::size_t kSearchTerm = 4'096;        ///< bytes of one text searched for
inline constexpr std::size_t kSearchKeys = 16;           ///< sort keys of one query
inline constexpr std::size_t kSearchOwners = 1'000;      ///< accounts of one query
inline constexpr std::size_t kIndexBatch = 100; ///< items that one commit of the indexer takes
inline constexpr std::size_t kIndexBatchBytes =
    8U << 20U;                               ///< bytes of text after which such a commit ends early
inline constexpr std::size_t kSnippet = 255; ///< bytes of a snippet; RFC 8621 5
} // namespace lockstep::limits
