// CalendarEvent/get and CalendarEvent/parse.
// Spec: draft-ietf-jmap-calendars-29 5.7, 5.13.
#include "base/limits.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/blob_parse.hpp"
#include "protocols/jmap/event.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"

namespace lockstep::jmap {
namespace {

struct EventWishes {
    GetRequest request;
    std::optional<std::int64_t> before, after; ///< UTC seconds
    bool reduce = false;
    ical::ZonePtr floating = ical::utc_zone();
};

std::expected<EventWishes, MethodError>
read_event_get(const Call& call, const json::Object& object) {
    Arguments arguments(object);
    EventWishes wishes;
    auto request = read_get(call, arguments, {});
    if (!request)
        return std::unexpected(std::move(request).error());
    wishes.request = std::move(*request);
    const auto date = [&](const char* name) -> std::optional<std::int64_t> {
        const auto text = arguments.text(name);
        const auto us = text ? json::parse_utc_date(*text) : std::nullopt;
        if (text && !us)
            arguments.wrong(name, "is no UTCDateTime");
        return us ? std::optional(*us / 1'000'000) : std::nullopt;
    };
    wishes.before = date("recurrenceOverridesBefore");
    wishes.after = date("recurrenceOverridesAfter");
    wishes.reduce = arguments.truth("reduceParticipants").value_or(false);
    if (const auto zone = arguments.text("timeZone")) {
        auto found = ical::load_zone(*zone);
        if (found)
            wishes.floating = std::move(*found);
        else
            arguments.wrong("timeZone", "is no time zone");
    }
    if (auto problem = arguments.problem())
        return std::unexpected(std::move(*problem));
    return wishes;
}

void cut_overrides(json::Object& event, const EventWishes& wishes) {
    auto* overrides = event.if_contains("recurrenceOverrides");
    if (overrides == nullptr || (!wishes.before && !wishes.after))
        return;
    json::Object kept, at;
    if (const auto* zone = json::find(event, "timeZone"))
        at["timeZone"] = *zone;
    for (const auto& member : overrides->get_object()) {
        at["start"] = member.key();
        const auto range = jscalendar::utc_range(at, wishes.floating);
        if (range && (!wishes.before || range->start < *wishes.before) &&
            (!wishes.after || range->start >= *wishes.after))
            kept[member.key()] = member.value();
    }
    *overrides = std::move(kept);
}

/// Only members that were asked for; computed ones only then.
json::Object picked(json::Object event, const EventWishes& wishes) {
    if (wishes.reduce)
        event.erase("hideAttendees"); // said by what is left out
    const auto& properties = wishes.request.properties;
    if (properties && (properties->contains("utcStart") || properties->contains("utcEnd")))
        if (const auto range = jscalendar::utc_range(event, wishes.floating)) {
            event["utcStart"] = json::utc_date(range->start * 1'000'000);
            event["utcEnd"] = json::utc_date(range->end * 1'000'000);
        }
    return pick(std::move(event), wishes.request);
}

struct FoundEvent {
    model::Item item;
    json::Object object;
    std::string bytes;
};

/// The event or occurrence of an id; nothing when there is none.
std::optional<json::Object> event_of(
    const FoundEvent& found, const ObjectId& id, const EventWishes& wishes,
    const office::Actor& actor
) {
    auto event = found.object;
    if (!id.instance.empty()) {
        const auto recurrence = jscalendar::instance_id(id.instance);
        const bool recurs =
            event.contains("recurrenceRule") || event.contains("recurrenceOverrides");
        auto instance =
            recurs ? jscalendar::instance_of(event, recurrence) : std::optional<json::Object>();
        if (!instance)
            return std::nullopt;
        event = std::move(*instance);
        add_place(event_kind(), found.item, event);
        event["baseEventId"] = event.at("id");
        event["id"] = occurrence_id(found.item.id, recurrence);
        if (wishes.request.properties) {
            event["recurrenceRule"] = nullptr;
            event["recurrenceOverrides"] = nullptr;
        }
    } else {
        cut_overrides(event, wishes);
        add_place(event_kind(), found.item, event);
    }
    if (wishes.reduce)
        reduce_participants(event, actor.account.address);
    if (id.instance.empty())
        add_blob(found.item, wishes.request, event);
    if (wishes.request.properties && wishes.request.wants("iCalendar"))
        event["iCalendar"] = found.bytes;
    return event;
}

Task<std::expected<std::map<std::int64_t, FoundEvent>, MethodError>>
find_events(Call& call, const office::Owner& owner, const std::vector<std::string>& ids) {
    std::set<model::ItemId> items;
    for (const auto& id : ids)
        if (const auto parsed = parse_object_id(event_kind(), id))
            items.insert(parsed->item);
    std::map<std::int64_t, FoundEvent> found;
    const ShowContext context{call.actor(), owner};
    std::function<void(office::ObjectRecord)> visit = [&](office::ObjectRecord record) {
        if (auto shown = event_kind().show(context, record.item, record.bytes))
            found[record.item.id.value] = {record.item, std::move(*shown), std::move(record.bytes)};
    };
    const auto visited = co_await office::visit_objects(
        call.office(), call.actor(), owner, model::ItemClass::event,
        std::vector<model::ItemId>(items.begin(), items.end()), std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    co_return found;
}

} // namespace

Task<Outcome> event_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    auto wishes = read_event_get(call, object);
    if (!wishes)
        co_return std::unexpected(std::move(wishes).error());
    if (!wishes->request.ids) {
        auto listed = co_await office::list_objects(
            call.office(), call.actor(), *owner, model::ItemClass::event, {}, limits::kJmapGet + 1
        );
        CO_GET(const auto all, std::move(listed));
        if (all.size() > limits::kJmapGet)
            co_return refuse("requestTooLarge", "there are more than maxObjectsInGet");
        wishes->request.ids.emplace();
        for (const auto id : all)
            wishes->request.ids->push_back(item_id(id));
    }
    auto state =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::event);
    CO_GET(const auto shelf, std::move(state));
    const auto found = co_await find_events(call, *owner, *wishes->request.ids);
    if (!found)
        co_return std::unexpected(found.error());
    GetResponse response{account_id(owner->id), office::text_of(shelf.items), {}, {}};
    for (const auto& id : *wishes->request.ids) {
        const auto parsed = parse_object_id(event_kind(), id);
        const auto at = parsed ? found->find(parsed->item.value) : found->end();
        std::optional<json::Object> event;
        if (at != found->end())
            event = event_of(at->second, *parsed, *wishes, call.actor());
        if (event)
            response.list.push_back(picked(std::move(*event), *wishes));
        else
            response.not_found.emplace_back(id);
    }
    co_return response.take();
}

namespace {

std::vector<json::Object> events_of_file(const std::string& bytes) {
    std::vector<json::Object> events;
    const auto objects = jscalendar::split_objects(bytes, jscalendar::Kind::event);
    for (const auto& each : objects.value_or(std::vector<std::string>())) {
        if (events.size() >= limits::kJmapGet)
            break;
        if (auto event = jscalendar::read_object(each, jscalendar::Kind::event))
            events.push_back(std::move(*event));
    }
    return events;
}

} // namespace

Task<Outcome> event_parse(Call& call, const json::Object& object) {
    co_return co_await parse_blobs(call, object, events_of_file);
}

} // namespace lockstep::jmap
