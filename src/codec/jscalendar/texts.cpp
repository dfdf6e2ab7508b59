// Members that are texts, words and small maps.
// Spec: jscalendarbis 4.1, 4.2, 4.4; RFC 5545 3.8.1; RFC 7986 5.9, 5.11; RFC 9073.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/jscalendar/member.hpp"
#include "codec/mime/html.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;
using ical::Property;

// Plain texts ------------------------------------------------------------------------------------

template <const auto& Property>
void show_text(const Component& component, json::Object& out, std::string_view member) {
    if (component.has(Property))
        out[{member.data(), member.size()}] = component.text_of(Property);
}

constexpr std::string_view kSummary = "SUMMARY", kUid = "UID", kColor = "COLOR";

void show_title(const Show&, const Component& c, json::Object& out) {
    show_text<kSummary>(c, out, "title");
}
bool put_one_text(
    Component& c, const Change& change, std::string_view member, std::string_view name
) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    if (!value->is_string())
        return false;
    if (value->get_string().empty())
        c.set(Property(std::string(name), ""));
    else
        c.set_text(name, json::view(value->get_string()));
    return true;
}
bool put_title(const Show&, Component& c, const Change& change) {
    return put_one_text(c, change, "title", kSummary);
}
void show_uid(const Show&, const Component& c, json::Object& out) {
    show_text<kUid>(c, out, "uid");
}
bool put_uid(const Show&, Component& c, const Change& change) {
    return !change.text("uid").empty() && put_one_text(c, change, "uid", kUid);
}
void show_color(const Show&, const Component& c, json::Object& out) {
    show_text<kColor>(c, out, "color");
}
bool put_color(const Show&, Component& c, const Change& change) {
    return put_one_text(c, change, "color", kColor);
}

void show_description(const Show&, const Component& c, json::Object& out) {
    if (c.has("DESCRIPTION"))
        out["description"] = c.text_of("DESCRIPTION");
}
bool put_description(const Show&, Component& c, const Change& change) {
    if (change.text("descriptionContentType") != "text/html") {
        c.remove("X-ALT-DESC");
        return put_one_text(c, change, "description", "DESCRIPTION");
    }
    // What shows text only has the text; what shows HTML has that.
    const auto html = change.text("description");
    c.set_text("DESCRIPTION", mime::html_to_text(html, limits::kIcalBytes / 4));
    c.set(Property("X-ALT-DESC", ical::escape_text(html), {{"FMTTYPE", {"text/html"}}}));
    return true;
}

// Numbers and words ------------------------------------------------------------------------------

void show_number(const Component& c, json::Object& out, std::string_view name, const char* member) {
    if (const auto number = parse_int(trim(c.value_of(name))))
        out[member] = *number;
}
bool put_number(
    Component& c, const Change& change, std::string_view name, const char* member, std::int64_t most
) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    const auto number = json::integer_of(*value);
    if (!number || *number < 0 || *number > most)
        return false;
    c.set_value(name, std::to_string(*number));
    return true;
}
void show_priority(const Show&, const Component& c, json::Object& out) {
    show_number(c, out, "PRIORITY", "priority");
}
bool put_priority(const Show&, Component& c, const Change& change) {
    return put_number(c, change, "PRIORITY", "priority", 9);
}
void show_sequence(const Show&, const Component& c, json::Object& out) {
    show_number(c, out, "SEQUENCE", "sequence");
}
bool put_sequence(const Show&, Component& c, const Change& change) {
    return put_number(c, change, "SEQUENCE", "sequence", 1'000'000'000);
}
void show_percent(const Show& show, const Component& c, json::Object& out) {
    if (show.kind == Kind::task)
        show_number(c, out, "PERCENT-COMPLETE", "percentComplete");
}
bool put_percent(const Show&, Component& c, const Change& change) {
    return put_number(c, change, "PERCENT-COMPLETE", "percentComplete", 100);
}

struct Word {
    std::string_view ours, theirs;
};
template <class Words>
bool put_word(
    Component& c, const Change& change, std::string_view name, const char* member,
    const Words& words
) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    const auto found = std::ranges::find(words, change.text(member), &Word::ours);
    if (found == words.end())
        return false;
    c.set_value(name, std::string(found->theirs));
    return true;
}
template <class Words>
void show_word(
    const Component& c, json::Object& out, std::string_view name, const char* member,
    const Words& words
) {
    const auto found = std::ranges::find(words, upper(trim(c.value_of(name))), &Word::theirs);
    if (found != words.end())
        out[member] = found->ours;
}

constexpr std::array<Word, 3> kPrivacy{
    {{"public", "PUBLIC"}, {"private", "PRIVATE"}, {"secret", "CONFIDENTIAL"}}
};
void show_privacy(const Show&, const Component& c, json::Object& out) {
    show_word(c, out, "CLASS", "privacy", kPrivacy);
}
bool put_privacy(const Show&, Component& c, const Change& change) {
    return put_word(c, change, "CLASS", "privacy", kPrivacy);
}

constexpr std::array<Word, 3> kEventStatus{
    {{"confirmed", "CONFIRMED"}, {"tentative", "TENTATIVE"}, {"cancelled", "CANCELLED"}}
};
void show_status(const Show& show, const Component& c, json::Object& out) {
    if (show.kind == Kind::event)
        show_word(c, out, "STATUS", "status", kEventStatus);
}
bool put_status(const Show&, Component& c, const Change& change) {
    return put_word(c, change, "STATUS", "status", kEventStatus);
}

