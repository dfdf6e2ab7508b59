// Entries of maps: one vCard property each.
#include "codec/jscontact/sections.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::jscontact {
namespace {

using vcard::Property;

template <const auto&... Names> bool named(const Property& property) {
    return ((property.name() == Names) || ...);
}

void put_if(json::Object& object, std::string_view name, std::string text) {
    if (!text.empty())
        object[{name.data(), name.size()}] = std::move(text);
}

/// The property's value as it stands: URIs are not escaped in 4.0, but some write them so.
std::string uri_of(const Property& property) { return property.text(); }

bool put_uri(Property& property, const json::Object& entry) {
    const auto uri = json::text_of(entry, "uri");
    if (!uri || uri->empty() || uri->find_first_of("\r\n") != std::string_view::npos)
        return false;
    if (*uri != uri_of(property))
        property.set_value(std::string(*uri));
    return true;
}

void set_text_if_new(Property& property, std::string_view text) {
    if (property.text() != text)
        property.set_text(text);
}

/// A choice of the vCard name by a member of the entry.
struct NameChoice {
    std::string_view word;
    std::string_view name;
};
bool choose_name(
    Property& property, const json::Object& entry, std::string_view member,
    std::span<const NameChoice> choices
) {
    const auto word = json::text_of(entry, member);
    if (!word)
        return false;
    const auto found = std::ranges::find(choices, *word, &NameChoice::word);
    if (found == choices.end())
        return false;
    if (property.name() != found->name)
        property.set_name(std::string(found->name));
    return true;
}
std::string_view word_of(const Property& property, std::span<const NameChoice> choices) {
    const auto found = std::ranges::find(choices, property.name(), &NameChoice::name);
    return found == choices.end() ? std::string_view() : found->word;
}
bool has_choice(const Property& property, std::span<const NameChoice> choices) {
    return !word_of(property, choices).empty();
}

// nicknames, organizations, titles ---------------------------------------------------------------

json::Object show_name_text(const Property& property) { return {{"name", property.text()}}; }
bool put_name_text(Property& property, const json::Object& entry) {
    const auto name = json::text_of(entry, "name");
    if (!name)
        return false;
    set_text_if_new(property, *name);
    return true;
}

json::Object show_organization(const Property& property) {
    json::Object out;
    json::Array units;
    const auto parts = vcard::split_escaped(property.value(), ';');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto text = vcard::unescape(parts[i]);
        if (i == 0)
            put_if(out, "name", std::move(text));
        else if (!text.empty())
            units.push_back(json::Object{{"name", std::move(text)}});
    }
    if (!units.empty())
        out["units"] = std::move(units);
    put_if(out, "sortAs", std::string(property.parameter("SORT-AS")));
    return out;
}
bool put_organization(Property& property, const json::Object& entry) {
    auto value = vcard::escape(text_member(entry, "name"));
    if (const auto* units = json::find(entry, "units")) {
        if (!units->is_array())
            return false;
        for (const auto& unit : units->get_array()) {
            if (!unit.is_object())
                return false;
            value += ";" + vcard::escape(text_member(unit.get_object(), "name"));
        }
    }
    if (value.empty())
        return false;
    if (value != property.value())
        property.set_value(value);
    const auto sort = text_member(entry, "sortAs");
    set_parameter(
        property, "SORT-AS", sort.empty() ? std::vector<std::string>() : std::vector{sort}
    );
    return true;
}

constexpr NameChoice kTitles[] = {{"title", "TITLE"}, {"role", "ROLE"}};
bool is_title(const Property& property) { return has_choice(property, kTitles); }
json::Object show_title(const Property& property) {
    return {{"name", property.text()}, {"kind", word_of(property, kTitles)}};
}
bool put_title(Property& property, const json::Object& entry) {
    if (entry.contains("kind") && !choose_name(property, entry, "kind", kTitles))
        return false;
    return put_name_text(property, entry);
}

// emails, phones, online services ----------------------------------------------------------------

json::Object show_email(const Property& property) { return {{"address", property.text()}}; }
bool put_email(Property& property, const json::Object& entry) {
    const auto address = json::text_of(entry, "address");
    if (!address || address->empty())
        return false;
    set_text_if_new(property, *address);
    return true;
}

