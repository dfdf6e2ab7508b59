// Principal/getAvailability.
// Spec: draft-ietf-jmap-calendars-29 2.2. Deviation: details of events are not told here; who may
// read them finds them with CalendarEvent/query.
#include "base/limits.hpp"
#include "codec/json/date.hpp"
#include "office/free_busy.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

/// Null for what blocks no time.
json::Value busy_word(ical::Busy kind) {
    switch (kind) {
    case ical::Busy::busy:
        return "confirmed";
    case ical::Busy::tentative:
        return "tentative";
    case ical::Busy::away:
        return "unavailable";
    case ical::Busy::free:
    case ical::Busy::elsewhere:
        break;
    }
    return nullptr;
}

} // namespace

Task<Outcome> principal_availability(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto id = arguments.text("id");
    const auto date = [&](const char* name) {
        const auto text = arguments.text(name);
        const auto us = text ? json::parse_utc_date(*text) : std::nullopt;
        if (!us)
            arguments.wrong(name, "is no UTCDateTime");
        return us.value_or(0) / 1'000'000;
    };
    const auto from = date("utcStart"), to = date("utcEnd");
    arguments.truth("showDetails");
    arguments.texts("eventProperties");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    const auto who = id ? number_of('p', *id) : std::nullopt;
    if (!who)
        co_return refuse("notFound");
    if (to - from > static_cast<std::int64_t>(limits::kFreeBusyDays) * 86'400)
        co_return refuse("tooLarge");
    if (to <= from)
        co_return refuse("invalidArguments", "utcEnd is not after utcStart");
    const auto found =
        co_await office::free_busy(call.office(), call.actor(), model::AccountId{*who}, from, to);
    if (!found && found.error().code == Code::not_found)
        co_return refuse("notFound");
    if (!found)
        co_return std::unexpected(method_error(found.error()));
    json::Array list;
    for (const auto& each : found->times) {
        auto word = busy_word(each.kind);
        if (word.is_null())
            continue;
        list.push_back(json::Object{
            {"utcStart", json::utc_date(each.from * 1'000'000)},
            {"utcEnd", json::utc_date(each.to * 1'000'000)},
            {"busyStatus", std::move(word)},
            {"event", nullptr},
        });
    }
    co_return json::Object{{"accountId", account_id(owner->id)}, {"list", std::move(list)}};
}

} // namespace lockstep::jmap
