// MeetingResponse: the person accepts, tentatively accepts or declines meetings.
// Spec: MS-ASCMD 2.2.1.11; Status 2.2.3.177.9 (1 success, 2 no meeting that can be answered, 3 and
// 4 failures of ours); 104 and 146 of 2.2.2 for an InstanceId; 2.2.3.163 (SendResponse), 2.2.3.140,
// 2.2.3.141 (proposals). Quirks: iOS answers on the calendar folder (7). Up to 14.1 the phone
// itself writes to the organizer. Invariants: each request stands for itself (D8); one that comes
// again is answered as before (W4). No request, too many of them, and an id that no answer
// can name: Status 103.
#include "base/limits_activesync.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "office/folders.hpp"
#include "office/scheduling.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/ids.hpp"
#include "protocols/activesync/one_folder.hpp"

namespace lockstep::activesync {
namespace {

namespace mr = wbxml::meeting_response;
namespace body = wbxml::air_sync_base;
using wbxml::Node;
using wbxml::Version;

constexpr int kSuccess = 1, kInvalid = 2, kMailboxError = 3, kBadInstance = 104,
              kNotRecurring = 146;
constexpr std::size_t kIdBytes = 64, kLongIdBytes = 256;

struct Responded {
    std::optional<std::string> request_id; ///< when the request had one
    int status = kInvalid;
    std::string calendar_id;
    std::string instance_id;
};

/// "2026-11-22T12:00:00.000Z" and nothing else (2.2.3.92.1).
bool is_instance_id(std::string_view text) {
    const auto parsed = eas::parse_wire_date(text);
    return parsed && eas::iso_date(*parsed) == text;
}

std::expected<office::AttendeeReply, int> read_reply(std::string_view text) {
    if (text == "1")
        return office::AttendeeReply::accepted;
    if (text == "2")
        return office::AttendeeReply::tentative;
    if (text == "3")
        return office::AttendeeReply::declined;
    return std::unexpected(kInvalid);
}

/// What the person writes to the organizer, and another time for the meeting. A Status when it is
/// not right.
int read_send(const Exchange& exchange, const Node& request, office::MeetingAnswer& answer) {
    const auto* send = request.find(mr::SendResponse);
    answer.send = send != nullptr && exchange.at_least(Version::v16_0);
    if (!answer.send)
        return kSuccess;
    if (const auto* text = send->find(body::Body)) {
        answer.comment = text->text_of(body::Data);
        answer.comment_is_html = text->text_of(body::Type) == "2";
    }
    const auto start = send->text_of(mr::ProposedStartTime);
    const auto end = send->text_of(mr::ProposedEndTime);
    if ((start.empty() && end.empty()) || !exchange.at_least(Version::v16_1))
        return kSuccess;
    const auto from = eas::parse_wire_date(start), to = eas::parse_wire_date(end);
    if (!from || !to || *from > *to)
        return kInvalid;
    answer.proposal = std::pair(*from, *to);
    return kSuccess;
}

/// Which item is meant: of the person's own, in the folder that the request names.
std::optional<ItemRef> read_item(const Exchange& exchange, const Node& request) {
    const auto self = exchange.actor.account.id;
    const auto long_id = request.text_of(wbxml::search::LongId);
    const auto id = request.text_of(mr::RequestId), folder = request.text_of(mr::CollectionId);
    if (!long_id.empty() && !(id.empty() && folder.empty()))
        return std::nullopt;
    const auto ref = parse_item_id(long_id.empty() ? id : long_id, self);
    if (!ref || ref->folder.owner != self)
        return std::nullopt;
    // A device with one calendar names that one, wherever the event lies.
    const auto named = parse_folder_id(folder, self);
    if (long_id.empty() && named != ref->folder &&
        !(named && takes_one_folder(exchange, model::ItemClass::event)))
        return std::nullopt;
    return ref;
}

int status_of_answer(const Error& error) {
    switch (error.code) {
    case Code::bad_syntax:
        return kBadInstance;
    case Code::unsupported:
        return kNotRecurring;
    case Code::over_quota:
    case Code::too_large:
    case Code::corrupt:
        return kMailboxError;
    case Code::bad_value:
    case Code::not_found:
    case Code::forbidden:
    case Code::exists:
    case Code::conflict:
    case Code::stale:
    case Code::unauthorized:
    case Code::throttled:
    case Code::unavailable:
    case Code::closed:
    case Code::timeout:
    case Code::internal:
        return kInvalid;
    }
    return kInvalid;
}

/// A Status; the answer is filled in when it is kSuccess.
int read_answer(const Exchange& exchange, const Node& request, office::MeetingAnswer& answer) {
    const auto reply = read_reply(request.text_of(mr::UserResponse));
    const auto ref = read_item(exchange, request);
    if (!reply || !ref)
        return kInvalid;
    answer.folder = ref->folder.collection;
    answer.uid = ref->uid;
    answer.reply = *reply;
    if (const auto* instance = request.find(mr::InstanceId)) {
        if (!exchange.at_least(Version::v14_1) || trim(instance->text).empty())
            return kInvalid;
        if (!is_instance_id(instance->text))
            return kBadInstance;
        answer.instance = instance->text;
    }
    answer.name = item_id(ref->folder, ref->uid, exchange.actor.account.id) + "/" +
                  std::string(request.text_of(mr::UserResponse)) + "/" + answer.instance;
    return read_send(exchange, request, answer);
}

Task<Result<Responded>> respond(Exchange& exchange, const Node& request) {
    Responded out;
    if (request.has(mr::RequestId))
        out.request_id = request.text_of(mr::RequestId);
    office::MeetingAnswer answer;
    out.status = read_answer(exchange, request, answer);
    if (out.status != kSuccess)
        co_return out;
    const FolderRef folder{exchange.actor.account.id, answer.folder};
    const auto opened = co_await office::open_folder(
        exchange.office(), exchange.actor, folder.owner, folder.collection, model::Right::edit
    );
    const bool event = opened && opened->collection.item_class == model::ItemClass::event;
    if (!opened || (event && !exchange.at_least(Version::v14_1))) {
        out.status = kInvalid;
        co_return out;
    }
    const auto instance = answer.instance;
    const auto done =
        co_await office::answer_meeting(exchange.office(), exchange.actor, std::move(answer));
    if (!done) {
        const auto code = done.error().code;
        if (code == Code::unavailable || code == Code::timeout || code == Code::internal)
            co_return std::unexpected(done.error());
        out.status = status_of_answer(done.error());
        log::info(
            "eas.meeting_not_answered", {{"account", exchange.actor.account.address},
                                         {"status", out.status},
                                         {"reason", done.error().text}}
        );
        co_return out;
    }
    out.instance_id = instance;
    if (done->uid)
        out.calendar_id = item_id({folder.owner, done->calendar}, done->uid, folder.owner);
    co_return out;
}

} // namespace

Task<Result<Reply>> meeting_response(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    const auto& command = *find_command("MeetingResponse");
    std::vector<Responded> all;
    for (const auto& request : root.all(mr::Request)) {
        if (all.size() >= limits::kMeetingAnswers ||
            request.text_of(mr::RequestId).size() > kIdBytes ||
            request.text_of(mr::CollectionId).size() > kIdBytes ||
            request.text_of(wbxml::search::LongId).size() > kLongIdBytes)
            co_return reply_status(command, exchange.version, Common::invalid_xml, 400);
        CO_TRY(auto responded, co_await respond(exchange, request));
        all.push_back(std::move(responded));
    }
    if (all.empty())
        co_return reply_status(command, exchange.version, Common::invalid_xml, 400);
    wbxml::Writer out(exchange.version);
    out.open(mr::MeetingResponse);
    for (const auto& each : all) {
        out.open(mr::Result);
        if (each.request_id)
            out.element(mr::RequestId, *each.request_id);
        out.element(mr::Status, each.status);
        if (!each.calendar_id.empty())
            out.element(mr::CalendarId, each.calendar_id);
        if (!each.instance_id.empty())
            out.element_if_allowed(mr::InstanceId, each.instance_id);
        out.close();
    }
    out.close();
    co_return reply_of(out);
}

} // namespace lockstep::activesync
