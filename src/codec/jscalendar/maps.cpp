// Members that are maps: keywords, places, links, relations.
// Spec: jscalendarbis 4.2, 4.1.3, 1.4.11; RFC 5545 3.8.1.1, 3.8.1.7, 3.8.4.5; RFC 7986 5.11
// (CONFERENCE); RFC 8607 FILENAME.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/jscalendar/member.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;
using ical::Property;

void show_keywords(const Show&, const Component& c, json::Object& out) {
    json::Object words;
    for (const auto& property : c.properties)
        if (property.name() == "CATEGORIES")
            for (auto& word : ical::split_text(property.value()))
                if (!trim(word).empty())
                    words[std::string(trim(word))] = true;
    if (!words.empty())
        out["keywords"] = std::move(words);
}
bool put_keywords(const Show&, Component& c, const Change& change) {
    c.remove("CATEGORIES");
    const auto* value = change.now("keywords");
    if (value == nullptr)
        return true;
    if (!value->is_object())
        return false;
    std::string joined;
    for (const auto& member : value->get_object()) {
        if (member.value() != json::Value(true) || member.key().empty())
            return false;
        joined += (joined.empty() ? "" : ",") +
                  ical::escape_text({member.key().data(), member.key().size()});
    }
    if (!joined.empty())
        c.properties.emplace_back("CATEGORIES", joined);
    return true;
}

/// Keys of the properties of one name: JSID, else "1", "2" ... in their order.
std::vector<std::string>
keys_of(const Component& c, std::string_view name, std::string_view prefix) {
    std::vector<std::string> out;
    std::size_t number = 0;
    for (const auto& property : c.properties) {
        if (property.name() != name)
            continue;
        ++number;
        std::string key(property.parameter("JSID"));
        if (!is_key(key) || std::ranges::find(out, key) != out.end())
            key = fmt::format("{}{}", prefix, number);
        out.push_back(std::move(key));
    }
    return out;
}

using ShowEntry = json::Object (*)(const Show& show, const Property& property, std::size_t index);
/// False: it makes no sense.
using PutEntry = bool (*)(Property& property, const json::Object& entry);

json::Object show_entries(
    const Show& show, const Component& c, std::string_view name, std::string_view prefix,
    ShowEntry entry
) {
    json::Object out;
    const auto keys = keys_of(c, name, prefix);
    std::size_t at = 0;
    for (std::size_t i = 0; i < c.properties.size(); ++i)
        if (c.properties[i].name() == name)
            out[keys[at++]] = entry(show, c.properties[i], i);
    return out;
}

/// Brings the properties of one name to the entries of a map for which `mine` holds.
bool put_entries(
    const Show& show, Component& c, const json::Object& map, std::string_view name,
    std::string_view prefix, ShowEntry shown, PutEntry put, bool (*mine)(const json::Object&)
) {
    const auto keys = keys_of(c, name, prefix);
    std::vector<Property> out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < c.properties.size(); ++i) {
        auto& property = c.properties[i];
        if (property.name() != name) {
            out.push_back(std::move(property));
            continue;
        }
        const auto& key = keys[at++];
        const auto* entry = json::find(map, key);
        if (entry == nullptr || !entry->is_object() || !mine(entry->get_object()))
            continue;
        if (shown(show, property, i) != entry->get_object() && !put(property, entry->get_object()))
            return false;
        property.set_parameter("JSID", key);
        out.push_back(std::move(property));
    }
    for (const auto& member : map) {
        const std::string key(member.key().data(), member.key().size());
        if (!member.value().is_object() || !is_key(key))
            return false;
        if (!mine(member.value().get_object()) || std::ranges::find(keys, key) != keys.end())
            continue;
        Property property{std::string(name), ""};
        if (!put(property, member.value().get_object()))
            return false;
        property.set_parameter("JSID", key);
        out.push_back(std::move(property));
    }
    c.properties = std::move(out);
    return true;
}

