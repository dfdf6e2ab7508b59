// Values into fields.
#include "protocols/jmap/header_build.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"
#include "protocols/jmap/header_forms.hpp"

namespace lockstep::jmap {
namespace {

struct Named {
    std::string_view property;
    std::string_view field;
    HeaderForm form;
};
constexpr std::array<Named, 11> kNamed{{
    {"from", "From", HeaderForm::addresses},
    {"sender", "Sender", HeaderForm::addresses},
    {"replyTo", "Reply-To", HeaderForm::addresses},
    {"to", "To", HeaderForm::addresses},
    {"cc", "Cc", HeaderForm::addresses},
    {"bcc", "Bcc", HeaderForm::addresses},
    {"subject", "Subject", HeaderForm::text},
    {"sentAt", "Date", HeaderForm::date},
    {"messageId", "Message-ID", HeaderForm::message_ids},
    {"inReplyTo", "In-Reply-To", HeaderForm::message_ids},
    {"references", "References", HeaderForm::message_ids},
}};

bool read_addresses(
    const json::Value& value, const std::string& group, std::vector<mime::Address>& out
) {
    if (!value.is_array())
        return false;
    for (const auto& each : value.get_array()) {
        auto address = read_address(each);
        if (!address)
            return false;
        address->group = group;
        out.push_back(std::move(*address));
    }
    return true;
}

/// [{name, addresses}] as one list whose members know their group.
bool read_groups(const json::Value& value, std::vector<mime::Address>& out) {
    if (!value.is_array())
        return false;
    for (const auto& each : value.get_array()) {
        const auto* addresses =
            each.is_object() ? json::find(each.get_object(), "addresses") : nullptr;
        if (addresses == nullptr)
            return false;
        const std::string name(json::text_of(each.get_object(), "name").value_or(""));
        if (addresses->is_array() && addresses->get_array().empty() && !name.empty()) {
            out.emplace_back();
            out.back().group = name;
        } else if (!read_addresses(*addresses, name, out)) {
            return false;
        }
    }
    return true;
}

/// Raw text keeps its folds but can end no line of the header.
bool is_safe_raw(std::string_view raw) {
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\0' || static_cast<unsigned char>(raw[i]) >= 0x80)
            return false;
        const bool line_end = raw[i] == '\r' || raw[i] == '\n';
        if (!line_end)
            continue;
        if (raw[i] != '\r' || i + 2 >= raw.size() || raw[i + 1] != '\n' ||
            (raw[i + 2] != ' ' && raw[i + 2] != '\t'))
            return false;
        ++i;
    }
    return true;
}

std::expected<std::string, MethodError> one_field(
    const std::string& property, std::string_view name, HeaderForm form, const json::Value& value
) {
    if (value.is_null())
        return std::string();
    std::vector<mime::Address> addresses;
    switch (form) {
    case HeaderForm::raw:
        if (!value.is_string() || !is_safe_raw(json::view(value.get_string())))
            return refuse_property(property, "is no raw value");
        return std::string(name) + ":" + std::string(json::view(value.get_string())) + "\r\n";
    case HeaderForm::text:
        if (!value.is_string())
            return refuse_property(property, "is no text");
        return mime::write_text_field(name, json::view(value.get_string()));
    case HeaderForm::addresses:
        if (!read_addresses(value, {}, addresses))
            return refuse_property(property, "is no list of addresses");
        return mime::write_address_field(name, addresses);
    case HeaderForm::grouped_addresses:
        if (!read_groups(value, addresses))
            return refuse_property(property, "is no list of groups");
        return mime::write_address_field(name, addresses);
    case HeaderForm::message_ids:
    case HeaderForm::urls: {
        if (!value.is_array())
            return refuse_property(property, "is no list");
        std::vector<std::string> ids;
        for (const auto& each : value.get_array()) {
            if (!each.is_string() || !is_ascii(json::view(each.get_string())) ||
                json::view(each.get_string()).find_first_of("<> \t\r\n") != std::string_view::npos)
                return refuse_property(property, "holds something that is no id");
            ids.emplace_back(json::view(each.get_string()));
        }
        auto text = mime::write_ids_field(name, ids);
        return form == HeaderForm::urls ? replace_all(text, "> <", ">, <") : text;
    }
    case HeaderForm::date: {
        const auto at =
            value.is_string() ? json::parse_date(json::view(value.get_string())) : std::nullopt;
        if (!at)
            return refuse_property(property, "is no date");
        return std::string(name) + ": " + mime::format_date(*at / 1'000'000) + "\r\n";
    }
    }
    return std::string();
}

} // namespace

std::expected<BuiltField, MethodError>
build_field(const std::string& property, const json::Value& value) {
    const auto named = std::ranges::find(kNamed, property, &Named::property);
    HeaderProperty header;
    if (named != kNamed.end()) {
        header = {property, std::string(named->field), named->form, false};
    } else {
        auto parsed = parse_header_property(property);
        if (!parsed)
            return refuse_property(property, "is no property");
        header = std::move(*parsed);
    }
    BuiltField out{header.name, {}};
    if (!header.all) {
        auto text = one_field(property, header.name, header.form, value);
        if (!text)
            return std::unexpected(std::move(text).error());
        out.text = std::move(*text);
        return out;
    }
    if (!value.is_array())
        return refuse_property(property, "is no list");
    for (const auto& each : value.get_array()) {
        auto text = one_field(property, header.name, header.form, each);
        if (!text)
            return std::unexpected(std::move(text).error());
        out.text += *text;
    }
    return out;
}

} // namespace lockstep::jmap
