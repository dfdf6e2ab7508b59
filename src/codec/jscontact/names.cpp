// Name, kind, stamps, keywords, related people and members.
#include "codec/jscontact/names.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/jscontact/sections.hpp"
#include "codec/vcard/index.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::jscontact {
namespace {

using vcard::Card;
using vcard::Property;

struct NamePart {
    std::string_view kind;
    std::size_t component; ///< of N
};
/// In the order in which a name is read.
constexpr std::array<NamePart, 7> kNameParts{
    {{"title", 3},
     {"given", 1},
     {"given2", 2},
     {"surname", 0},
     {"surname2", 5},
     {"generation", 6},
     {"credential", 4}}
};

struct TextMember {
    std::string_view member;
    std::string_view property;
};
constexpr std::array<TextMember, 3> kTexts{
    {{"uid", "UID"}, {"language", "LANGUAGE"}, {"prodId", "PRODID"}}
};
constexpr std::array<TextMember, 2> kStamps{{{"created", "CREATED"}, {"updated", "REV"}}};

void drop(Card& card, std::string_view name) {
    std::erase_if(card.properties, [&](const Property& p) { return p.name() == name; });
}

/// "20261124T093000Z" or "2026-11-24T09:30:00Z" as a UTCDateTime; empty for anything else.
std::string utc_of(std::string_view value) {
    std::string digits;
    for (const char c : value)
        if (c != '-' && c != ':')
            digits += c;
    if (digits.size() < 15 || digits[8] != 'T')
        return {};
    const auto part = [&](std::size_t at, std::size_t size) { return digits.substr(at, size); };
    return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) + ":" + part(11, 2) +
           ":" + part(13, 2) + "Z";
}

void set_text(Card& card, std::string_view name, const std::string& text) {
    if (text.empty()) {
        drop(card, name);
    } else if (auto* property = card.find(name)) {
        property->set_text(text);
    } else {
        card.properties.emplace_back(std::string(name), vcard::escape(text));
    }
}

void show_name(const Card& card, json::Object& out) {
    json::Object name;
    json::Array components;
    if (const auto* n = card.find("N")) {
        for (const auto& [kind, index] : kNameParts) {
            const auto parts = vcard::split_escaped(n->value(), ';');
            if (index >= parts.size())
                continue;
            for (const auto each : vcard::split_escaped(parts[index], ','))
                if (auto text = vcard::unescape(each); !text.empty())
                    components.push_back(json::Object{{"kind", kind}, {"value", std::move(text)}});
        }
        if (const auto sort = n->parameter("SORT-AS"); !sort.empty())
            name["sortAs"] = json::Object{{"surname", sort}};
    }
    if (!components.empty())
        name["components"] = std::move(components);
    if (auto full = card.text_of("FN"); !full.empty())
        name["full"] = std::move(full);
    if (!name.empty())
        out["name"] = std::move(name);
}

json::Object keywords_of(const Card& card) {
    json::Object out;
    for (const auto& property : card.properties)
        if (property.name() == "CATEGORIES")
            for (const auto each : vcard::split_escaped(property.value(), ','))
                if (auto text = vcard::unescape(each); !trim(text).empty())
                    out[std::string(trim(text))] = true;
    return out;
}

json::Object related_of(const Card& card) {
    json::Object out;
    for (const auto& property : card.properties) {
        if (property.name() != "RELATED")
            continue;
        json::Object relation;
        for (const auto& parameter : property.parameters())
            if (parameter.name == "TYPE")
                for (const auto& value : parameter.values)
                    for (const auto each : split(value, ','))
                        if (!trim(each).empty())
                            relation[lower(trim(each))] = true;
        json::Object entry;
        entry["relation"] = std::move(relation);
        if (auto text = property.text(); !text.empty())
            out[std::move(text)] = std::move(entry);
    }
    return out;
}

json::Object members_of(const Card& card) {
    json::Object out;
    for (const auto& property : card.properties)
        if (property.name() == "MEMBER" && !property.value().empty())
            out[property.text()] = true;
    return out;
}

