// The way between a vCard and a JSContact Card: plain members, maps of entries, and what is kept
// beside them.
#include "codec/jscontact/jscontact.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/jscontact/names.hpp"
#include "codec/jscontact/sections.hpp"
#include "codec/json/patch.hpp"
#include "codec/vcard/convert.hpp"
#include "codec/vcard/relations.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::jscontact {
namespace {

using vcard::Card;
using vcard::Property;

constexpr std::string_view kKept = "JSPROP";

/// A property of several nicknames is as many properties.
void split_nicknames(Card& card) {
    std::vector<Property> out;
    for (auto& property : card.properties) {
        const auto names = vcard::split_escaped(property.value(), ',');
        if (property.name() != "NICKNAME" || names.size() < 2) {
            out.push_back(std::move(property));
            continue;
        }
        for (const auto name : names)
            if (!name.empty())
                out.emplace_back("NICKNAME", std::string(name), property.parameters());
    }
    card.properties = std::move(out);
}

Result<Card> open_card(std::string_view vcard) {
    TRY(auto card, vcard::parse(vcard));
    vcard::convert(card, vcard::Version::v4_0);
    split_nicknames(card);
    return card;
}

bool is_entry_id(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
               c == '_';
    });
}

/// The ids of a section's properties, by their index in the card.
std::map<std::size_t, std::string> ids_of(const Card& card, const Section& section) {
    std::map<std::size_t, std::string> out;
    std::map<std::string, std::size_t, std::less<>> taken;
    for (std::size_t i = 0; i < card.properties.size(); ++i) {
        const auto& property = card.properties[i];
        if (!section.mine(property))
            continue;
        std::string id(property.parameter("PROP-ID"));
        if (!is_entry_id(id) || taken.contains(id))
            id.clear();
        else
            taken.emplace(id, i);
        out.emplace(i, std::move(id));
    }
    std::size_t number = 0;
    for (auto& [index, id] : out) {
        while (id.empty()) {
            auto wanted = fmt::format("{}{}", section.prefix, ++number);
            if (taken.emplace(wanted, index).second)
                id = std::move(wanted);
        }
    }
    return out;
}

/// Apple's labels of its own come with marks; those that TYPE says already are no labels.
std::string label_of(const Card& card, const Property& property) {
    const auto label = card.label_of(property);
    return label.starts_with("_$!<") ? std::string() : label;
}

json::Object entry_of(const Card& card, const Section& section, const Property& property) {
    auto entry = section.show(property);
    if (!section.common)
        return entry;
    json::Object contexts;
    if (property.has_type("home"))
        contexts["private"] = true;
    if (property.has_type("work"))
        contexts["work"] = true;
    if (!contexts.empty())
        entry["contexts"] = std::move(contexts);
    if (const auto preference = property.preference(); preference >= 1 && preference <= 100)
        entry["pref"] = preference;
    if (auto label = label_of(card, property); !label.empty())
        entry["label"] = std::move(label);
    return entry;
}

json::Object show_native(const Card& card, const MediaName& name) {
    json::Object out{{"@type", "Card"}, {"version", "1.0"}};
    show_plain(card, out);
    for (const auto& section : sections()) {
        json::Object map;
        for (const auto& [index, id] : ids_of(card, section)) {
            auto entry = entry_of(card, section, card.properties[index]);
            if (name && section.name == "media" &&
                istarts_with(text_member(entry, "uri"), "data:")) {
                entry.erase("uri");
                entry["blobId"] = name(index);
            }
            map[id] = std::move(entry);
        }
        if (!map.empty())
            out[{section.name.data(), section.name.size()}] = std::move(map);
    }
    return out;
}

json::Object show_card(const Card& card, const MediaName& name) {
    auto out = show_native(card, name);
    for (const auto& property : card.properties) {
        if (property.name() != kKept)
            continue;
        const auto path = property.parameter("JSPTR");
        // Cards come from anywhere: what is not ours to keep is not shown either.
        if (path == "id" || path.starts_with("addressBookIds") || path.starts_with("keywords") ||
            path.starts_with("members"))
            continue;
        if (auto value = json::parse(property.text()))
            json::add_member(out, path, std::move(*value));
    }
    std::vector<std::string_view> maps{"relatedTo"};
    for (const auto& section : sections())
        maps.push_back(section.name);
    json::keep_maps(out, maps);
    if (const auto* full = out.if_contains("name"); full != nullptr && !full->is_object())
        out.erase("name");
    return out;
}

bool put_common(Card& card, std::size_t index, const json::Object& entry) {
    const auto* contexts = json::find(entry, "contexts");
    if (contexts != nullptr && !contexts->is_object())
        return false;
    std::vector<std::string> on, off;
    for (const auto& [word, type] : {std::pair{"private", "home"}, std::pair{"work", "work"}}) {
        const auto* set = contexts ? json::find(contexts->get_object(), word) : nullptr;
        (set != nullptr && *set == json::Value(true) ? on : off).emplace_back(type);
    }
    set_types(card.properties[index], on, off);
    const auto* pref = json::find(entry, "pref");
    const auto rank = pref ? json::integer_of(*pref) : std::nullopt;
    if (pref != nullptr && (!rank || *rank < 1 || *rank > 100))
        return false;
    if (card.properties[index].preference() != static_cast<int>(rank.value_or(101)))
        set_parameter(
            card.properties[index], "PREF",
            rank ? std::vector{fmt::format("{}", *rank)} : std::vector<std::string>()
        );
    const auto label = text_member(entry, "label");
    if (label == label_of(card, card.properties[index]))
        return true;
    if (card.properties[index].group().empty())
        card.properties[index].set_group(card.free_group());
    const auto group = card.properties[index].group();
    std::erase_if(card.properties, [&](const Property& other) {
        return other.name() == "X-ABLABEL" && iequals(other.group(), group);
    });
    if (!label.empty()) {
        Property named("X-ABLABEL", vcard::escape(label));
        named.set_group(group);
        card.properties.push_back(std::move(named));
    }
    return true;
}