constexpr std::array<Word, 5> kProgress{
    {{"needs-action", "NEEDS-ACTION"},
     {"in-process", "IN-PROCESS"},
     {"completed", "COMPLETED"},
     {"cancelled", "CANCELLED"},
     {"failed", "X-FAILED"}}
};
void show_progress(const Show& show, const Component& c, json::Object& out) {
    if (show.kind != Kind::task)
        return;
    show_word(c, out, "STATUS", "progress", kProgress);
    if (!out.contains("progress") && c.has("COMPLETED"))
        out["progress"] = "completed";
}
/// COMPLETED goes with the word: every door looks at both.
bool put_progress(const Show&, Component& c, const Change& change) {
    if (!put_word(c, change, "STATUS", "progress", kProgress))
        return false;
    const bool done = change.text("progress") == "completed";
    if (!done)
        c.remove("COMPLETED");
    if (!done && c.value_of("PERCENT-COMPLETE") == "100" && !change.differs("percentComplete"))
        c.remove("PERCENT-COMPLETE");
    if (done && !c.has("COMPLETED")) {
        // The time of the change: "updated" was brought up to date before.
        auto stamp = c.value_of("LAST-MODIFIED");
        if (stamp.empty())
            stamp = c.value_of("DTSTAMP");
        c.set_value("COMPLETED", std::string(stamp));
    }
    return true;
}

constexpr std::array<Word, 2> kTransparency{{{"busy", "OPAQUE"}, {"free", "TRANSPARENT"}}};
void show_busy(const Show& show, const Component& c, json::Object& out) {
    if (show.kind == Kind::event)
        show_word(c, out, "TRANSP", "freeBusyStatus", kTransparency);
}
bool put_busy(const Show&, Component& c, const Change& change) {
    c.remove("X-MICROSOFT-CDO-BUSYSTATUS");
    return put_word(c, change, "TRANSP", "freeBusyStatus", kTransparency);
}

// Stamps -----------------------------------------------------------------------------------------

std::string stamp_text(std::string_view value) {
    const auto moment = ical::parse_moment(value);
    return moment ? local_text(moment->civil) + "Z" : std::string();
}
bool put_stamp(Component& c, const Change& change, std::string_view name, const char* member) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    auto text = change.text(member);
    if (!text.ends_with('Z'))
        return false;
    text.pop_back();
    if (const auto dot = text.find('.'); dot != std::string::npos)
        text.resize(dot);
    const auto civil = parse_local(text);
    if (!civil)
        return false;
    c.set_value(name, ical::format_moment({ical::TimeKind::utc, *civil, {}}));
    return true;
}
void show_created(const Show&, const Component& c, json::Object& out) {
    if (auto text = stamp_text(c.value_of("CREATED")); !text.empty())
        out["created"] = std::move(text);
}
bool put_created(const Show&, Component& c, const Change& change) {
    return put_stamp(c, change, "CREATED", "created");
}
void show_updated(const Show&, const Component& c, json::Object& out) {
    auto text = stamp_text(c.value_of("LAST-MODIFIED"));
    if (text.empty())
        text = stamp_text(c.value_of("DTSTAMP"));
    if (!text.empty())
        out["updated"] = std::move(text);
}
bool put_updated(const Show&, Component& c, const Change& change) {
    return put_stamp(c, change, "LAST-MODIFIED", "updated");
}

// Maps -------------------------------------------------------------------------------------------

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

/// A draft invites nobody; no iCalendar says so.
void show_draft(const Show&, const Component& c, json::Object& out) {
    if (iequals(c.value_of("X-LOCKSTEP-DRAFT"), "TRUE"))
        out["isDraft"] = true;
}
bool put_draft(const Show&, Component& c, const Change& change) {
    const auto* value = change.now("isDraft");
    if (value != nullptr && !value->is_bool())
        return false;
    if (value != nullptr && value->get_bool())
        c.set_value("X-LOCKSTEP-DRAFT", "TRUE");
    else
        c.remove("X-LOCKSTEP-DRAFT");
    return true;
}

constexpr Member kTexts[] = {
    {"uid", show_uid, put_uid},
    {"updated", show_updated, put_updated},
    {"created", show_created, put_created},
    {"sequence", show_sequence, put_sequence},
    {"title", show_title, put_title},
    {"description", show_description, put_description},
    {"color", show_color, put_color},
    {"priority", show_priority, put_priority},
    {"privacy", show_privacy, put_privacy},
    {"status", show_status, put_status},
    {"progress", show_progress, put_progress},
    {"percentComplete", show_percent, put_percent},
    {"freeBusyStatus", show_busy, put_busy},
    {"keywords", show_keywords, put_keywords},
    {"locations", show_locations, put_locations},
    {"virtualLocations", show_virtual, put_virtual},
    {"links", show_links, put_links},
    {"relatedTo", show_related, put_related_to},
    {"isDraft", show_draft, put_draft},
};

} // namespace

std::span<const Member> text_members() { return kTexts; }

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
               c == '_';
    });
}

} // namespace lockstep::jscalendar