bool all_true(const json::Value& value) {
    return value.is_object() && std::ranges::all_of(value.get_object(), [](const auto& member) {
               return member.value() == json::Value(true) && !member.key().empty();
           });
}

bool put_name(Card& card, const json::Value& value) {
    if (!value.is_object())
        return false;
    std::array<std::string, 7> parts;
    std::array<bool, 7> known{};
    if (const auto* list = json::find(value.get_object(), "components")) {
        if (!list->is_array())
            return false;
        for (const auto& each : list->get_array()) {
            const auto kind =
                each.is_object() ? json::text_of(each.get_object(), "kind") : std::nullopt;
            const auto text =
                each.is_object() ? json::text_of(each.get_object(), "value") : std::nullopt;
            if (!kind || !text)
                return false;
            for (const auto& [word, index] : kNameParts)
                if (*kind == word) {
                    parts[index] += (known[index] ? "," : "") + vcard::escape(*text);
                    known[index] = true;
                }
        }
    }
    std::string joined;
    const bool more = known[5] || known[6];
    for (std::size_t i = 0; i < (more ? 7U : 5U); ++i)
        joined += (i == 0 ? "" : ";") + parts[i];
    auto* n = card.find("N");
    if (n == nullptr) {
        card.properties.emplace_back("N", joined);
        n = card.find("N");
    } else if (n->value() != joined) {
        n->set_value(joined);
    }
    const auto* sort = json::find(value.get_object(), "sortAs");
    const auto key = sort != nullptr && sort->is_object()
                         ? text_member(sort->get_object(), "surname")
                         : std::string();
    set_parameter(*n, "SORT-AS", key.empty() ? std::vector<std::string>() : std::vector{key});
    return true;
}

bool put_set(Card& card, std::string_view name, const json::Value& value) {
    if (!all_true(value))
        return false;
    drop(card, name);
    std::string joined;
    for (const auto& member : value.get_object()) {
        const auto text = vcard::escape({member.key().data(), member.key().size()});
        if (name == "MEMBER")
            card.properties.emplace_back("MEMBER", text);
        else
            joined += (joined.empty() ? "" : ",") + text;
    }
    if (!joined.empty())
        card.properties.emplace_back(std::string(name), joined);
    return true;
}

bool put_related(Card& card, const json::Object& before, const json::Value& value) {
    if (!value.is_object())
        return false;
    const auto& after = value.get_object();
    std::erase_if(card.properties, [&](const Property& property) {
        const auto text = property.text();
        const auto* now = json::find(after, text);
        const auto* was = json::find(before, text);
        return property.name() == "RELATED" && (now == nullptr || was == nullptr || *now != *was);
    });
    for (const auto& member : after) {
        if (const auto* was = json::find(before, {member.key().data(), member.key().size()});
            was != nullptr && *was == member.value())
            continue;
        if (!member.value().is_object())
            return false;
        std::vector<std::string> types;
        if (const auto* relation = json::find(member.value().get_object(), "relation")) {
            if (!all_true(*relation))
                return false;
            for (const auto& each : relation->get_object())
                types.emplace_back(each.key().data(), each.key().size());
        }
        Property property("RELATED", vcard::escape({member.key().data(), member.key().size()}));
        const std::string_view key(member.key().data(), member.key().size());
        if (key.find(':') == std::string_view::npos)
            set_parameter(property, "VALUE", {"text"});
        set_parameter(property, "TYPE", std::move(types));
        card.properties.push_back(std::move(property));
    }
    return true;
}

/// The member of both, null when absent.
std::pair<json::Value, json::Value>
both(const json::Object& before, const json::Object& after, std::string_view member) {
    const auto* a = json::find(before, member);
    const auto* b = json::find(after, member);
    return {a ? *a : json::Value(nullptr), b ? *b : json::Value(nullptr)};
}