std::string member_text(const json::Object& object, std::string_view name) {
    return std::string(json::text_of(object, name).value_or(std::string_view()));
}
void set_or_drop(Property& property, std::string_view name, const std::string& value) {
    if (value.empty())
        property.remove_parameter(name);
    else
        property.set_parameter(name, value);
}
bool any_entry(const json::Object&) { return true; }

json::Object show_location(const Show&, const Property& property, std::size_t) {
    return {{"name", ical::unescape_text(property.value())}};
}
bool put_location(Property& property, const json::Object& entry) {
    property.set_value(ical::escape_text(member_text(entry, "name")));
    return true;
}
void show_locations(const Show& show, const Component& c, json::Object& out) {
    auto map = show_entries(show, c, "LOCATION", "", show_location);
    if (!map.empty())
        out["locations"] = std::move(map);
}
bool put_locations(const Show& show, Component& c, const Change& change) {
    const auto* value = change.now("locations");
    if (value != nullptr && !value->is_object())
        return false;
    // What described the old place is no word about the new one.
    for (const auto* name : {"GEO", "X-APPLE-STRUCTURED-LOCATION", "X-LOCKSTEP-PLACE"})
        c.remove(name);
    return put_entries(
        show, c, value ? value->get_object() : json::Object(), "LOCATION", "", show_location,
        put_location, any_entry
    );
}

json::Object show_conference(const Show&, const Property& property, std::size_t) {
    json::Object out{{"uri", property.value()}};
    if (const auto label = property.parameter("LABEL"); !label.empty())
        out["name"] = label;
    json::Object features;
    for (const auto& parameter : property.parameters())
        if (parameter.name == "FEATURE")
            for (const auto& feature : parameter.values)
                features[lower(feature)] = true;
    if (!features.empty())
        out["features"] = std::move(features);
    return out;
}
bool put_conference(Property& property, const json::Object& entry) {
    const auto uri = member_text(entry, "uri");
    if (uri.empty() || uri.find_first_of("\r\n") != std::string::npos)
        return false;
    std::vector<ical::Parameter> parameters{{"VALUE", {"URI"}}};
    if (auto name = member_text(entry, "name"); !name.empty())
        parameters.push_back({"LABEL", {std::move(name)}});
    if (const auto* features = json::find(entry, "features")) {
        if (!features->is_object())
            return false;
        std::vector<std::string> words;
        for (const auto& member : features->get_object())
            words.push_back(upper({member.key().data(), member.key().size()}));
        if (!words.empty())
            parameters.push_back({"FEATURE", std::move(words)});
    }
    property = Property(property.name(), uri, std::move(parameters));
    return true;
}
void show_virtual(const Show& show, const Component& c, json::Object& out) {
    auto map = show_entries(show, c, "CONFERENCE", "v", show_conference);
    if (!map.empty())
        out["virtualLocations"] = std::move(map);
}
bool put_virtual(const Show& show, Component& c, const Change& change) {
    const auto* value = change.now("virtualLocations");
    if (value != nullptr && !value->is_object())
        return false;
    return put_entries(
        show, c, value ? value->get_object() : json::Object(), "CONFERENCE", "v", show_conference,
        put_conference, any_entry
    );
}

// Links: ATTACH is an enclosure, URL any other
// -----------------------------------------------------

bool is_enclosure(const json::Object& entry) { return member_text(entry, "rel") == "enclosure"; }
bool is_no_enclosure(const json::Object& entry) { return !is_enclosure(entry); }

