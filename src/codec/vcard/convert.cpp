// 3.0 <-> 4.0.
// Spec and invariants: convert.hpp.
#include "codec/vcard/convert.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/vcard/relations.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {

namespace {

struct Renaming {
    std::string_view in_3;
    std::string_view in_4;
};
constexpr std::array<Renaming, 2> kRenamings = {{
    {"X-ADDRESSBOOKSERVER-KIND", "KIND"},
    {"X-ADDRESSBOOKSERVER-MEMBER", "MEMBER"},
}};

bool is_binary(std::string_view name) {
    return name == "PHOTO" || name == "LOGO" || name == "SOUND" || name == "KEY";
}

std::string_view default_family(std::string_view name) {
    return name == "SOUND" ? "audio" : name == "KEY" ? "application" : "image";
}

/// A media type of 3.0's TYPE parameter ("JPEG"), or the parameter as it stands when it has a
/// slash.
std::string media_type_of(const Property& property) {
    auto type = lower(property.parameter("TYPE"));
    if (type.find('/') != std::string::npos)
        return type;
    if (type == "jpg" || type.empty())
        type = "jpeg";
    return std::string(default_family(property.name())) + '/' + type;
}

std::vector<Parameter> without(std::vector<Parameter> parameters, std::string_view name) {
    std::erase_if(parameters, [&](const Parameter& parameter) { return parameter.name == name; });
    return parameters;
}

/// The base64 text of a data URI and its media type; empty when it is none.
std::pair<std::string_view, std::string_view> split_data_uri(std::string_view uri) {
    if (!istarts_with(uri, "data:"))
        return {};
    const auto comma = uri.find(',');
    if (comma == std::string_view::npos)
        return {};
    const auto head = uri.substr(5, comma - 5);
    const auto marker = ifind(head, ";base64");
    if (marker == std::string_view::npos)
        return {};
    return {head.substr(0, head.find(';')), uri.substr(comma + 1)};
}

void binary_to_4(Property& property) {
    if (iequals(property.parameter("ENCODING"), "b")) {
        auto value = "data:" + media_type_of(property) + ";base64," + property.value();
        auto parameters = without(without(property.parameters(), "ENCODING"), "TYPE");
        property.set_parameters(without(std::move(parameters), "VALUE"));
        property.set_value(std::move(value));
    }
}

void binary_to_3(Property& property) {
    const auto [type, data] = split_data_uri(property.value());
    if (data.empty())
        return;
    auto parameters = without(without(property.parameters(), "MEDIATYPE"), "VALUE");
    const auto slash = type.find('/');
    const bool short_form = type.substr(0, slash) == default_family(property.name());
    parameters.push_back({"ENCODING", {"b"}});
    parameters.push_back({"TYPE", {short_form ? upper(type.substr(slash + 1)) : std::string(type)}}
    );
    std::string value(data);
    property.set_parameters(std::move(parameters));
    property.set_value(std::move(value));
}

/// TYPE=pref of 3.0 is PREF=1 of 4.0.
void preference_to_4(Property& property) {
    if (!property.has_type("pref"))
        return;
    auto parameters = property.parameters();
    for (auto& parameter : parameters)
        if (parameter.name == "TYPE")
            std::erase_if(parameter.values, [](const auto& value) {
                return iequals(value, "pref");
            });
    std::erase_if(parameters, [](const Parameter& p) {
        return p.name == "TYPE" && p.values.empty();
    });
    parameters.push_back({"PREF", {"1"}});
    property.set_parameters(std::move(parameters));
}

void preference_to_3(Property& property) {
    const auto preference = property.parameter("PREF");
    if (preference.empty())
        return;
    const bool first = preference == "1"; // the other ranks have no word in 3.0: order says it
    auto parameters = without(property.parameters(), "PREF");
    if (first)
        parameters.push_back({"TYPE", {"pref"}});
    property.set_parameters(std::move(parameters));
}

/// "YYYY-MM-DD" <-> "YYYYMMDD"; other forms of dates stay.
std::string date_to(std::string_view value, bool extended) {
    std::string digits;
    for (const char c : value)
        if (c != '-')
            digits += c;
    const bool full =
        digits.size() == 8 && std::ranges::all_of(digits, is_digit) && !value.starts_with('-');
    if (!full)
        return std::string(value);
    if (!extended)
        return digits;
    return digits.substr(0, 4) + '-' + digits.substr(4, 2) + '-' + digits.substr(6);
}

void rename_all(Card& card, bool to_4) {
    for (const auto& renaming : kRenamings) {
        const auto from = to_4 ? renaming.in_3 : renaming.in_4;
        const auto to = to_4 ? renaming.in_4 : renaming.in_3;
        if (card.find(to) != nullptr)
            continue; // both there: leave them alone
        for (auto& property : card.properties)
            if (property.name() == from)
                property.set_name(std::string(to));
    }
}

/// SORT-STRING of 3.0 is the parameter SORT-AS of N in 4.0.
void sort_key(Card& card, bool to_4) {
    auto* name = card.find("N");
    if (name == nullptr)
        return;
    auto parameters = name->parameters();
    if (to_4) {
        const auto key = card.text_of("SORT-STRING");
        if (key.empty())
            return;
        parameters.push_back({"SORT-AS", {key}});
        name->set_parameters(std::move(parameters));
        std::erase_if(card.properties, [](const auto& p) { return p.name() == "SORT-STRING"; });
        return;
    }
    const std::string key(name->parameter("SORT-AS"));
    if (key.empty() || card.find("SORT-STRING") != nullptr)
        return;
    name->set_parameters(without(std::move(parameters), "SORT-AS"));
    card.properties.emplace_back("SORT-STRING", escape(key));
}

void convert_property(Property& property, bool to_4) {
    if (is_binary(property.name())) {
        if (to_4) {
            binary_to_4(property);
        } else {
            binary_to_3(property);
        }
    }
    if (to_4) {
        preference_to_4(property);
    } else {
        preference_to_3(property);
    }
    if (property.name() == "BDAY" || property.name() == "ANNIVERSARY" ||
        property.name() == "X-ANNIVERSARY" || property.name() == "X-ABDATE") {
        if (auto value = date_to(property.value(), !to_4); value != property.value())
            property.set_value(std::move(value));
    }
}

} // namespace

