// Alerts: VALARMs that show, sound or write mail.
// Spec: jscalendarbis 4.5.1; RFC 5545 3.6.6; RFC 9074.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/jscalendar/member.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;
using ical::Property;

constexpr std::size_t kAlerts = 50; ///< of one event

std::vector<std::string> alert_keys(const Component& c) {
    std::vector<std::string> out;
    for (const auto& child : c.children) {
        if (child.name != "VALARM")
            continue;
        std::string key(child.value_of("UID"));
        if (!is_key(key) || std::ranges::find(out, key) != out.end())
            key = fmt::format("a{}", out.size() + 1);
        out.push_back(std::move(key));
    }
    return out;
}

json::Object show_alert(const Component& alarm) {
    json::Object trigger;
    if (const auto* property = alarm.find("TRIGGER")) {
        const auto moment = ical::parse_moment(property->value());
        if (moment && moment->kind == ical::TimeKind::utc) {
            trigger["@type"] = "AbsoluteTrigger";
            trigger["when"] = local_text(moment->civil) + "Z";
        } else {
            trigger["offset"] = property->value();
            if (iequals(property->parameter("RELATED"), "END"))
                trigger["relativeTo"] = "end";
        }
    }
    json::Object out{{"trigger", std::move(trigger)}};
    if (iequals(alarm.value_of("ACTION"), "EMAIL"))
        out["action"] = "email";
    if (const auto seen = ical::parse_moment(alarm.value_of("ACKNOWLEDGED")))
        out["acknowledged"] = local_text(seen->civil) + "Z";
    return out;
}

void show_alerts(const Show&, const Component& c, json::Object& out) {
    json::Object map;
    const auto keys = alert_keys(c);
    std::size_t at = 0;
    for (const auto& child : c.children)
        if (child.name == "VALARM")
            map[keys[at++]] = show_alert(child);
    if (!map.empty())
        out["alerts"] = std::move(map);
}

/// "2026-01-01T09:00:00Z" as a UTC value of iCalendar; empty for anything else.
std::string utc_value(std::string_view text) {
    if (!text.ends_with('Z'))
        return {};
    const auto civil = parse_local(text.substr(0, 19));
    return civil ? ical::format_moment({ical::TimeKind::utc, *civil, {}}) : std::string();
}

bool put_trigger(Component& alarm, const json::Object& trigger) {
    if (const auto when = json::text_of(trigger, "when")) {
        auto value = utc_value(*when);
        if (value.empty())
            return false;
        alarm.set(Property("TRIGGER", std::move(value), {{"VALUE", {"DATE-TIME"}}}));
        return true;
    }
    const auto offset = json::text_of(trigger, "offset");
    if (!offset || !ical::parse_span(*offset))
        return false;
    Property property("TRIGGER", std::string(*offset));
    if (json::text_of(trigger, "relativeTo").value_or("start") == "end")
        property.set_parameter("RELATED", "END");
    alarm.set(std::move(property));
    return true;
}

bool put_alert(Component& alarm, const json::Object& alert, const std::string& title) {
    const auto* trigger = json::find(alert, "trigger");
    if (trigger == nullptr || !trigger->is_object())
        return false;
    const auto shown = show_alert(alarm);
    if (const auto* had = json::find(shown, "trigger");
        !alarm.has("TRIGGER") || had == nullptr || *had != *trigger)
        if (!put_trigger(alarm, trigger->get_object()))
            return false;
    const auto action = json::text_of(alert, "action").value_or("display");
    if (action != "display" && action != "email")
        return false;
    if (!alarm.has("ACTION") || (action == "email") != shown.contains("action"))
        alarm.set_value("ACTION", action == "email" ? "EMAIL" : "DISPLAY");
    if (!alarm.has("DESCRIPTION"))
        alarm.set_text("DESCRIPTION", title.empty() ? "Reminder" : title);
    if (action == "email" && !alarm.has("SUMMARY"))
        alarm.set_text("SUMMARY", title.empty() ? "Reminder" : title);
    const auto seen = json::text_of(alert, "acknowledged");
    if (!seen) {
        alarm.remove("ACKNOWLEDGED");
        return true;
    }
    auto value = utc_value(*seen);
    if (value.empty())
        return false;
    alarm.set_value("ACKNOWLEDGED", std::move(value));
    return true;
}

bool put_alerts(const Show&, Component& c, const Change& change) {
    const auto* value = change.now("alerts");
    if (value != nullptr && !value->is_object())
        return false;
    const auto wanted = value ? value->get_object() : json::Object();
    if (wanted.size() > kAlerts)
        return false;
    const auto title = change.text("title");
    const auto keys = alert_keys(c);
    std::vector<Component> out;
    std::size_t at = 0;
    for (auto& child : c.children) {
        if (child.name == "VALARM") {
            const auto& key = keys[at++];
            const auto* alert = json::find(wanted, key);
            if (alert == nullptr)
                continue;
            if (!alert->is_object())
                return false;
            if (show_alert(child) != alert->get_object()) {
                if (!put_alert(child, alert->get_object(), title))
                    return false;
                child.set_value("UID", key);
            }
        }
        out.push_back(std::move(child));
    }
    for (const auto& member : wanted) {
        const std::string key(member.key().data(), member.key().size());
        if (std::ranges::find(keys, key) != keys.end())
            continue;
        Component alarm{"VALARM", {}, {}};
        if (!is_key(key) || !member.value().is_object() ||
            !put_alert(alarm, member.value().get_object(), title))
            return false;
        alarm.set_value("UID", key);
        out.push_back(std::move(alarm));
    }
    c.children = std::move(out);
    return true;
}

constexpr Member kAlertMembers[] = {{"alerts", show_alerts, put_alerts}};

} // namespace

std::span<const Member> alert_members() { return kAlertMembers; }

} // namespace lockstep::jscalendar
