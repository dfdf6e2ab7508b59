// Fields into JSON.
#include "protocols/jmap/header_forms.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "codec/mime/date.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::array<std::pair<std::string_view, HeaderForm>, 7> kForms{{
    {"asRaw", HeaderForm::raw},
    {"asText", HeaderForm::text},
    {"asAddresses", HeaderForm::addresses},
    {"asGroupedAddresses", HeaderForm::grouped_addresses},
    {"asMessageIds", HeaderForm::message_ids},
    {"asDate", HeaderForm::date},
    {"asURLs", HeaderForm::urls},
}};

/// Which kind of value a field of RFC 5322 or RFC 2369 has; every other field may have any form.
enum class FieldKind { text, addresses, ids, date, urls, other };
constexpr std::array<std::pair<std::string_view, FieldKind>, 31> kKinds{{
    {"subject", FieldKind::text},
    {"comments", FieldKind::text},
    {"keywords", FieldKind::text},
    {"list-id", FieldKind::text},
    {"from", FieldKind::addresses},
    {"sender", FieldKind::addresses},
    {"reply-to", FieldKind::addresses},
    {"to", FieldKind::addresses},
    {"cc", FieldKind::addresses},
    {"bcc", FieldKind::addresses},
    {"resent-from", FieldKind::addresses},
    {"resent-sender", FieldKind::addresses},
    {"resent-reply-to", FieldKind::addresses},
    {"resent-to", FieldKind::addresses},
    {"resent-cc", FieldKind::addresses},
    {"resent-bcc", FieldKind::addresses},
    {"message-id", FieldKind::ids},
    {"in-reply-to", FieldKind::ids},
    {"references", FieldKind::ids},
    {"resent-message-id", FieldKind::ids},
    {"date", FieldKind::date},
    {"resent-date", FieldKind::date},
    {"list-help", FieldKind::urls},
    {"list-unsubscribe", FieldKind::urls},
    {"list-subscribe", FieldKind::urls},
    {"list-post", FieldKind::urls},
    {"list-owner", FieldKind::urls},
    {"list-archive", FieldKind::urls},
    // Structured fields that have no form but the raw one.
    {"received", FieldKind::other},
    {"return-path", FieldKind::other},
    {"content-type", FieldKind::other},
}};

bool may_have(std::string_view name, HeaderForm form) {
    if (form == HeaderForm::raw)
        return true;
    const auto found =
        std::ranges::find(kKinds, lower(name), &std::pair<std::string_view, FieldKind>::first);
    if (found == kKinds.end())
        return true;
    switch (found->second) {
    case FieldKind::text:
        return form == HeaderForm::text;
    case FieldKind::addresses:
        return form == HeaderForm::addresses || form == HeaderForm::grouped_addresses;
    case FieldKind::ids:
        return form == HeaderForm::message_ids;
    case FieldKind::date:
        return form == HeaderForm::date;
    case FieldKind::urls:
        return form == HeaderForm::urls;
    case FieldKind::other:
        break;
    }
    return false;
}

bool is_field_name(std::string_view name) {
    return !name.empty() &&
           std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7F && c != ':'; });
}

json::Object address_object(const mime::Address& address) {
    return {
        {"name", address.name.empty() ? json::Value(nullptr) : json::Value(address.name)},
        {"email", address.text()},
    };
}

json::Array grouped(const std::vector<mime::Address>& addresses) {
    json::Array groups;
    bool open = false;
    std::string current;
    for (const auto& each : addresses) {
        const bool empty_group = each.local.empty() && each.domain.empty() && each.name.empty();
        if (!open || each.group != current || empty_group) {
            groups.push_back(json::Object{
                {"name", each.group.empty() ? json::Value(nullptr) : json::Value(each.group)},
                {"addresses", json::Array()},
            });
            open = true;
            current = each.group;
        }
        if (!empty_group)
            groups.back().get_object()["addresses"].get_array().push_back(address_object(each));
    }
    return groups;
}

json::Value urls_value(std::string_view raw) {
    json::Array urls;
    const auto text = mime::unfold(raw);
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) {
        const auto end = text.find('>', at);
        if (end == std::string::npos)
            break;
        std::string url;
        for (const char c : std::string_view(text).substr(at + 1, end - at - 1))
            if (!is_space(c))
                url += c;
        urls.emplace_back(std::move(url));
        at = end;
    }
    return urls.empty() ? json::Value(nullptr) : json::Value(std::move(urls));
}

