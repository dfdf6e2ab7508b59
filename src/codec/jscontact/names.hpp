// Members of a JSContact Card that are not maps of entries: name, kind, stamps, keywords, people.
// Spec: RFC 9555 2.2-2.6, 2.9. Internal to codec/jscontact.
#pragma once
#include <optional>
#include <string>

#include "codec/json/json.hpp"
#include "codec/vcard/card.hpp"

namespace lockstep::jscontact {

/// Adds what these properties say.
void show_plain(const vcard::Card& card, json::Object& out);
/// Makes the card say it; only what differs between `before` and `after` is touched. The name of a
/// member that makes no sense, or empty.
[[nodiscard]] std::string
put_plain(vcard::Card& card, const json::Object& before, const json::Object& after);
/// FN, which every card has: derived from the rest when the Card gives no full name.
void settle_full_name(vcard::Card& card, const json::Object& before, const json::Object& after);

} // namespace lockstep::jscontact
