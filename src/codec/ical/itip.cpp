// Words of iTIP, and the looks at objects that both sides need.
#include "codec/ical/itip.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/itip_parts.hpp"

namespace lockstep::ical {
namespace {

using itip::is_event;

constexpr std::array<std::string_view, 8> kMethodNames{"PUBLISH", "REQUEST",       "REPLY",
                                                       "ADD",     "CANCEL",        "REFRESH",
                                                       "COUNTER", "DECLINECOUNTER"};

} // namespace

std::optional<Method> method_of(std::string_view word) {
    for (std::size_t i = 0; i < kMethodNames.size(); ++i)
        if (iequals(trim(word), kMethodNames[i]))
            return static_cast<Method>(i);
    return std::nullopt;
}

std::string_view name_of(Method method) { return kMethodNames[static_cast<std::size_t>(method)]; }

bool Participant::is(std::string_view address) const {
    return std::ranges::find(addresses, address) != addresses.end();
}

const Component* main_event(const Component& calendar) {
    const Component* found = nullptr;
    for (const auto& child : calendar.children)
        if (is_event(child) &&
            (found == nullptr || (found->has("RECURRENCE-ID") && !child.has("RECURRENCE-ID"))))
            found = &child;
    return found;
}

std::string organizer_of(const Component& calendar) {
    const auto* event = main_event(calendar);
    return event == nullptr ? std::string() : calendar_address(event->value_of("ORGANIZER"));
}

const Property* find_attendee(const Component& event, std::string_view address) {
    for (const auto& property : event.properties)
        if (property.name() == "ATTENDEE" && calendar_address(property.value()) == address)
            return &property;
    return nullptr;
}

const Property* find_attendee(const Component& event, const Participant& person) {
    for (const auto& property : event.properties)
        if (property.name() == "ATTENDEE" && person.is(calendar_address(property.value())))
            return &property;
    return nullptr;
}

std::int64_t sequence_of(const Component& event) {
    const auto number = parse_int<std::int64_t>(trim(event.value_of("SEQUENCE"))).value_or(0);
    return std::clamp<std::int64_t>(number, 0, 2'000'000'000);
}

std::int64_t stamp_of(const Component& event) {
    const auto moment = parse_moment(trim(event.value_of("DTSTAMP")));
    return moment ? moment->civil : 0;
}

bool is_cancelled(const Component& event) {
    return iequals(trim(event.value_of("STATUS")), "CANCELLED");
}

std::optional<std::int64_t> find_occurrence(const Series& series, std::int64_t utc) {
    const auto civil = series.on_clock({TimeKind::utc, utc, {}});
    const auto day = midnight_of(civil);
    std::optional<std::int64_t> found;
    for (const auto each : series.original_starts(day, day + kDay - 1, limits::kEasExceptions)) {
        if (series.is_excluded(each))
            continue;
        if (each == civil)
            return each;
        if (!found)
            found = each;
    }
    return found;
}

Component occurrence_component(const Series& series, std::int64_t civil) {
    if (const auto it = series.overrides().find(civil); it != series.overrides().end())
        return *it->second;
    auto event = series.master();
    for (const auto* name : {"RRULE", "RDATE", "EXDATE", "EXRULE", "X-LOCKSTEP-CALENDAR-TYPE"})
        event.remove(name);
    auto start = series.start();
    const auto moved = civil - start.civil;
    start.civil = civil;
    const auto id = moment_property("RECURRENCE-ID", start);
    const auto uid = std::ranges::find(event.properties, std::string("UID"), &Property::name);
    event.properties.insert(uid == event.properties.end() ? uid : std::next(uid), id);
    event.set(moment_property("DTSTART", start));
    if (const auto* end = event.find("DTEND")) {
        if (auto moment = read_moment(*end)) {
            moment->civil += moved;
            event.set(moment_property("DTEND", *moment));
        }
    }
    return event;
}

namespace itip {

std::strong_ordering compare_versions(const Component& a, const Component& b) {
    if (const auto order = sequence_of(a) <=> sequence_of(b); order != 0)
        return order;
    return stamp_of(a) <=> stamp_of(b);
}

std::string fingerprint(const Component& event, std::initializer_list<std::string_view> names) {
    std::multiset<std::string> lines;
    for (const auto& property : event.properties) {
        if (std::ranges::find(names, property.name()) == names.end())
            continue;
        auto line = property.name() + ";" + std::string(property.parameter("TZID")) + ":" +
                    std::string(trim(property.value()));
        lines.insert(std::move(line));
    }
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    return out;
}

std::string timing_of(const Component& event) {
    return fingerprint(event, {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE"});
}

std::optional<std::int64_t> instance_key(const Series* series, const Component& event) {
    const auto* property = event.find("RECURRENCE-ID");
    if (property == nullptr)
        return std::nullopt;
    const auto moment = read_moment(*property);
    if (!moment)
        return std::nullopt;
    if (series == nullptr)
        return moment->civil;
    auto civil = series->on_clock(*moment);
    if (moment->kind == TimeKind::date && !series->all_day())
        civil += series->start().civil - midnight_of(series->start().civil);
    return civil;
}

std::size_t find_override(const Component& calendar, const Series* series, std::int64_t key) {
    for (std::size_t i = 0; i < calendar.children.size(); ++i) {
        const auto& child = calendar.children[i];
        if (is_event(child) && child.has("RECURRENCE-ID") && instance_key(series, child) == key)
            return i;
    }
    return kNone;
}

void include_again(Component& master, const Series& series, std::int64_t civil) {
    std::vector<Property> kept;
    for (auto& property : master.properties) {
        if (property.name() == "EXDATE") {
            std::string left;
            for (const auto part : split(property.value(), ',')) {
                const auto moment = parse_moment(part, property.parameter("TZID"));
                if (!moment || series.on_clock(*moment) != civil)
                    left += (left.empty() ? "" : ",") + std::string(part);
            }
            if (left.empty())
                continue;
            property.set_value(std::move(left));
        }
        kept.push_back(std::move(property));
    }
    master.properties = std::move(kept);
}

void adopt_zones(Component& to, const Component& from) {
    std::vector<Component> missing;
    for (const auto& zone : from.children) {
        if (zone.name != "VTIMEZONE")
            continue;
        const bool known = std::ranges::any_of(to.children, [&](const Component& child) {
            return child.name == "VTIMEZONE" && child.value_of("TZID") == zone.value_of("TZID");
        });
        if (!known)
            missing.push_back(zone);
    }
    to.children.insert(to.children.begin(), missing.begin(), missing.end());
}

void mark_cancelled(Component& event) {
    event.set_value("STATUS", "CANCELLED");
    event.set_value("TRANSP", "TRANSPARENT");
    if (event.has("X-MICROSOFT-CDO-BUSYSTATUS"))
        event.set_value("X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
}

void set_stamp(Component& event, std::int64_t now) {
    event.set_value("DTSTAMP", format_moment({TimeKind::utc, now, {}}));
}

Component message_shell(const Component& calendar, Method method) {
    auto shell = new_calendar();
    shell.properties.emplace_back("METHOD", std::string(name_of(method)));
    for (const auto& child : calendar.children)
        if (child.name == "VTIMEZONE")
            shell.children.push_back(child);
    return shell;
}

Component for_others(const Component& event) {
    auto out = event;
    out.children.clear();
    const auto busy = std::string(trim(event.value_of("X-MICROSOFT-CDO-BUSYSTATUS")));
    std::erase_if(out.properties, [](const Property& property) {
        const auto& name = property.name();
        return name.starts_with("X-LOCKSTEP-") || name == "CATEGORIES" ||
               name == "X-MICROSOFT-CDO-BUSYSTATUS" || name == "CREATED" || name == "LAST-MODIFIED";
    });
    if (!busy.empty())
        out.set_value("X-MICROSOFT-CDO-INTENDEDSTATUS", busy);
    for (auto& property : out.properties)
        if (property.name() == "ATTENDEE")
            property.remove_parameter("X-LOCKSTEP-REPLIED");
    return out;
}

bool is_meeting(const Component& calendar) {
    const auto* main = main_event(calendar);
    if (main == nullptr || trim(main->value_of("UID")).empty() || organizer_of(calendar).empty())
        return false;
    std::size_t count = 0;
    for (const auto& child : calendar.children) {
        if (!is_event(child))
            continue;
        const auto organizer = calendar_address(child.value_of("ORGANIZER"));
        if (++count > limits::kIcalOverrides || child.value_of("UID") != main->value_of("UID") ||
            (!organizer.empty() && organizer != organizer_of(calendar)))
            return false;
    }
    return true;
}

} // namespace itip
} // namespace lockstep::ical