void convert(Card& card, Version target) {
    const bool to_4 = target == Version::v4_0;
    const bool is_4 = card.version == Version::v4_0;
    if (to_4 == is_4)
        return;
    card.version = to_4 ? Version::v4_0 : Version::v3_0;
    for (auto& property : card.properties)
        convert_property(property, to_4);
    rename_all(card, to_4);
    convert_relations(card);
    sort_key(card, to_4);
    if (!to_4 && card.find("N") == nullptr) // 3.0 requires it
        card.properties.emplace_back("N", with_component("", 0, card.text_of("FN"), 5));
}

Result<std::string> convert(std::string_view bytes, Version target) {
    TRY(auto card, parse(bytes));
    const auto wanted = target == Version::v2_1 ? Version::v3_0 : target;
    if (card.version == wanted)
        return std::string(bytes);
    convert(card, wanted);
    return serialize(card);
}

Photo photo_of(const Card& card) {
    const auto* property = card.find("PHOTO");
    if (property == nullptr)
        return {};
    Photo photo;
    std::string text;
    if (iequals(property->parameter("ENCODING"), "b")) {
        photo.media_type = media_type_of(*property);
        text = property->value();
    } else {
        const auto uri = property->text();
        const auto [type, data] = split_data_uri(uri);
        photo.media_type = type.empty() ? "image/jpeg" : lower(type);
        text = data;
    }
    std::erase_if(text, [](char c) { return is_space(c); });
    while (text.size() % 4 != 0 && text.size() % 4 != 1)
        text += '=';
    auto bytes = unbase64(text);
    if (!bytes || bytes->empty())
        return {};
    photo.bytes = *std::move(bytes);
    return photo;
}

void set_photo(Card& card, const Photo& photo) {
    auto* property = card.find("PHOTO");
    if (photo.bytes.empty()) {
        std::erase_if(card.properties, [](const auto& p) { return p.name() == "PHOTO"; });
        return;
    }
    if (property == nullptr) {
        card.properties.emplace_back("PHOTO", "");
        property = &card.properties.back();
    }
    auto text = base64(photo.bytes);
    if (card.version == Version::v4_0) {
        property->set_parameters({});
        property->set_value("data:" + photo.media_type + ";base64," + text);
        return;
    }
    const auto slash = photo.media_type.find('/');
    property->set_parameters(
        {{"ENCODING", {"b"}}, {"TYPE", {upper(photo.media_type.substr(slash + 1))}}}
    );
    property->set_value(std::move(text));
}

} // namespace lockstep::vcard
