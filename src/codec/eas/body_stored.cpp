// The common properties of stored items.
// Spec: RFC 5545 3.8.1, 3.8.7.
#include "codec/eas/body_stored.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "codec/ical/vtimezone.hpp"

namespace lockstep::eas {
namespace {

std::string_view without_tail(std::string_view text) {
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

ItemText item_text(const ical::Component& item) {
    ItemText text{item.text_of("DESCRIPTION"), {}};
    const auto* html = item.find("X-ALT-DESC");
    if (html != nullptr && iequals(html->parameter("FMTTYPE"), "text/html"))
        text.html = ical::unescape_text(html->value());
    return text;
}

void set_item_text(ical::Component& item, const ItemText& text) {
    item.set_text("DESCRIPTION", text.plain);
    item.remove("X-ALT-DESC");
    if (text.html.empty())
        return;
    ical::Property html("X-ALT-DESC", ical::escape_text(text.html));
    html.set_parameter("FMTTYPE", "text/html");
    item.properties.push_back(std::move(html));
}

bool is_echo(const ItemText& sent, const ItemText& shown) {
    if (sent.html.empty())
        return without_tail(sent.plain) == without_tail(shown_plain(shown));
    return without_tail(sent.html) == without_tail(shown_html(shown));
}

std::vector<std::string> item_labels(const ical::Component& item) {
    std::vector<std::string> out;
    for (const auto& property : item.properties)
        if (property.name() == "CATEGORIES")
            for (auto& label : ical::split_text(property.value()))
                out.push_back(std::move(label));
    return out;
}

void set_item_labels(ical::Component& item, const std::vector<std::string>& labels) {
    std::string value;
    for (const auto& label : labels)
        value += (value.empty() ? "" : ",") + ical::escape_text(label);
    if (value.empty())
        item.remove("CATEGORIES");
    else
        item.set(ical::Property("CATEGORIES", value));
}

int item_sensitivity(const ical::Component& item) {
    const auto visibility = upper(trim(item.value_of("CLASS")));
    if (visibility.empty() || visibility == "PUBLIC")
        return 0;
    if (visibility == "CONFIDENTIAL")
        return 3;
    return visibility == "X-PERSONAL" ? 1 : 2; // unknown names are private (RFC 5545 3.8.1.3)
}

void set_item_sensitivity(ical::Component& item, int sensitivity) {
    constexpr std::array<std::string_view, 4> kNames{
        "PUBLIC", "X-PERSONAL", "PRIVATE", "CONFIDENTIAL"
    };
    item.set_value("CLASS", std::string(kNames[static_cast<std::size_t>(sensitivity)]));
}

bool is_shown_alarm(const ical::Component& child) {
    const auto action = trim(child.value_of("ACTION"));
    return child.name == "VALARM" && child.has("TRIGGER") &&
           (action.empty() || iequals(action, "DISPLAY") || iequals(action, "AUDIO"));
}

void set_item_alarm(ical::Component& item, ical::Property trigger) {
    const auto it = std::ranges::find_if(item.children, is_shown_alarm);
    if (it != item.children.end()) {
        it->set(std::move(trigger));
        it->remove("ACKNOWLEDGED");
        return;
    }
    ical::Component alarm{"VALARM", {}, {}};
    alarm.properties.emplace_back("ACTION", "DISPLAY");
    alarm.properties.emplace_back("DESCRIPTION", "Reminder");
    alarm.properties.push_back(std::move(trigger));
    item.children.push_back(std::move(alarm));
}

void remove_item_alarms(ical::Component& item) { std::erase_if(item.children, is_shown_alarm); }

ical::Component new_item(const std::string& kind, const EventContext& context) {
    auto calendar = ical::new_calendar();
    ical::Component item{kind, {}, {}};
    item.properties.emplace_back("UID", ical::escape_text(context.new_uid));
    item.properties.emplace_back("DTSTAMP", compact_date(context.now));
    item.properties.emplace_back("CREATED", compact_date(context.now));
    calendar.children.push_back(std::move(item));
    return calendar;
}

Result<std::string> finish_item(
    ical::Component& calendar, ical::Component& item, const ical::Component& before,
    std::string_view stored, const EventContext& context
) {
    if (!stored.empty() && item == before)
        return std::string(stored);
    item.set_value("LAST-MODIFIED", compact_date(context.now));
    item.set_value("DTSTAMP", compact_date(context.now));
    ical::add_missing_zones(
        calendar, context.now
    ); // `item` may have moved: it is not used any more
    auto bytes = ical::serialize(calendar);
    if (!ical::parse(bytes))
        return fail(Code::bad_value, "the item would be too large");
    return bytes;
}

} // namespace lockstep::eas
