// What calendar, task and note items have in common in their stored form: text, labels, privacy,
// alarms, stamps. Spec: RFC 5545 3.8.1 (DESCRIPTION, CATEGORIES, CLASS), 3.6.6 (VALARM), 3.8.7;
// X-ALT-DESC of Outlook for HTML.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/ical/component.hpp"

namespace lockstep::eas {

/// DESCRIPTION, and X-ALT-DESC when it is HTML.
[[nodiscard]] ItemText item_text(const ical::Component& item);
void set_item_text(ical::Component& item, const ItemText& text);
/// Whether a device sent back what it was shown: only blanks at the end may differ.
[[nodiscard]] bool is_echo(const ItemText& sent, const ItemText& shown);

/// All CATEGORIES.
[[nodiscard]] std::vector<std::string> item_labels(const ical::Component& item);
void set_item_labels(ical::Component& item, const std::vector<std::string>& labels);

/// Sensitivity 0 normal, 1 personal, 2 private, 3 confidential from and to CLASS.
[[nodiscard]] int item_sensitivity(const ical::Component& item);
void set_item_sensitivity(ical::Component& item, int sensitivity);

/// Alarms that show or sound: the protocol's reminder is the first of them.
[[nodiscard]] bool is_shown_alarm(const ical::Component& child);
/// Sets the trigger of the first shown alarm, or adds one.
void set_item_alarm(ical::Component& item, ical::Property trigger);
void remove_item_alarms(ical::Component& item);

/// A calendar object with one new component: UID and stamps.
[[nodiscard]] ical::Component new_item(const std::string& kind, const EventContext& context);
/// The new bytes with stamps brought up to date, or `stored` itself when the item is as it was.
/// bad_value when it became too large.
[[nodiscard]] Result<std::string> finish_item(
    ical::Component& calendar, ical::Component& item, const ical::Component& before,
    std::string_view stored, const EventContext& context
);

} // namespace lockstep::eas
