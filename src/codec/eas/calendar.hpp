// The Calendar class of ActiveSync: a stored text/calendar event to ApplicationData, and a client's
// ApplicationData into the stored event. Spec: MS-ASCAL 2.2.2, 3.1.4, 3.2.4; MS-ASAIRS 2.2.2;
// MS-ASCMD 2.2.3.179 (Supported), 2.2.3.24.2 (Change); RFC 5545. Invariants: a merge changes only
// what the protocol can say; properties it does not know keep their bytes and their order. Errors:
// bad_syntax (the stored object), bad_value (the client's data: Status 6), not_found (an instance
// that is not of the series).
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::wbxml {
class Writer;
struct Node;
struct Tag;
enum class Version : std::uint16_t;
} // namespace lockstep::wbxml

namespace lockstep::eas {

struct ItemOptions;

/// Whose calendar it is, and the circumstances of a merge.
struct EventContext {
    std::string owner_email;  ///< address of the mailbox owner: organizer of new meetings, and "me"
                              ///< among the attendees
    std::string owner_name;   ///< display name of the owner
    std::string zone = "UTC"; ///< IANA zone of the owner: floating times, dates, and the zone of
                              ///< blobs that name none
    std::int64_t now = 0;     ///< unix seconds, for DTSTAMP and LAST-MODIFIED of merges
    std::string new_uid;      ///< UID of an added item when the client names none
    std::string server_id;    ///< of the item that is shown: the first half of its file references
};

/// Writes all children of ApplicationData. `ical` is a VCALENDAR with the master and its overrides.
[[nodiscard]] Result<> write_event(
    wbxml::Writer& out, std::string_view ical, const ItemOptions& options,
    const EventContext& context
);

/// Applies an Add (stored empty) or a Change. `supported`: the Supported list that the device
/// declared for the collection, or null when it declared none; only for < 16.0, where absent
/// supported elements are deleted. Returns the new stored form; the very same bytes when nothing
/// changed.
[[nodiscard]] Result<std::string> merge_event(
    std::string_view stored, const wbxml::Node& application_data, wbxml::Version version,
    const EventContext& context, const std::set<wbxml::Tag>* supported = nullptr
);

/// 16.x: a Change of one occurrence, named by AirSyncBase:InstanceId (its original start, compact
/// UTC or a date).
[[nodiscard]] Result<std::string> merge_instance(
    std::string_view stored, std::string_view instance_id, const wbxml::Node& application_data,
    wbxml::Version version, const EventContext& context
);

/// 16.x: a Delete of one occurrence. When no occurrence would be left the result is empty: delete
/// the item.
[[nodiscard]] Result<std::string>
delete_instance(std::string_view stored, std::string_view instance_id, const EventContext& context);

/// The UID that an Add names (UID, or ClientUid at 16.x, cleaned: quirk of trailing NUL); empty
/// when it names none. An Add whose UID is already in the collection is an update of that item.
[[nodiscard]] std::string client_uid(const wbxml::Node& application_data);

/// The answer to a meeting (MeetingResponse, or a ResponseType of a Change) as PARTSTAT.
enum class Reply : std::uint8_t { accepted, tentative, declined };
/// Sets the owner's PARTSTAT in the event, or in the one occurrence named by instance_id (empty:
/// the whole series).
[[nodiscard]] Result<std::string> set_reply(
    std::string_view stored, std::string_view instance_id, Reply reply, const EventContext& context
);

} // namespace lockstep::eas