struct Feature {
    std::string_view word;
    std::string_view type;
};
constexpr Feature kFeatures[] = {
    {"mobile", "cell"},
    {"voice", "voice"},
    {"text", "text"},
    {"video", "video"},
    {"fax", "fax"},
    {"pager", "pager"},
    {"textphone", "textphone"},
    {"main-number", "main-number"},
};
json::Object show_phone(const Property& property) {
    auto number = property.text();
    if (istarts_with(number, "tel:"))
        number.erase(0, 4);
    json::Object out{{"number", number}};
    json::Object features;
    for (const auto& [word, type] : kFeatures)
        if (property.has_type(type))
            features[{word.data(), word.size()}] = true;
    if (!features.empty())
        out["features"] = std::move(features);
    return out;
}
bool put_phone(Property& property, const json::Object& entry) {
    const auto number = json::text_of(entry, "number");
    if (!number || number->empty())
        return false;
    if (const auto shown = property.text();
        shown != *number && shown != "tel:" + std::string(*number)) {
        property.set_text(*number);
        set_parameter(property, "VALUE", {});
    }
    std::vector<std::string> on, off;
    const auto* features = json::find(entry, "features");
    if (features != nullptr && !features->is_object())
        return false;
    for (const auto& [word, type] : kFeatures) {
        const auto* set = features ? json::find(features->get_object(), word) : nullptr;
        (set != nullptr && *set == json::Value(true) ? on : off).emplace_back(type);
    }
    set_types(property, on, off);
    return true;
}

constexpr std::string_view kImpp = "IMPP", kSocial = "SOCIALPROFILE", kXSocial = "X-SOCIALPROFILE";
json::Object show_service(const Property& property) {
    json::Object out;
    std::string service(property.parameter("SERVICE-TYPE"));
    if (service.empty())
        service = property.parameter("X-SERVICE-TYPE");
    if (service.empty() && property.name() == kXSocial)
        service = property.parameter("TYPE");
    put_if(out, "service", std::move(service));
    std::string user(property.parameter("USERNAME"));
    if (user.empty())
        user = property.parameter("X-USER");
    if (iequals(property.parameter("VALUE"), "text"))
        put_if(out, "user", property.text());
    else {
        put_if(out, "uri", uri_of(property));
        put_if(out, "user", std::move(user));
    }
    return out;
}
bool put_service(Property& property, const json::Object& entry) {
    const auto uri = text_member(entry, "uri"), user = text_member(entry, "user");
    if (uri.empty() && user.empty())
        return false;
    const auto one = [](const std::string& text) {
        return text.empty() ? std::vector<std::string>() : std::vector{text};
    };
    if (uri.empty()) {
        set_text_if_new(property, user);
        set_parameter(property, "VALUE", {"text"});
        set_parameter(property, "USERNAME", {});
    } else {
        if (!put_uri(property, entry))
            return false;
        set_parameter(property, "VALUE", {});
        set_parameter(property, "USERNAME", one(user));
    }
    set_parameter(property, "X-USER", {});
    set_parameter(property, "X-SERVICE-TYPE", {});
    set_parameter(property, "SERVICE-TYPE", one(text_member(entry, "service")));
    if (property.name() == kXSocial)
        property.set_name(std::string(kSocial));
    return true;
}

// languages, notes, personal information ---------------------------------------------------------

json::Object show_language(const Property& property) { return {{"language", property.text()}}; }
bool put_language(Property& property, const json::Object& entry) {
    const auto language = json::text_of(entry, "language");
    if (!language || language->empty())
        return false;
    set_text_if_new(property, *language);
    return true;
}

json::Object show_note(const Property& property) { return {{"note", property.text()}}; }
bool put_note(Property& property, const json::Object& entry) {
    const auto note = json::text_of(entry, "note");
    if (!note)
        return false;
    set_text_if_new(property, *note);
    return true;
}

constexpr NameChoice kInfos[] = {
    {"expertise", "EXPERTISE"}, {"hobby", "HOBBY"}, {"interest", "INTEREST"}
};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kExpertise{
    {{"low", "beginner"}, {"medium", "average"}, {"high", "expert"}}
};
bool is_info(const Property& property) { return has_choice(property, kInfos); }
json::Object show_info(const Property& property) {
    json::Object out{{"kind", word_of(property, kInfos)}, {"value", property.text()}};
    auto level = lower(property.parameter("LEVEL"));
    for (const auto& [word, expert] : kExpertise)
        if (level == expert)
            level = word;
    put_if(out, "level", std::move(level));
    return out;
}
bool put_info(Property& property, const json::Object& entry) {
    const auto value = json::text_of(entry, "value");
    if (!value || !choose_name(property, entry, "kind", kInfos))
        return false;
    set_text_if_new(property, *value);
    auto level = text_member(entry, "level");
    if (property.name() == "EXPERTISE")
        for (const auto& [word, expert] : kExpertise)
            if (level == word)
                level = expert;
    set_parameter(
        property, "LEVEL", level.empty() ? std::vector<std::string>() : std::vector{level}
    );
    return true;
}