/// The raw value as JSON can hold it (RFC 8621 4.1.2.1).
std::string raw_text(std::string_view raw) {
    std::string out(raw);
    std::erase(out, '\0');
    return is_utf8(out) ? out : clean_utf8(out);
}

} // namespace

std::optional<HeaderProperty> parse_header_property(std::string_view property) {
    auto parts = split(property, ':');
    if (parts.size() < 2 || parts.size() > 4 || parts[0] != "header" || !is_field_name(parts[1]))
        return std::nullopt;
    HeaderProperty out{std::string(property), std::string(parts[1]), HeaderForm::raw, false};
    std::size_t at = 2;
    if (at < parts.size() && parts[at] != "all") {
        const auto form =
            std::ranges::find(kForms, parts[at], &std::pair<std::string_view, HeaderForm>::first);
        if (form == kForms.end())
            return std::nullopt;
        out.form = form->second;
        ++at;
    }
    if (at < parts.size() && parts[at] == "all") {
        out.all = true;
        ++at;
    }
    if (at != parts.size() || !may_have(out.name, out.form))
        return std::nullopt;
    return out;
}

json::Value header_value(HeaderForm form, std::string_view raw) {
    switch (form) {
    case HeaderForm::raw:
        return json::Value(raw_text(raw));
    case HeaderForm::text:
        return json::Value(mime::decode_text(raw));
    case HeaderForm::addresses:
        return addresses_value(mime::parse_addresses(raw));
    case HeaderForm::grouped_addresses:
        return grouped(mime::parse_addresses(raw));
    case HeaderForm::message_ids:
        return ids_value(mime::decode_ids(raw));
    case HeaderForm::date:
        return date_value(raw);
    case HeaderForm::urls:
        return urls_value(raw);
    }
    return nullptr;
}

json::Value header_value(const HeaderProperty& property, const mime::Headers& headers) {
    json::Array all;
    for (const auto& field : headers.fields())
        if (iequals(field.name, property.name))
            all.push_back(header_value(property.form, field.value));
    if (property.all)
        return all;
    return all.empty() ? json::Value(nullptr) : std::move(all.back());
}

json::Array header_list(const mime::Headers& headers) {
    json::Array list;
    for (const auto& field : headers.fields())
        list.push_back(
            json::Object{{"name", raw_text(field.name)}, {"value", raw_text(field.value)}}
        );
    return list;
}

json::Value addresses_value(const std::vector<mime::Address>& addresses) {
    json::Array list;
    for (const auto& each : addresses)
        if (!each.local.empty() || !each.domain.empty() || !each.name.empty())
            list.push_back(address_object(each));
    return list;
}

std::optional<mime::Address> read_address(const json::Value& value) {
    if (!value.is_object())
        return std::nullopt;
    const auto email = json::text_of(value.get_object(), "email");
    const auto* name = json::find(value.get_object(), "name");
    if (!email || (name != nullptr && !name->is_null() && !name->is_string()))
        return std::nullopt;
    mime::Address address;
    const auto at = email->rfind('@');
    address.local = email->substr(0, at);
    if (at != std::string_view::npos)
        address.domain = email->substr(at + 1);
    if (name != nullptr && name->is_string())
        address.name = json::view(name->get_string());
    return address;
}

json::Value addresses_or_null(const std::vector<mime::Address>& addresses) {
    return addresses.empty() ? json::Value(nullptr) : addresses_value(addresses);
}

json::Value ids_value(const std::vector<std::string>& ids) {
    if (ids.empty())
        return nullptr;
    return json::Array(ids.begin(), ids.end());
}

json::Value date_value(std::string_view raw) {
    const auto date = mime::parse_zoned_date(raw);
    if (!date)
        return nullptr;
    auto text = json::utc_date(date->local_seconds() * 1'000'000);
    const int zone = date->zone_minutes;
    if (zone == 0)
        return json::Value(text);
    text.pop_back();
    const int absolute = std::abs(zone);
    return json::Value(
        fmt::format("{}{}{:02}:{:02}", text, zone < 0 ? '-' : '+', absolute / 60, absolute % 60)
    );
}

} // namespace lockstep::jmap
