// CalendarEvent/query and CalendarEvent/queryChanges.
// Spec: draft-ietf-jmap-calendars-29 5.11, 5.12. Invariants: only events whose window meets the
// time that is asked for are read; expansion is bounded.
#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/event.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::size_t kEventsLookedAt = 50'000;
constexpr std::size_t kOccurrences = 20'000;    ///< of one query
constexpr const char* kSortStart = "\x01start"; ///< members of candidates that nobody is shown
constexpr const char* kLow = "\x01low";
constexpr const char* kHigh = "\x01high";

constexpr std::array<std::string_view, 10> kEventConditions{"inCalendar", "after", "before",
                                                            "text",       "title", "description",
                                                            "location",   "owner", "participant",
                                                            "uid"};
constexpr std::array<std::string_view, 5> kEventSorts{
    "start", "uid", "recurrenceId", "created", "updated"
};

/// What one event says under a condition: itself and its overrides.
std::string event_texts(const json::Object& event, std::string_view condition) {
    constexpr std::array<std::string_view, 2> kPlace{"name", "description"};
    constexpr std::array<std::string_view, 2> kPerson{"name", "email"};
    const auto text = [&](std::string_view name) {
        return std::string(json::text_of(event, name).value_or("")) + "\n";
    };
    std::string out;
    const bool all = condition == "text";
    if (all || condition == "title")
        out += text("title");
    if (all || condition == "description")
        out += text("description");
    if (all || condition == "location")
        out += entry_texts(event, "locations", kPlace);
    if (all || condition == "participant")
        out += entry_texts(event, "participants", kPerson);
    if (all)
        out += entry_texts(event, "virtualLocations", kPlace);
    if (const auto* keywords = json::find(event, "keywords"); all && keywords != nullptr)
        for (const auto& member : keywords->get_object())
            out += std::string(member.key().data(), member.key().size()) + "\n";
    if (condition == "owner")
        if (const auto* people = json::find(event, "participants"))
            for (const auto& member : people->get_object()) {
                const auto& person = member.value().get_object();
                const auto* roles = json::find(person, "roles");
                if (roles != nullptr && roles->is_object() && roles->get_object().contains("owner"))
                    out += std::string(json::text_of(person, "name").value_or("")) + "\n" +
                           std::string(json::text_of(person, "email").value_or("")) + "\n";
            }
    const auto* overrides = json::find(event, "recurrenceOverrides");
    if (overrides != nullptr && overrides->is_object())
        for (const auto& patch : overrides->get_object())
            for (const auto& member : patch.value().get_object())
                if (const std::string_view path(member.key().data(), member.key().size());
                    all || path.substr(0, path.find('/')).starts_with(condition))
                    out += all_texts(member.value());
    return out;
}

bool event_meets(const json::Object& event, std::string_view name, const json::Value& value) {
    if (name == "inCalendar") {
        const auto* calendars = json::find(event, "calendarIds");
        return calendars != nullptr && value.is_string() &&
               calendars->get_object().contains(value.get_string());
    }
    if (name == "uid") {
        const auto* uid = json::find(event, "uid");
        return uid != nullptr && *uid == value;
    }
    // The times were made instants before: see read_event_query().
    if (name == "after")
        return json::integer_of(event.at(kHigh)).value_or(0) > json::integer_of(value).value_or(0);
    if (name == "before")
        return json::integer_of(event.at(kLow)).value_or(0) < json::integer_of(value).value_or(0);
    return value.is_string() && has_words(event_texts(event, name), json::view(value.get_string()));
}

std::string event_key(const json::Object& event, std::string_view property) {
    return std::string(
        json::text_of(event, property == "start" ? std::string_view(kSortStart) : property)
            .value_or("")
    );
}

const QueryKind& event_query_kind() {
    static const QueryKind kind{
        event_kind(), kEventConditions, kEventSorts, event_meets, event_key
    };
    return kind;
}

struct EventQuery {
    Page page;
    ObjectFilter filter;
    std::vector<ObjectOrder> orders;
    bool expand = false;
    ical::ZonePtr zone = ical::utc_zone();
    std::int64_t from = -1LL << 40, to = 1LL << 40; ///< UTC seconds, of the only condition
    bool bounded = false;                           ///< by that condition
};

/// Makes instants of local times in every condition; false: one is none.
bool settle_times(json::Object& filter, const ical::ZonePtr& zone) {
    std::vector<json::Object*> open{&filter};
    while (!open.empty()) {
        auto* object = open.back();
        open.pop_back();
        for (const auto* name : {"after", "before"})
            if (auto* value = object->if_contains(name); value != nullptr && !value->is_null()) {
                const auto civil = value->is_string()
                                       ? jscalendar::parse_local(json::view(value->get_string()))
                                       : std::nullopt;
                if (!civil)
                    return false;
                *value = zone->to_utc(*civil);
            }
        if (auto* below = object->if_contains("conditions"); below && below->is_array())
            for (auto& each : below->get_array())
                if (each.is_object())
                    open.push_back(&each.get_object());
    }
    return true;
}

