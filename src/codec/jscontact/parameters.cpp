// Parameters of properties, and members of objects.
#include <algorithm>

#include "base/text.hpp"
#include "codec/jscontact/sections.hpp"

namespace lockstep::jscontact {

using vcard::Property;

std::string text_member(const json::Object& object, std::string_view name) {
    return std::string(json::text_of(object, name).value_or(std::string_view()));
}

void set_parameter(Property& property, std::string_view name, std::vector<std::string> values) {
    auto parameters = property.parameters();
    const auto found = std::ranges::find(parameters, name, &vcard::Parameter::name);
    if (found == parameters.end() ? values.empty() : found->values == values)
        return;
    std::erase_if(parameters, [&](const auto& parameter) { return parameter.name == name; });
    if (!values.empty())
        parameters.push_back({std::string(name), std::move(values)});
    property.set_parameters(std::move(parameters));
}

void set_types(
    Property& property, const std::vector<std::string>& on, const std::vector<std::string>& off
) {
    const auto wrong = [&](const std::string& type) { return property.has_type(type); };
    if (std::ranges::all_of(on, wrong) && std::ranges::none_of(off, wrong))
        return;
    std::vector<std::string> types;
    for (const auto& parameter : property.parameters()) {
        if (parameter.name != "TYPE")
            continue;
        for (const auto& value : parameter.values)
            for (const auto each : split(value, ','))
                if (const auto type = lower(trim(each));
                    !type.empty() && std::ranges::find(off, type) == off.end() &&
                    std::ranges::find(types, type) == types.end())
                    types.push_back(type);
    }
    for (const auto& type : on)
        if (std::ranges::find(types, type) == types.end())
            types.push_back(type);
    set_parameter(property, "TYPE", std::move(types));
}

} // namespace lockstep::jscontact