// links, media, keys, directories, calendars -----------------------------------------------------

json::Object show_resource(const Property& property) {
    json::Object out{{"uri", uri_of(property)}};
    put_if(out, "mediaType", lower(property.parameter("MEDIATYPE")));
    return out;
}
bool put_resource(Property& property, const json::Object& entry) {
    if (!put_uri(property, entry))
        return false;
    const auto type = text_member(entry, "mediaType");
    const bool embedded = istarts_with(property.value(), "data:");
    set_parameter(
        property, "MEDIATYPE",
        type.empty() || embedded ? std::vector<std::string>() : std::vector{type}
    );
    return true;
}

template <const auto& Choices> bool is_choice(const Property& property) {
    return has_choice(property, Choices);
}
template <const auto& Choices> json::Object show_choice(const Property& property) {
    auto out = show_resource(property);
    if (const auto word = word_of(property, Choices); !word.empty() && word != "-")
        out["kind"] = word;
    return out;
}
template <const auto& Choices> bool put_choice(Property& property, const json::Object& entry) {
    if (entry.contains("kind")) {
        if (!choose_name(property, entry, "kind", Choices))
            return false;
    } else {
        const auto plain = std::ranges::find(Choices, "-", &NameChoice::word);
        if (plain == std::end(Choices))
            return false;
        if (property.name() != plain->name)
            property.set_name(std::string(plain->name));
    }
    return put_resource(property, entry);
}

constexpr NameChoice kLinks[] = {{"-", "URL"}, {"contact", "CONTACT-URI"}};
constexpr NameChoice kMedia[] = {{"photo", "PHOTO"}, {"logo", "LOGO"}, {"sound", "SOUND"}};
constexpr NameChoice kDirectories[] = {{"directory", "ORG-DIRECTORY"}, {"entry", "SOURCE"}};
constexpr NameChoice kCalendars[] = {{"calendar", "CALURI"}, {"freeBusy", "FBURL"}};

/// Embedded media name their type in the URI.
json::Object show_media(const Property& property) {
    auto out = show_choice<kMedia>(property);
    const auto uri = text_member(out, "uri");
    if (istarts_with(uri, "data:") && !out.contains("mediaType"))
        put_if(out, "mediaType", lower(uri.substr(5, uri.find_first_of(";,") - 5)));
    return out;
}

constexpr std::string_view kNickname = "NICKNAME", kOrg = "ORG", kEmail = "EMAIL", kTel = "TEL",
                           kLang = "LANG", kNote = "NOTE", kKey = "KEY", kCalAdr = "CALADRURI",
                           kAdr = "ADR", kBirth = "BDAY", kDeath = "DEATHDATE",
                           kWedding = "ANNIVERSARY";

constexpr Section kSections[] = {
    {"nicknames", 'k', kNickname, named<kNickname>, show_name_text, put_name_text},
    {"organizations", 'o', kOrg, named<kOrg>, show_organization, put_organization},
    {"titles", 't', "TITLE", is_title, show_title, put_title},
    {"emails", 'e', kEmail, named<kEmail>, show_email, put_email},
    {"phones", 'p', kTel, named<kTel>, show_phone, put_phone},
    {"onlineServices", 's', kSocial, named<kImpp, kSocial, kXSocial>, show_service, put_service},
    {"preferredLanguages", 'l', kLang, named<kLang>, show_language, put_language},
    {"addresses", 'a', kAdr, named<kAdr>, show_address, put_address},
    {"anniversaries", 'd', kBirth, named<kBirth, kDeath, kWedding>, show_anniversary,
     put_anniversary, false},
    {"notes", 'n', kNote, named<kNote>, show_note, put_note, false},
    {"personalInfo", 'i', "HOBBY", is_info, show_info, put_info, false},
    {"links", 'u', "URL", is_choice<kLinks>, show_choice<kLinks>, put_choice<kLinks>},
    {"media", 'm', "PHOTO", is_choice<kMedia>, show_media, put_choice<kMedia>},
    {"cryptoKeys", 'c', kKey, named<kKey>, show_resource, put_resource},
    {"directories", 'r', "SOURCE", is_choice<kDirectories>, show_choice<kDirectories>,
     put_choice<kDirectories>},
    {"calendars", 'f', "CALURI", is_choice<kCalendars>, show_choice<kCalendars>,
     put_choice<kCalendars>},
    {"schedulingAddresses", 'g', kCalAdr, named<kCalAdr>, show_resource, put_resource},
};

} // namespace

std::span<const Section> sections() { return kSections; }

} // namespace lockstep::jscontact
