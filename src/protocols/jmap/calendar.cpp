// Calendar: folders of events.
// Spec: draft-ietf-jmap-calendars-29 4. Deviation: who may write may write every event: the office
// knows no right to one's own events alone.
#include <array>

#include "codec/ical/zone.hpp"
#include "protocols/jmap/folder_facts.hpp"
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/methods_groupware.hpp"

namespace lockstep::jmap {
namespace {

using model::Right;

json::Object calendar_rights(Right right, bool fixed) {
    return {
        {"mayReadFreeBusy", right >= Right::free_busy},
        {"mayReadItems", right >= Right::read},
        {"mayWriteAll", right >= Right::edit},
        {"mayWriteOwn", right >= Right::edit},
        {"mayUpdatePrivate", right >= Right::edit},
        {"mayRSVP", right >= Right::edit},
        {"mayShare", right >= Right::own},
        {"mayDelete", right >= Right::own && !fixed},
    };
}

Right right_of_calendar(const json::Object& rights) {
    const auto has = [&](std::string_view name) { return has_right(rights, name); };
    if (has("mayShare"))
        return Right::own;
    if (has("mayWriteAll"))
        return Right::edit;
    if (has("mayReadItems"))
        return Right::read;
    return has("mayReadFreeBusy") ? Right::free_busy : Right::none;
}

bool is_zone(const json::Value& value) {
    return value.is_string() && ical::load_zone(json::view(value.get_string())).has_value();
}
bool is_availability(const json::Value& value) {
    return value == json::Value("all") || value == json::Value("attending") ||
           value == json::Value("none");
}
/// A map of alerts whose triggers are no instants.
bool are_alerts(const json::Value& value) {
    return value.is_object() && std::ranges::all_of(value.get_object(), [](const auto& member) {
               const auto* trigger = member.value().is_object()
                                         ? json::find(member.value().get_object(), "trigger")
                                         : nullptr;
               return trigger != nullptr && trigger->is_object() &&
                      json::find(trigger->get_object(), "offset") != nullptr;
           });
}

const std::array<FactMember, 8> kCalendarFacts{
    {{"description", nullptr, is_text, true},
     {"color", nullptr, is_color, true},
     {"sortOrder", 0, is_sort_order},
     {"isVisible", true, is_truth},
     {"includeInAvailability", "all", is_availability, false, "none"},
     {"defaultAlertsWithTime", nullptr, are_alerts},
     {"defaultAlertsWithoutTime", nullptr, are_alerts},
     {"timeZone", nullptr, is_zone, true}}
};

const FolderKind kCalendars{"Calendar",         model::ItemClass::event, "onDestroyRemoveEvents",
                            "calendarHasEvent", kCalendarFacts,          calendar_rights,
                            right_of_calendar};

} // namespace

Task<Outcome> calendar_get(Call& call, const json::Object& arguments) {
    co_return co_await get_folders(call, arguments, kCalendars);
}
Task<Outcome> calendar_changes(Call& call, const json::Object& arguments) {
    co_return co_await folder_changes(call, arguments, kCalendars);
}
Task<Outcome> calendar_set(Call& call, const json::Object& arguments) {
    co_return co_await set_folders(call, arguments, kCalendars);
}

} // namespace lockstep::jmap
