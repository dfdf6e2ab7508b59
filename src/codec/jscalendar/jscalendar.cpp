// The way between a calendar object and a JSCalendar Event or Task.
#include "codec/jscalendar/jscalendar.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/series.hpp"
#include "codec/jscalendar/member.hpp"
#include "codec/json/patch.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;

constexpr std::string_view kKeptProperty = "JSPROP";
const FileName kNoName;

std::string_view name_of_kind(Kind kind) { return kind == Kind::event ? "VEVENT" : "VTODO"; }
std::string_view type_of_kind(Kind kind) { return kind == Kind::event ? "Event" : "Task"; }

/// The component without RECURRENCE-ID, else the first one; null when there is none.
Component* main_component(Component& calendar, Kind kind) {
    Component* first = nullptr;
    for (auto& child : calendar.children) {
        if (child.name != name_of_kind(kind))
            continue;
        if (!child.has("RECURRENCE-ID"))
            return &child;
        if (first == nullptr)
            first = &child;
    }
    return first;
}

json::Object show_own(const Show& show, const Component& component) {
    json::Object out{{"@type", type_of_kind(show.kind)}};
    show_times(show, component, out);
    for (const auto members : {text_members(), map_members(), people_members(), alert_members()})
        for (const auto& member : members)
            member.show(show, component, out);
    return out;
}

/// Members that are said elsewhere, or that nobody keeps.
constexpr std::string_view kUnkept[] = {"recurrenceRule", "recurrenceOverrides",
                                        "recurrenceId",   "recurrenceIdTimeZone",
                                        "prodId",         "descriptionContentType",
                                        "method",         "excluded"};

void keep_beside(const Show& show, Component& component, const json::Object& wanted) {
    component.remove(kKeptProperty);
    for (const auto& [path, value] : json::missing_members(wanted, show_own(show, component)))
        if (std::ranges::find(kUnkept, path) == std::end(kUnkept))
            component.properties.emplace_back(
                std::string(kKeptProperty), ical::escape_text(json::write(value)),
                std::vector<ical::Parameter>{{"JSPTR", {path}}}
            );
}

json::Object show_all(const Show& show, const Component& calendar, const Component& main) {
    auto out = show_component(show, main);
    if (const auto id = calendar.text_of("PRODID"); !id.empty())
        out["prodId"] = id;
    if (const auto* recurrence = main.find("RECURRENCE-ID")) {
        if (const auto moment = ical::read_moment(*recurrence))
            out["recurrenceId"] = local_text(moment->civil);
        return out;
    }
    if (auto rule = show_rule(main, show.zones))
        out["recurrenceRule"] = std::move(*rule);
    auto overrides = show_overrides(show, calendar, out);
    if (!overrides.empty())
        out["recurrenceOverrides"] = std::move(overrides);
    return out;
}

std::string put_recurrence(Component& main, const Change& change) {
    const auto* rule = change.now("recurrenceRule");
    const bool same = !change.differs("recurrenceRule") && !change.differs("start") &&
                      !change.differs("timeZone") && !change.differs("showWithoutTime");
    if (same)
        return {};
    if (rule == nullptr) {
        main.remove("RRULE");
        return {};
    }
    if (!rule->is_object() || !change.now("start") || !put_rule(main, rule->get_object()))
        return "recurrenceRule";
    return {};
}

/// Brings a calendar object to what is wanted; the name of what makes no sense, or empty.
std::string put_all(
    const Show& show, Component& calendar, const json::Object& before, const json::Object& wanted
) {
    auto* main = main_component(calendar, show.kind);
    const Change change{before, wanted};
    if (change.differs("recurrenceId") && !before.empty())
        return "recurrenceId";
    auto wrong = put_component(show, *main, change);
    if (wrong.empty() && !main->has("RECURRENCE-ID")) {
        wrong = put_recurrence(*main, change);
        if (wrong.empty())
            wrong = put_overrides(show, calendar, before, wanted);
    }
    return wrong;
}

Component new_object(Kind kind) {
    auto calendar = ical::new_calendar();
    calendar.children.push_back({std::string(name_of_kind(kind)), {}, {}});
    return calendar;
}

std::expected<std::string, Wrong> finish(Component& calendar, Kind kind, std::int64_t now) {
    auto* main = main_component(calendar, kind);
    main->set_value("DTSTAMP", ical::format_moment({ical::TimeKind::utc, now, {}}));
    ical::add_missing_zones(calendar, now);
    if (kind == Kind::event) {
        const auto series = ical::Series::read(calendar, "VEVENT", ical::utc_zone());
        if (!series)
            return std::unexpected(Wrong{"recurrenceRule", series.error().text});
    }
    auto bytes = ical::serialize(calendar);
    if (bytes.size() > limits::kIcalBytes || !ical::parse(bytes))
        return std::unexpected(Wrong{{}, "is too large"});
    return bytes;
}

} // namespace

