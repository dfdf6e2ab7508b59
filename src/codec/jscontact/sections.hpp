// The members of a JSContact Card that are maps of entries, one vCard property each.
// Spec: RFC 9555 2. Internal to codec/jscontact. Invariants: what show() makes of a property put()
// makes the same property of again; parameters that neither knows stay.
#pragma once
#include <span>
#include <string_view>

#include "codec/json/json.hpp"
#include "codec/vcard/card.hpp"

namespace lockstep::jscontact {

struct Section {
    std::string_view name;     ///< "emails"
    char prefix;               ///< of ids that the card does not give
    std::string_view property; ///< the vCard name of a new entry; put() may choose another
    bool (*mine)(const vcard::Property& property);
    json::Object (*show)(const vcard::Property& property);
    /// False: the entry makes no sense.
    bool (*put)(vcard::Property& property, const json::Object& entry);
    bool common = true; ///< has contexts, pref and label
};
[[nodiscard]] std::span<const Section> sections();

/// Replaces a parameter; no value: removes it.
void set_parameter(
    vcard::Property& property, std::string_view name, std::vector<std::string> values
);
/// TYPE with these words set and those removed.
void set_types(
    vcard::Property& property, const std::vector<std::string>& on,
    const std::vector<std::string>& off
);
/// The member as text, or empty.
[[nodiscard]] std::string text_member(const json::Object& object, std::string_view name);

// addresses and anniversaries (places.cpp)
[[nodiscard]] json::Object show_address(const vcard::Property& property);
[[nodiscard]] bool put_address(vcard::Property& property, const json::Object& entry);
[[nodiscard]] json::Object show_anniversary(const vcard::Property& property);
[[nodiscard]] bool put_anniversary(vcard::Property& property, const json::Object& entry);

} // namespace lockstep::jscontact