/// Makes the properties of a section say the map; false when it makes no sense.
bool put_section(Card& card, const Section& section, const json::Object& map) {
    std::vector<std::pair<Property, std::string>> wanted;
    const auto ids = ids_of(card, section);
    std::vector<bool> doomed(card.properties.size());
    std::vector<std::pair<std::string, const json::Object*>> changed;
    for (const auto& [index, id] : ids) {
        const auto* entry = json::find(map, id);
        if (entry == nullptr) {
            doomed[index] = true;
            continue;
        }
        if (!entry->is_object())
            return false;
        set_parameter(card.properties[index], "PROP-ID", {id});
        if (entry_of(card, section, card.properties[index]) != entry->get_object()) {
            if (!section.put(card.properties[index], entry->get_object()))
                return false;
            changed.emplace_back(id, &entry->get_object());
        }
    }
    vcard::remove_properties(card, doomed);
    for (const auto& member : map) {
        const std::string id(member.key().data(), member.key().size());
        if (std::ranges::any_of(ids, [&](const auto& known) { return known.second == id; }))
            continue;
        if (!member.value().is_object() || !is_entry_id(id))
            return false;
        Property property{std::string(section.property), ""};
        if (!section.put(property, member.value().get_object()))
            return false;
        set_parameter(property, "PROP-ID", {id});
        card.properties.push_back(std::move(property));
        changed.emplace_back(id, &member.value().get_object());
    }
    if (!section.common)
        return true;
    for (const auto& [id, entry] : changed) {
        const auto at = std::ranges::find_if(card.properties, [&](const Property& property) {
            return section.mine(property) && property.parameter("PROP-ID") == id;
        });
        if (at == card.properties.end() ||
            !put_common(card, static_cast<std::size_t>(at - card.properties.begin()), *entry))
            return false;
    }
    return true;
}

std::string put_sections(Card& card, const json::Object& before, const json::Object& after) {
    for (const auto& section : sections()) {
        const auto* was = json::find(before, section.name);
        const auto* now = json::find(after, section.name);
        if (now == nullptr ? was == nullptr : was != nullptr && *was == *now)
            continue;
        if (now != nullptr && !now->is_object())
            return std::string(section.name);
        if (now != nullptr && now->get_object().size() > limits::kCardProperties)
            return std::string(section.name);
        if (!put_section(card, section, now ? now->get_object() : json::Object()))
            return std::string(section.name);
    }
    return {};
}

/// What the vCard has no words for stays beside it.
void keep_rest(Card& card, const json::Object& after) {
    std::erase_if(card.properties, [](const Property& p) { return p.name() == kKept; });
    for (const auto& [path, value] : json::missing_members(after, show_native(card, {})))
        card.properties.emplace_back(
            std::string(kKept), vcard::escape(json::write(value)),
            std::vector<vcard::Parameter>{{"JSPTR", {path}}}
        );
}

} // namespace

Result<json::Object> read_card(std::string_view vcard, const MediaName& name) {
    TRY(const auto card, open_card(vcard));
    return show_card(card, name);
}

std::expected<std::string, Wrong> write_card(std::string_view stored, json::Object wanted) {
    Card card;
    if (!stored.empty()) {
        auto opened = open_card(stored);
        if (!opened)
            return std::unexpected(Wrong{{}, opened.error().text});
        card = std::move(*opened);
    }
    wanted.erase("id");
    wanted.erase("addressBookIds");
    if (const auto type = json::text_of(wanted, "@type"); type && *type != "Card")
        return std::unexpected(Wrong{"@type", "is not Card"});
    json::strip_types(wanted);
    const auto before = stored.empty() ? json::Object() : show_card(card, {});
    if (!wanted.contains("version"))
        wanted["version"] = "1.0";
    wanted["@type"] = "Card";
    if (before == wanted)
        return std::string(stored);
    auto wrong = put_plain(card, before, wanted);
    if (wrong.empty())
        wrong = put_sections(card, before, wanted);
    if (!wrong.empty())
        return std::unexpected(Wrong{wrong, "makes no sense"});
    settle_full_name(card, before, wanted);
    keep_rest(card, wanted);
    if (card.properties.size() > limits::kCardProperties)
        return std::unexpected(Wrong{{}, "has too many members"});
    auto bytes = vcard::serialize(card);
    if (bytes.size() > limits::kCardBytes)
        return std::unexpected(Wrong{{}, "is too large"});
    return bytes;
}

Result<Media> media_of(std::string_view vcard, std::size_t index) {
    TRY(const auto card, open_card(vcard));
    if (index >= card.properties.size())
        return fail(Code::not_found, "no such part of the card");
    const auto uri = card.properties[index].text();
    const auto comma = uri.find(',');
    if (!istarts_with(uri, "data:") || comma == std::string::npos)
        return fail(Code::not_found, "nothing is embedded there");
    const auto head = uri.substr(5, comma - 5);
    if (ifind(head, ";base64") == std::string_view::npos)
        return fail(Code::not_found, "what is embedded there cannot be read");
    Media media;
    media.type = lower(head.substr(0, head.find(';')));
    auto text = uri.substr(comma + 1);
    std::erase_if(text, is_space);
    while (text.size() % 4 != 0 && text.size() % 4 != 1)
        text += '=';
    TRY(media.bytes, unbase64(text));
    return media;
}

std::string data_uri(std::string_view media_type, std::string_view bytes) {
    return fmt::format("data:{};base64,{}", media_type, base64(bytes));
}

} // namespace lockstep::jscontact