std::expected<EventQuery, MethodError> read_event_query(const Call& call, Arguments& arguments) {
    EventQuery query;
    query.page = read_page(arguments);
    query.expand = arguments.truth("expandRecurrences").value_or(false);
    if (const auto zone = arguments.text("timeZone")) {
        auto found = ical::load_zone(*zone);
        if (!found)
            return refuse("invalidArguments", "timeZone is no time zone");
        query.zone = std::move(*found);
    }
    if (const auto* given = arguments.object("filter")) {
        auto filter = *given;
        if (!settle_times(filter, query.zone))
            return refuse("invalidArguments", "after or before is no LocalDateTime");
        auto read = ObjectFilter::read(call, filter, event_query_kind());
        if (!read)
            return std::unexpected(std::move(read).error());
        query.filter = std::move(*read);
    }
    auto orders = read_object_order(arguments, event_query_kind());
    if (!orders)
        return std::unexpected(std::move(orders).error());
    query.orders = std::move(*orders);
    if (query.orders.empty())
        query.orders.push_back({"start", false});
    const auto* condition = query.filter.only_condition();
    const auto* after = condition ? json::find(*condition, "after") : nullptr;
    const auto* before = condition ? json::find(*condition, "before") : nullptr;
    if (after != nullptr && after->is_int64())
        query.from = after->get_int64();
    if (before != nullptr && before->is_int64())
        query.to = before->get_int64();
    query.bounded = (after && after->is_int64()) || (before && before->is_int64());
    if (query.expand && !(after && after->is_int64() && before && before->is_int64()))
        return refuse("invalidArguments", "expandRecurrences needs after and before alone");
    if (query.expand && query.to - query.from > kExpandedSeconds)
        return refuse("expandDurationTooLarge");
    return query;
}

/// Collects results on the store thread.
struct EventCollector {
    const EventQuery& query;
    const ShowContext& context;
    std::vector<Candidate> out;
    bool complete = true;

    void take(const office::ObjectRecord& record);
    void add(std::string id, json::Object event, std::int64_t start) {
        event[kSortStart] = json::utc_date(start * 1'000'000);
        if (query.filter.meets(event, event_query_kind()))
            out.push_back({std::move(id), std::move(event)});
    }
};

void EventCollector::take(const office::ObjectRecord& record) {
    auto shown = event_kind().show(context, record.item, record.bytes);
    if (!shown)
        return;
    auto event = std::move(*shown);
    add_place(event_kind(), record.item, event);
    event[kLow] = record.item.window.low / 1'000'000;
    event[kHigh] = record.item.window.high / 1'000'000;
    const auto range = jscalendar::utc_range(event, query.zone);
    const auto start = range ? range->start : 0;
    const bool recurs = event.contains("recurrenceRule") || event.contains("recurrenceOverrides");
    if (!query.bounded || (!recurs && !query.expand)) {
        if (query.bounded && range && !recurs) {
            event[kLow] = range->start;
            // Something without length is over when it begins, but lies in its second.
            event[kHigh] = std::max(range->end, range->start + 1);
        }
        add(item_id(record.item.id), std::move(event), start);
        return;
    }
    const auto most = query.expand ? kOccurrences - std::min(kOccurrences, out.size()) : 1;
    const auto found = jscalendar::instances_of(
        record.bytes, jscalendar::Kind::event, query.from, query.to, most, query.zone
    );
    if (!found)
        return;
    complete = complete && (found->complete || !query.expand);
    if (!query.expand) {
        if (found->all.empty())
            return;
        event[kLow] = query.from;
        event[kHigh] = query.from + 1;
        add(item_id(record.item.id), std::move(event), start);
        return;
    }
    for (const auto& each : found->all) {
        auto one = each.id.empty() ? std::optional(event) : jscalendar::instance_of(event, each.id);
        if (!one)
            continue;
        (*one)[kLow] = each.start;
        (*one)[kHigh] = std::max(each.end, each.start + 1);
        add(each.id.empty() ? item_id(record.item.id) : occurrence_id(record.item.id, each.id),
            std::move(*one), each.start);
    }
}

} // namespace

Task<Outcome> event_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto query = read_event_query(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!query)
        co_return std::unexpected(std::move(query).error());
    auto begun =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::event);
    CO_GET(const auto shelf, std::move(begun));
    office::ObjectRange range;
    if (query->bounded) {
        // Windows of dates are those of the account's zone: a day more on both sides.
        range.low = (query->from - 86'400) * 1'000'000;
        range.high = (query->to + 86'400) * 1'000'000;
    }
    auto listed = co_await office::list_objects(
        call.office(), call.actor(), *owner, model::ItemClass::event, range, kEventsLookedAt
    );
    CO_GET(auto ids, std::move(listed));
    std::ranges::sort(ids);
    const ShowContext context{call.actor(), *owner};
    EventCollector collector{*query, context, {}};
    std::function<void(office::ObjectRecord)> visit = [&](office::ObjectRecord record) {
        collector.take(record);
    };
    const auto visited = co_await office::visit_objects(
        call.office(), call.actor(), *owner, model::ItemClass::event, std::move(ids),
        std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    if (!collector.complete || collector.out.size() >= kOccurrences)
        co_return refuse("cannotCalculateOccurrences");
    sort_candidates(collector.out, query->orders, event_query_kind());
    if (query->page.anchor)
        query->page.anchor = call.resolve(*query->page.anchor);
    co_return answer_query(
        query->page, *owner, office::text_of(shelf.items), collector.out, !query->bounded
    );
}

Task<Outcome> event_query_changes(Call& call, const json::Object& object) {
    auto rest = object;
    rest.erase("timeZone");
    const auto* expand = json::find(rest, "expandRecurrences");
    const bool expands = expand != nullptr && *expand == json::Value(true);
    rest.erase("expandRecurrences");
    // What a stretch of time holds may change with no event's change: an endless series goes on.
    const auto text = json::write(json::Value(rest));
    if (expands || text.find("\"after\"") != std::string::npos ||
        text.find("\"before\"") != std::string::npos) {
        const auto owner = call.account(object);
        if (!owner)
            co_return std::unexpected(owner.error());
        co_return refuse("cannotCalculateChanges");
    }
    co_return co_await query_object_changes(call, rest, event_query_kind());
}

} // namespace lockstep::jmap