json::Object show_attachment(const Show& show, const Property& property, std::size_t index) {
    json::Object out{{"rel", "enclosure"}};
    const auto type = property.parameter("FMTTYPE");
    if (!iequals(property.parameter("ENCODING"), "BASE64")) {
        out["href"] = property.value();
    } else if (show.name) {
        out["blobId"] = show.name(index);
    } else {
        out["href"] = fmt::format(
            "data:{};base64,{}", type.empty() ? "application/octet-stream" : type, property.value()
        );
    }
    if (!type.empty())
        out["contentType"] = type;
    for (const auto* name : {"FILENAME", "X-FILENAME", "LABEL"})
        if (const auto title = property.parameter(name); !title.empty() && !out.contains("title"))
            out["title"] = title;
    return out;
}
bool put_attachment(Property& property, const json::Object& entry) {
    const auto href = member_text(entry, "href");
    if (href.empty() || href.find_first_of("\r\n") != std::string::npos)
        return false;
    const auto comma = href.find(";base64,");
    if (istarts_with(href, "data:") && comma != std::string::npos) {
        property.set_value(href.substr(comma + 8));
        property.set_parameter("ENCODING", "BASE64");
        property.set_parameter("VALUE", "BINARY");
        set_or_drop(property, "FMTTYPE", href.substr(5, comma - 5));
    } else {
        property.set_value(href);
        property.remove_parameter("ENCODING");
        property.remove_parameter("VALUE");
    }
    if (auto type = member_text(entry, "contentType"); !type.empty())
        property.set_parameter("FMTTYPE", std::move(type));
    property.remove_parameter("X-FILENAME");
    property.remove_parameter("LABEL");
    set_or_drop(property, "FILENAME", member_text(entry, "title"));
    return true;
}
json::Object show_url(const Show&, const Property& property, std::size_t) {
    return {{"href", property.value()}};
}
bool put_url(Property& property, const json::Object& entry) {
    const auto href = member_text(entry, "href");
    property.set_value(href);
    return !href.empty() && href.find_first_of("\r\n") == std::string::npos;
}
void show_links(const Show& show, const Component& c, json::Object& out) {
    auto map = show_entries(show, c, "ATTACH", "f", show_attachment);
    for (auto& member : show_entries(show, c, "URL", "u", show_url))
        map[member.key()] = std::move(member.value());
    if (!map.empty())
        out["links"] = std::move(map);
}
bool put_links(const Show& show, Component& c, const Change& change) {
    const auto* value = change.now("links");
    if (value != nullptr && !value->is_object())
        return false;
    const auto map = value ? value->get_object() : json::Object();
    return put_entries(
               show, c, map, "ATTACH", "f", show_attachment, put_attachment, is_enclosure
           ) &&
           put_entries(show, c, map, "URL", "u", show_url, put_url, is_no_enclosure);
}

void show_related(const Show&, const Component& c, json::Object& out) {
    json::Object map;
    for (const auto& property : c.properties) {
        if (property.name() != "RELATED-TO" || property.value().empty())
            continue;
        json::Object relation;
        const auto type = lower(property.parameter("RELTYPE"));
        relation[type.empty() ? "parent" : type] = true;
        map[ical::unescape_text(property.value())] =
            json::Object{{"relation", std::move(relation)}};
    }
    if (!map.empty())
        out["relatedTo"] = std::move(map);
}
bool put_related_to(const Show&, Component& c, const Change& change) {
    c.remove("RELATED-TO");
    const auto* value = change.now("relatedTo");
    if (value == nullptr)
        return true;
    if (!value->is_object())
        return false;
    for (const auto& member : value->get_object()) {
        const auto* relation = member.value().is_object()
                                   ? json::find(member.value().get_object(), "relation")
                                   : nullptr;
        std::vector<ical::Parameter> parameters;
        if (relation != nullptr && relation->is_object() && !relation->get_object().empty()) {
            const auto& key = relation->get_object().begin()->key();
            parameters.push_back({"RELTYPE", {upper({key.data(), key.size()})}});
        }
        c.properties.emplace_back(
            "RELATED-TO", ical::escape_text({member.key().data(), member.key().size()}), parameters
        );
    }
    return true;
}

constexpr Member kMaps[] = {
    {"keywords", show_keywords, put_keywords},       {"locations", show_locations, put_locations},
    {"virtualLocations", show_virtual, put_virtual}, {"links", show_links, put_links},
    {"relatedTo", show_related, put_related_to},
};

} // namespace

std::span<const Member> map_members() { return kMaps; }

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
               c == '_';
    });
}

} // namespace lockstep::jscalendar
