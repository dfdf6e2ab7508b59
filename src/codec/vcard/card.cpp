// Properties and cards: access and change.
// Spec and invariants: card.hpp.
#include "codec/vcard/card.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {

Property::Property(std::string name, std::string value, std::vector<Parameter> parameters)
    : name_(std::move(name)), parameters_(std::move(parameters)), value_(std::move(value)) {}

std::string_view Property::parameter(std::string_view name) const {
    for (const auto& parameter : parameters_)
        if (parameter.name == name && !parameter.values.empty())
            return parameter.values.front();
    return {};
}

bool Property::has_type(std::string_view type) const {
    for (const auto& parameter : parameters_) {
        if (parameter.name != "TYPE")
            continue;
        for (const auto& value : parameter.values)
            for (const auto part : split(value, ','))
                if (iequals(trim(part), type))
                    return true;
    }
    return false;
}

std::string Property::text() const { return unescape(value_); }

int Property::preference() const {
    constexpr int kNone = 101;
    if (const auto text = parameter("PREF"); !text.empty()) {
        const auto number = parse_int<int>(text);
        return number && *number >= 1 && *number <= 100 ? *number : kNone;
    }
    return has_type("pref") ? 1 : kNone;
}

void Property::set_value(std::string value) {
    value_ = std::move(value);
    raw_.clear();
}

void Property::set_text(std::string_view text) { set_value(escape(text)); }

void Property::set_name(std::string name) {
    name_ = std::move(name);
    raw_.clear();
}

void Property::set_group(std::string group) {
    group_ = std::move(group);
    raw_.clear();
}

void Property::set_parameters(std::vector<Parameter> parameters) {
    parameters_ = std::move(parameters);
    raw_.clear();
}

const Property* Card::find(std::string_view name) const {
    for (const auto& property : properties)
        if (property.name() == name)
            return &property;
    return nullptr;
}

Property* Card::find(std::string_view name) {
    for (auto& property : properties)
        if (property.name() == name)
            return &property;
    return nullptr;
}

std::string Card::text_of(std::string_view name) const {
    const auto* property = find(name);
    return property == nullptr ? std::string() : property->text();
}

std::string Card::label_of(const Property& property) const {
    if (property.group().empty())
        return {};
    for (const auto& other : properties)
        if (other.name() == "X-ABLABEL" && iequals(other.group(), property.group()))
            return other.text();
    return {};
}

std::string Card::free_group() const {
    std::uint64_t highest = 0;
    for (const auto& property : properties)
        if (istarts_with(property.group(), "item"))
            if (const auto number = parse_int<std::uint32_t>(property.group().substr(4)))
                highest = std::max<std::uint64_t>(highest, *number);
    return "item" + std::to_string(highest + 1);
}

} // namespace lockstep::vcard
