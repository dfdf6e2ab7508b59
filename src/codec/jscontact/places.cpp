// Addresses and anniversaries: structured values.
// Spec: RFC 9553 2.5.1, 2.8.1; RFC 9555 2.5, 2.2; RFC 9554 2.1 (more components of ADR).
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/jscontact/sections.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::jscontact {
namespace {

using vcard::Property;

/// Kinds of ADR's components, in their order. Street and extended address of the first seven are
/// what every reader knows; those behind them say the same in parts.
constexpr std::array<std::string_view, 18> kAddressKinds{
    "postOfficeBox", "apartment", "name",     "locality", "region", "postcode", "country",
    "room",          "",          "floor",    "number",   "",       "building", "block",
    "subdistrict",   "district",  "landmark", "direction"
};
constexpr std::size_t kStreet = 2, kPlain = 7, kApartment18 = 8, kNumber18 = 10, kStreet18 = 11;

std::string_view kind_at(std::size_t index) {
    return index == kApartment18 ? "apartment" : index == kStreet18 ? "name" : kAddressKinds[index];
}

std::vector<std::string> components_of(const Property& property) {
    std::vector<std::string> out;
    for (const auto part : vcard::split_escaped(property.value(), ';'))
        out.push_back(vcard::unescape(part));
    out.resize(kAddressKinds.size());
    return out;
}

/// Whether the parts behind the first seven still say what the street says.
bool parts_hold(const std::vector<std::string>& all) {
    const auto& number = all[kNumber18];
    const auto& name = all[kStreet18];
    if (number.empty() && name.empty())
        return false;
    return all[kStreet] == trim(name + " " + number) || all[kStreet] == trim(number + " " + name);
}

} // namespace

json::Object show_address(const Property& property) {
    const auto all = components_of(property);
    const bool parts = parts_hold(all);
    json::Array components;
    const auto add = [&](std::size_t index) {
        if (!all[index].empty())
            components.push_back(json::Object{{"kind", kind_at(index)}, {"value", all[index]}});
    };
    const bool number_first = parts && all[kStreet].starts_with(all[kNumber18]);
    for (std::size_t i = 0; i < kPlain; ++i) {
        if (i == kStreet && parts) {
            add(number_first ? kNumber18 : kStreet18);
            add(number_first ? kStreet18 : kNumber18);
        } else {
            add(i);
        }
    }
    if (parts)
        for (std::size_t i = kPlain; i < all.size(); ++i)
            if (i != kNumber18 && i != kStreet18 && i != kApartment18)
                add(i);
    json::Object out;
    if (!components.empty())
        out["components"] = std::move(components);
    const auto text = [&](const char* member, std::string_view parameter) {
        if (const auto value = property.parameter(parameter); !value.empty())
            out[member] = value;
    };
    text("full", "LABEL");
    text("countryCode", "CC");
    text("coordinates", "GEO");
    text("timeZone", "TZ");
    return out;
}

bool put_address(Property& property, const json::Object& entry) {
    std::vector<std::string> all(kAddressKinds.size());
    std::string street;
    bool has_number = false;
    if (const auto* list = json::find(entry, "components")) {
        if (!list->is_array())
            return false;
        for (const auto& each : list->get_array()) {
            if (!each.is_object())
                return false;
            const auto kind = text_member(each.get_object(), "kind");
            auto value = text_member(each.get_object(), "value");
            if (kind.empty())
                return false;
            has_number = has_number || kind == "number";
            for (std::size_t i = 0; i < all.size(); ++i) {
                if (kind_at(i) != kind || i == kStreet || i == kApartment18)
                    continue;
                all[i] += (all[i].empty() ? "" : " ") + value;
            }
            if (kind == "number" || kind == "name")
                street += (street.empty() ? "" : " ") + value;
        }
    }
    all[kStreet] = street;
    if (!has_number)
        all[kStreet18].clear();
    const bool more = std::ranges::any_of(all.begin() + kPlain, all.end(), [](const auto& text) {
        return !text.empty();
    });
    if (more && all[kStreet18].empty())
        all[kStreet18] = street;
    all.resize(more ? all.size() : kPlain);
    std::string value;
    for (std::size_t i = 0; i < all.size(); ++i)
        value += (i == 0 ? "" : ";") + vcard::escape(all[i]);
    if (value != property.value() && !(show_address(property) == entry))
        property.set_value(value);
    const auto text = [&](const char* member, std::string_view parameter) {
        const auto given = text_member(entry, member);
        set_parameter(
            property, parameter, given.empty() ? std::vector<std::string>() : std::vector{given}
        );
    };
    text("full", "LABEL");
    text("countryCode", "CC");
    text("coordinates", "GEO");
    text("timeZone", "TZ");
    return true;
}

namespace {

struct AnniversaryKind {
    std::string_view word;
    std::string_view name;
};
constexpr std::array<AnniversaryKind, 3> kAnniversaries{
    {{"birth", "BDAY"}, {"death", "DEATHDATE"}, {"wedding", "ANNIVERSARY"}}
};

/// "19530415", "1953-04-15", "--0415", "1953", "---15" and a time behind it as a PartialDate.
json::Object partial_date(std::string_view text) {
    std::string digits;
    for (const char c : text.substr(0, text.find('T')))
        if (c != '-')
            digits += c;
    json::Object date;
    const auto number = [&](const char* member, std::size_t from, std::size_t size) {
        if (from + size > digits.size())
            return;
        if (const auto value = parse_int<int>(std::string_view(digits).substr(from, size)))
            date[member] = *value;
    };
    if (text.starts_with("---")) {
        number("day", 0, 2);
    } else if (text.starts_with("--")) {
        number("month", 0, 2);
        number("day", 2, 2);
    } else {
        number("year", 0, 4);
        number("month", 4, 2);
        number("day", 6, 2);
    }
    // Apple's year of nobody.
    if (const auto* year = json::find(date, "year"); year != nullptr && *year == json::Value(1604))
        date.erase("year");
    return date;
}

} // namespace

json::Object show_anniversary(const Property& property) {
    json::Object out;
    for (const auto& [word, name] : kAnniversaries)
        if (property.name() == name)
            out["kind"] = word;
    out["date"] = partial_date(property.value());
    return out;
}

bool put_anniversary(Property& property, const json::Object& entry) {
    const auto kind = text_member(entry, "kind");
    const auto* date = json::find(entry, "date");
    if (date == nullptr || !date->is_object())
        return false;
    const auto name = std::ranges::find(kAnniversaries, kind, &AnniversaryKind::word);
    if (name == kAnniversaries.end())
        return false;
    if (property.name() != name->name)
        property.set_name(std::string(name->name));
    std::string value;
    if (const auto utc = json::text_of(date->get_object(), "utc")) {
        // A Timestamp: its day; the instant itself is kept beside the card.
        value = utc->substr(0, 10);
        std::erase(value, '-');
    } else {
        const auto number = [&](const char* member, std::int64_t most) {
            const auto* given = json::find(date->get_object(), member);
            const auto found = given ? json::integer_of(*given) : std::nullopt;
            return found && *found >= 1 && *found <= most ? *found : 0;
        };
        const auto year = number("year", 9999), month = number("month", 12),
                   day = number("day", 31);
        if (year != 0)
            value = fmt::format("{:04}", year);
        if (month != 0)
            value += fmt::format("{}{:02}", year != 0 ? (day != 0 ? "" : "-") : "--", month);
        if (day != 0)
            value += fmt::format("{}{:02}", month == 0 ? "---" : "", day);
    }
    if (value.empty())
        return false;
    if (value != property.value() && partial_date(property.value()) != partial_date(value))
        property.set_value(value);
    return true;
}

} // namespace lockstep::jscontact
