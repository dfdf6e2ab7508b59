// Rooms and other resources: they answer by themselves.
// Spec: RFC 5546 3.2.3, RFC 5545 3.2.3 (CUTYPE). Hardening X4, X6: only people of this office book;
// what is looked at is bounded. A series is taken whole or not at all: half a series is nobody's
// wish, and whoever wants single days asks for them.
#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "office/free_busy.hpp"
#include "office/scheduling_incoming.hpp"
#include "office/scheduling_queue.hpp"

namespace lockstep::office {
namespace {

using store::Txn;

constexpr std::int64_t kBookable = 366 * ical::kDay; ///< a room looks so far ahead

/// Whether the time of every occurrence of `object` is free in the resource's other bookings.
Result<bool>
is_free(Txn& txn, Office& office, const MeetingGuest& resource, const ical::Component& object) {
    TRY(const auto series, ical::Series::read(object, "VEVENT", resource.self.zone));
    const auto now = resource.self.now;
    const auto wanted = series.expand(now, now + kBookable, limits::kRoomOccurrences);
    if (wanted.occurrences.empty())
        return true;
    std::int64_t from = wanted.occurrences.front().start, to = from;
    for (const auto& each : wanted.occurrences) {
        from = std::min(from, each.start);
        to = std::max(to, each.end);
    }
    const TimeOwner owner{resource.account.id, resource.account.zone, resource.self.addresses};
    TRY(const auto taken,
        read_free_busy(
            txn, office, owner, from, std::max(to, from + 1), series.master().text_of("UID")
        ));
    return std::ranges::none_of(wanted.occurrences, [&](const ical::Occurrence& each) {
        if (ical::is_cancelled(*each.component))
            return false;
        const auto later = std::ranges::upper_bound(taken.times, each.start, {}, &BusyTime::to);
        return later != taken.times.end() && later->from < each.end;
    });
}

Result<> answer(
    Txn& txn, const MeetingGuest& resource, const ical::Component& request,
    std::string_view participation, std::int64_t now_us
) {
    ical::Answer said;
    said.participation = participation;
    const auto message = ical::answer_message(*ical::main_event(request), said, resource.self);
    return queue_letter(
        txn, resource.account.id, resource.account.id, {message, {}, false}, now_us
    );
}

Result<> book(
    Txn& txn, Office& office, const MeetingGuest& resource, const MeetingMail& mail,
    const std::optional<StoredMeeting>& stored
) {
    auto object = ical::apply_request(
        stored ? &stored->object : nullptr, mail.calendar, mail.from, resource.self
    );
    if (!object)
        return {}; // known already, or older than what is known
    const auto now_us = office.clock.now_us();
    TRY(const bool free, is_free(txn, office, resource, *object));
    if (!free) {
        if (stored && !ical::main_event(mail.calendar)->has("RECURRENCE-ID"))
            CHECK_OK(drop_meeting(txn, resource.account, *stored));
        return answer(txn, resource, mail.calendar, "DECLINED", now_us);
    }
    for (auto& event : object->children)
        if (event.name == "VEVENT" && !ical::is_cancelled(event))
            ical::set_answer(event, resource.self, "ACCEPTED");
    const auto put = put_meeting(txn, office, resource.account, stored, *object);
    if (!put)
        return std::unexpected(put.error());
    return answer(txn, resource, mail.calendar, "ACCEPTED", now_us);
}

} // namespace

Result<>
book_resource(Txn& txn, Office& office, const MeetingGuest& resource, const MeetingMail& mail) {
    if (!mail.inside)
        return {};
    const auto uid = ical::main_event(mail.calendar)->text_of("UID");
    const auto stored = find_meeting(txn, office, resource.account.id, uid);
    if (mail.method == ical::Method::request)
        return book(txn, office, resource, mail, stored);
    if (mail.method != ical::Method::cancel || !stored)
        return {};
    const auto left = ical::apply_cancel(stored->object, mail.calendar, mail.from, resource.self);
    if (!left)
        return {};
    if (ical::is_cancelled(*ical::main_event(*left)))
        return drop_meeting(txn, resource.account, *stored);
    const auto put = put_meeting(txn, office, resource.account, stored, *left);
    if (!put)
        return std::unexpected(put.error());
    return {};
}

} // namespace lockstep::office
