// A calendar object as a tree of components with their properties.
// Spec: RFC 5545 3.4, 3.6. Unknown components and properties are kept as they are.
// Errors: bad_syntax (unbalanced BEGIN/END, not one object), too_large (limits::kIcalBytes,
// kIcalLines, kIcalDepth).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/ical/content_line.hpp"

namespace lockstep::ical {

/// Properties are written before sub-components. Depth is bounded, so that the destructor's
/// recursion is, too.
struct Component {
    std::string name; ///< upper case: VCALENDAR, VEVENT, ...
    std::vector<Property> properties;
    std::vector<Component> children;

    [[nodiscard]] const Property* find(std::string_view property) const;
    [[nodiscard]] Property* find(std::string_view property);
    /// Raw value of the first property of that name, or empty.
    [[nodiscard]] std::string_view value_of(std::string_view property) const;
    /// The same as TEXT, unescaped.
    [[nodiscard]] std::string text_of(std::string_view property) const;
    [[nodiscard]] bool has(std::string_view property) const { return find(property) != nullptr; }

    /// Replaces the first property of that name in its place and removes further ones; appends when
    /// there is none.
    void set(Property property);
    /// Sets only the value, keeping parameters of an existing property.
    void set_value(std::string_view property, std::string value);
    /// set_value with TEXT escaping; an empty text removes the property.
    void set_text(std::string_view property, std::string_view text);
    void remove(std::string_view property);

    friend bool operator==(const Component&, const Component&) = default;
};

/// Parses exactly one object (VCALENDAR or vCard); blank lines around it are tolerated.
[[nodiscard]] Result<Component> parse(std::string_view bytes);
[[nodiscard]] std::string serialize(const Component& component);

/// A new VCALENDAR with PRODID and VERSION and no component.
[[nodiscard]] Component new_calendar();

} // namespace lockstep::ical