json::Object show_component(const Show& show, const Component& component) {
    constexpr std::string_view kMapsOfObjects[] = {"locations",    "virtualLocations", "links",
                                                   "participants", "alerts",           "relatedTo"};
    auto out = show_own(show, component);
    for (const auto& property : component.properties) {
        if (property.name() != kKeptProperty)
            continue;
        const auto path = property.parameter("JSPTR");
        const auto first = path.substr(0, path.find('/'));
        // Objects come from anywhere: what is not ours to keep is not shown either.
        if (std::ranges::find(kUnkept, first) != std::end(kUnkept) || first == "id" ||
            first == "keywords" || first.ends_with("Ids") || first == "taskListId")
            continue;
        if (auto value = json::parse(ical::unescape_text(property.value())))
            json::add_member(out, path, std::move(*value));
    }
    json::keep_maps(out, kMapsOfObjects);
    return out;
}

std::string put_component(const Show& show, Component& component, const Change& change) {
    for (const auto members : {text_members(), map_members(), people_members(), alert_members()}) {
        for (const auto& member : members) {
            const bool content =
                member.name == "description" && change.differs("descriptionContentType");
            if ((change.differs(member.name) || content) && !member.put(show, component, change))
                return std::string(member.name);
        }
        if (members.data() == text_members().data())
            if (auto wrong = put_times(show, component, change); !wrong.empty())
                return wrong;
    }
    keep_beside(show, component, change.after);
    return {};
}

Result<json::Object> read_object(std::string_view ical, Kind kind, const FileName& name) {
    TRY(auto calendar, ical::parse(ical));
    const auto* main = main_component(calendar, kind);
    if (main == nullptr)
        return fail(Code::bad_value, "no component of the kind");
    ical::ObjectZones zones(calendar, ical::utc_zone());
    return show_all({kind, zones, name}, calendar, *main);
}

std::expected<std::string, Wrong>
write_object(std::string_view stored, json::Object wanted, Kind kind, std::int64_t now) {
    if (const auto type = json::text_of(wanted, "@type"); type && *type != type_of_kind(kind))
        return std::unexpected(Wrong{"@type", "is another type"});
    Component calendar = new_object(kind);
    if (!stored.empty()) {
        auto parsed = ical::parse(stored);
        if (!parsed || main_component(*parsed, kind) == nullptr)
            return std::unexpected(Wrong{{}, "cannot be read"});
        calendar = std::move(*parsed);
    }
    for (const auto* name : {"id", "calendarIds", "baseEventId", "isOrigin", "taskListId"})
        wanted.erase(name);
    if (wanted.contains("method"))
        return std::unexpected(Wrong{"method", "cannot be set"});
    json::strip_types(wanted);
    wanted["@type"] = type_of_kind(kind);
    const auto known = calendar;
    ical::ObjectZones zones(known, ical::utc_zone());
    const Show show{kind, zones, kNoName};
    const auto before =
        stored.empty() ? json::Object() : show_all(show, calendar, *main_component(calendar, kind));
    if (!wanted.contains("prodId") && before.contains("prodId"))
        wanted["prodId"] = before.at("prodId");
    if (before == wanted)
        return std::string(stored);
    auto wrong = put_all(show, calendar, before, wanted);
    if (!wrong.empty())
        return std::unexpected(Wrong{wrong, "makes no sense"});
    return finish(calendar, kind, now);
}

Result<File> file_of(std::string_view ical, std::size_t index) {
    TRY(auto calendar, ical::parse(ical));
    for (const auto kind : {Kind::event, Kind::task}) {
        const auto* main = main_component(calendar, kind);
        if (main == nullptr || index >= main->properties.size())
            continue;
        const auto& property = main->properties[index];
        if (property.name() != "ATTACH" || !iequals(property.parameter("ENCODING"), "BASE64"))
            break;
        File file;
        file.type = property.parameter("FMTTYPE");
        file.name = property.parameter("FILENAME");
        TRY(file.bytes, unbase64(property.value()));
        return file;
    }
    return fail(Code::not_found, "no such file");
}

Result<std::vector<std::string>> split_objects(std::string_view ical, Kind kind) {
    TRY(const auto calendar, ical::parse(ical));
    if (calendar.name != "VCALENDAR")
        return fail(Code::bad_syntax, "not a calendar object");
    std::vector<std::pair<std::string, Component>> objects;
    for (const auto& child : calendar.children) {
        if (child.name != name_of_kind(kind))
            continue;
        const auto uid = std::string(child.value_of("UID"));
        auto at = std::ranges::find(objects, uid, &std::pair<std::string, Component>::first);
        if (at == objects.end() || uid.empty()) {
            Component one{"VCALENDAR", calendar.properties, {}};
            one.remove("METHOD");
            for (const auto& zone : calendar.children)
                if (zone.name == "VTIMEZONE")
                    one.children.push_back(zone);
            objects.emplace_back(uid, std::move(one));
            at = std::prev(objects.end());
        }
        at->second.children.push_back(child);
    }
    std::vector<std::string> out;
    for (const auto& [uid, object] : objects)
        out.push_back(ical::serialize(object));
    return out;
}

} // namespace lockstep::jscalendar