/// Members that are one text.
std::string put_texts(Card& card, const json::Object& before, const json::Object& after) {
    for (const auto& [member, name] : kTexts) {
        const auto [was, now] = both(before, after, member);
        if (was == now)
            continue;
        if (!now.is_null() && !now.is_string())
            return std::string(member);
        set_text(card, name, now.is_string() ? std::string(json::view(now.get_string())) : "");
    }
    for (const auto& [member, name] : kStamps) {
        const auto [was, now] = both(before, after, member);
        if (was == now)
            continue;
        const std::string text(now.is_string() ? json::view(now.get_string()) : "");
        if (!now.is_null() && (utc_of(text).empty() || !text.ends_with('Z')))
            return std::string(member);
        auto packed = replace_all(replace_all(text, "-", ""), ":", "");
        if (const auto dot = packed.find('.'); dot != std::string::npos)
            packed = packed.substr(0, dot) + "Z";
        set_text(card, name, packed);
    }
    const auto [was, now] = both(before, after, "kind");
    if (was == now)
        return {};
    if (!now.is_null() && (!now.is_string() || now.get_string().empty()))
        return "kind";
    set_text(card, "KIND", now.is_string() ? std::string(json::view(now.get_string())) : "");
    return {};
}

} // namespace

void show_plain(const Card& card, json::Object& out) {
    for (const auto& [member, name] : kTexts)
        if (auto text = card.text_of(name); !text.empty())
            out[{member.data(), member.size()}] = std::move(text);
    for (const auto& [member, name] : kStamps)
        if (auto utc = utc_of(card.text_of(name)); !utc.empty())
            out[{member.data(), member.size()}] = std::move(utc);
    if (auto kind = lower(card.text_of("KIND")); !kind.empty())
        out["kind"] = std::move(kind);
    show_name(card, out);
    if (auto keywords = keywords_of(card); !keywords.empty())
        out["keywords"] = std::move(keywords);
    if (auto related = related_of(card); !related.empty())
        out["relatedTo"] = std::move(related);
    if (auto members = members_of(card); !members.empty())
        out["members"] = std::move(members);
}

std::string put_plain(Card& card, const json::Object& before, const json::Object& after) {
    if (auto wrong = put_texts(card, before, after); !wrong.empty())
        return wrong;
    const json::Object nothing;
    const auto object = [&](const json::Value& value) {
        return value.is_null() ? json::Value(nothing) : value;
    };
    if (const auto [was, now] = both(before, after, "name"); was != now)
        if (!put_name(card, object(now)))
            return "name";
    if (const auto [was, now] = both(before, after, "keywords"); was != now)
        if (!put_set(card, "CATEGORIES", object(now)))
            return "keywords";
    if (const auto [was, now] = both(before, after, "members"); was != now)
        if (!put_set(card, "MEMBER", object(now)))
            return "members";
    if (const auto [was, now] = both(before, after, "relatedTo"); was != now)
        if (!put_related(card, object(was).get_object(), object(now)))
            return "relatedTo";
    return {};
}

void settle_full_name(Card& card, const json::Object& before, const json::Object& after) {
    const auto full_of = [](const json::Object& object) {
        const auto* name = json::find(object, "name");
        return name != nullptr && name->is_object() ? text_member(name->get_object(), "full")
                                                    : std::string();
    };
    const auto was = full_of(before), now = full_of(after);
    auto* fn = card.find("FN");
    const bool derived = fn != nullptr && iequals(fn->parameter("DERIVED"), "TRUE");
    if (!now.empty() && (now != was || (!derived && fn != nullptr))) {
        if (fn == nullptr) {
            card.properties.emplace(card.properties.begin(), "FN", vcard::escape(now));
        } else if (fn->text() != now) {
            fn->set_text(now);
            set_parameter(*fn, "DERIVED", {});
        }
        return;
    }
    const auto made = vcard::derived_name(card);
    if (fn == nullptr) {
        card.properties.emplace(
            card.properties.begin(), "FN", vcard::escape(made),
            std::vector<vcard::Parameter>{{"DERIVED", {"TRUE"}}}
        );
    } else if (fn->text() != made) {
        fn->set_text(made);
        set_parameter(*fn, "DERIVED", {"TRUE"});
    }
}

} // namespace lockstep::jscontact
