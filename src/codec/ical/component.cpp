// Component trees, built and written without recursion.
// Spec: RFC 5545 3.4, 3.6.
#include "codec/ical/component.hpp"

#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ical {

const Property* Component::find(std::string_view property) const {
    for (const auto& p : properties)
        if (iequals(p.name(), property))
            return &p;
    return nullptr;
}

Property* Component::find(std::string_view property) {
    return const_cast<Property*>(std::as_const(*this).find(property));
}

std::string_view Component::value_of(std::string_view property) const {
    const auto* p = find(property);
    return p == nullptr ? std::string_view{} : std::string_view(p->value());
}

std::string Component::text_of(std::string_view property) const {
    return unescape_text(value_of(property));
}

void Component::set(Property property) {
    bool placed = false;
    for (auto it = properties.begin(); it != properties.end();) {
        if (it->name() != property.name()) {
            ++it;
        } else if (placed) {
            it = properties.erase(it);
        } else {
            if (*it != property)
                *it = property;
            placed = true;
            ++it;
        }
    }
    if (!placed)
        properties.push_back(std::move(property));
}

void Component::set_value(std::string_view property, std::string value) {
    if (auto* p = find(property))
        p->set_value(std::move(value));
    else
        properties.emplace_back(std::string(property), std::move(value));
}

void Component::set_text(std::string_view property, std::string_view text) {
    if (text.empty())
        remove(property);
    else
        set_value(property, escape_text(text));
}

void Component::remove(std::string_view property) {
    std::erase_if(properties, [&](const Property& p) { return iequals(p.name(), property); });
}

Result<Component> parse(std::string_view bytes) {
    if (bytes.size() > limits::kIcalBytes)
        return fail(Code::too_large, "calendar object too large");
    LineCursor lines(bytes);
    std::vector<Component> open;
    std::string_view line;
    bool done = false;
    Component result;
    while (lines.next(line)) {
        if (lines.count() > limits::kIcalLines)
            return fail(Code::too_large, "too many content lines");
        if (done)
            return fail(Code::bad_syntax, "something follows the object");
        TRY(auto property, Property::parse(line));
        if (property.name() == "BEGIN") {
            if (open.size() >= limits::kIcalDepth)
                return fail(Code::too_large, "components nested too deep");
            open.emplace_back().name = upper(trim(property.value()));
        } else if (open.empty()) {
            return fail(Code::bad_syntax, "a property outside of a component");
        } else if (property.name() == "END") {
            if (!iequals(trim(property.value()), open.back().name))
                return fail(Code::bad_syntax, "END of another component");
            Component closed = std::move(open.back());
            open.pop_back();
            if (open.empty()) {
                result = std::move(closed);
                done = true;
            } else {
                open.back().children.push_back(std::move(closed));
            }
        } else {
            open.back().properties.push_back(std::move(property));
        }
    }
    if (!done)
        return fail(Code::bad_syntax, "the object has no end");
    return result;
}

std::string serialize(const Component& component) {
    struct Frame {
        const Component* component;
        std::size_t child;
    };
    std::string out;
    std::vector<Frame> stack{{&component, 0}};
    while (!stack.empty()) {
        auto& [node, child] = stack.back();
        if (child == 0) {
            out += "BEGIN:" + node->name + "\r\n";
            for (const auto& property : node->properties)
                property.append_to(out);
        }
        if (child < node->children.size()) {
            const auto* next = &node->children[child++];
            stack.push_back({next, 0});
            continue;
        }
        out += "END:" + node->name + "\r\n";
        stack.pop_back();
    }
    return out;
}

Component new_calendar() {
    Component calendar{"VCALENDAR", {}, {}};
    calendar.properties.emplace_back("VERSION", "2.0");
    calendar.properties.emplace_back("PRODID", "-//Lockstep//Lockstep//EN");
    return calendar;
}

} // namespace lockstep::ical
