// Element texts out of properties and into them, one form each.
// Spec: contacts_fields.hpp; RFC 3860 (im: URIs), RFC 3966 (tel: URIs).
#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/contacts_dates.hpp"
#include "codec/eas/contacts_fields.hpp"
#include "codec/vcard/index.hpp"
#include "codec/vcard/relations.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::eas {

namespace {

constexpr std::size_t kOrgParts = 2, kNameParts = 5, kAddressParts = 7;

std::size_t part_count(CardSlot slot) {
    if (slot == CardSlot::name)
        return kNameParts;
    return slot == CardSlot::organization ? kOrgParts : kAddressParts;
}

/// Non-empty components from `first` up to `last`, joined.
std::string join_components(
    std::string_view value, std::size_t first, std::size_t last, std::string_view separator
) {
    const auto components = vcard::split_escaped(value, ';');
    std::vector<std::string> parts;
    for (auto i = first; i <= last && i < components.size(); ++i)
        if (auto text = vcard::unescape(components[i]); !trim(text).empty())
            parts.push_back(std::move(text));
    return join(parts, separator);
}

/// `"Anna Berg" <anna@example.org>` as some clients send it is anna@example.org.
std::string_view address_alone(std::string_view text) {
    text = trim(text);
    const auto open = text.rfind('<');
    if (open != std::string_view::npos && text.ends_with('>'))
        text = trim(text.substr(open + 1, text.size() - open - 2));
    return text;
}

bool uri_safe(char c) {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
           std::string_view("-._~@:/?!$&'()*+=#").find(c) != std::string_view::npos;
}

/// A screen name that is no URI becomes im:name; what an URI must not have is %-encoded.
std::string messenger_uri(std::string_view text) {
    const auto colon = text.find(':');
    const bool is_uri = colon != std::string_view::npos && colon > 1 && !istarts_with(text, "im:");
    if (is_uri && std::ranges::all_of(text, [](char c) { return uri_safe(c) || c == '%'; }))
        return std::string(text);
    std::string out = "im:";
    for (const char c : text) {
        if (uri_safe(c) && c != ':') {
            out += c;
        } else {
            out += '%';
            out += upper(hex(std::string_view(&c, 1)));
        }
    }
    return out;
}

std::string messenger_name(const vcard::Property& property) {
    auto text = property.text();
    if (property.name() != "IMPP" || !istarts_with(text, "im:"))
        return text;
    auto decoded = percent_decode(std::string_view(text).substr(3));
    return decoded ? clean_utf8(*decoded) : text;
}

std::string phone_number(const vcard::Property& property) {
    auto text = property.text();
    if (!istarts_with(text, "tel:"))
        return text;
    return text.substr(
        4, text.find(';') == std::string::npos ? std::string::npos : text.find(';') - 4
    );
}

void write_phone(vcard::Property& property, std::string_view text) {
    if (iequals(property.parameter("VALUE"), "uri")) {
        auto parameters = property.parameters();
        std::erase_if(parameters, [](const auto& p) { return p.name == "VALUE"; });
        property.set_parameters(std::move(parameters));
    }
    property.set_text(text);
}

} // namespace

Result<std::string>
normal_text(const ContactField& field, std::string_view sent, std::string_view zone) {
    if (sent.size() > limits::kEasContactText)
        return fail(Code::bad_value, "contact element too large");
    // What no document can hold does not come into the card: the next answer could not say it.
    const auto clean = clean_utf8(sent);
    std::string_view text = clean;
    if (trim(text).empty())
        return std::string();
    switch (field.form) {
    case CardForm::email:
        text = address_alone(text);
        if (istarts_with(text, "mailto:"))
            text = trim(text.substr(7));
        break;
    case CardForm::phone:
        if (istarts_with(text, "tel:"))
            text.remove_prefix(4);
        break;
    case CardForm::date: {
        const auto date = date_meant(text, zone);
        if (!date)
            return fail(Code::bad_value, "contact date is none");
        return wire_date(*date);
    }
    case CardForm::text:
    case CardForm::component:
    case CardForm::department:
    case CardForm::street:
    case CardForm::im:
    case CardForm::file_as:
        break;
    }
    return replace_all(replace_all(text, "\r\n", "\n"), "\r", "\n");
}

std::string default_file_as(const vcard::Card& card) {
    if (const auto* name = card.find("N")) {
        auto family = vcard::component(name->value(), 0);
        const auto given = join_components(name->value(), 1, 2, " ");
        if (!family.empty() && !given.empty())
            return family + ", " + given;
        if (!family.empty())
            return family;
        if (!given.empty())
            return given;
    }
    return vcard::display_name(card);
}

std::string ContactSlots::read(const ContactField& field) const {
    const auto* property = at(field.slot);
    if (field.form == CardForm::file_as && property == nullptr)
        return default_file_as(card_);
    if (property == nullptr)
        return {};
    const auto& value = property->value();
    switch (field.form) {
    case CardForm::text:
    case CardForm::file_as:
        return property->text();
    case CardForm::component:
        return vcard::component(value, field.part);
    case CardForm::department:
        return join_components(value, 1, limits::kCardComponents, ", ");
    case CardForm::street:
        return join_components(value, 0, 2, "\n");
    case CardForm::email: {
        const auto text = property->text();
        return std::string(istarts_with(text, "mailto:") ? trim(text).substr(7) : trim(text));
    }
    case CardForm::phone:
        return phone_number(*property);
    case CardForm::im:
        return messenger_name(*property);
    case CardForm::date: {
        const auto date = card_date(*property);
        return date ? wire_date(*date) : std::string();
    }
    }
    return {};
}

void ContactSlots::write_component(CardSlot slot, std::size_t part, std::string_view text) {
    auto& property = make(slot);
    property.set_value(vcard::with_component(property.value(), part, text, part_count(slot)));
}

void ContactSlots::write(const ContactField& field, std::string_view text) {
    if (text.empty() && at(field.slot) == nullptr)
        return;
    switch (field.form) {
    case CardForm::text:
    case CardForm::file_as:
        make(field.slot).set_text(text);
        break;
    case CardForm::component:
        write_component(field.slot, field.part, text);
        break;
    case CardForm::department: {
        auto& property = make(field.slot);
        property.set_value(vcard::with_component(
            vcard::split_escaped(property.value(), ';').front(), 1, text, kOrgParts
        ));
        break;
    }
    case CardForm::street:
        write_component(field.slot, 2, text);
        write_component(field.slot, 0, {});
        write_component(field.slot, 1, {});
        break;
    case CardForm::email:
        make(field.slot).set_text(address_alone(text));
        break;
    case CardForm::phone:
        write_phone(make(field.slot), text);
        break;
    case CardForm::im: {
        auto& property = make(field.slot);
        const bool uri = property.name() == "IMPP" && !text.empty();
        property.set_value(uri ? messenger_uri(text) : vcard::escape(text));
        break;
    }
    case CardForm::date:
        if (const auto date = date_meant(text, {})) { // 00:00Z of the day
            set_card_date(make(field.slot), *date, card_.version);
        } else {
            make(field.slot).set_value({});
        }
        break;
    }
}

std::vector<std::string> ContactSlots::children() const {
    std::vector<std::string> names;
    for (const auto index : children_)
        if (auto text = card_.properties[index].text(); !trim(text).empty())
            names.push_back(std::move(text));
    return names;
}

void ContactSlots::set_children(std::vector<std::string> names) {
    for (const auto index : children_) {
        const auto found = std::ranges::find(names, card_.properties[index].text());
        if (found == names.end()) {
            doomed_.push_back(index);
        } else {
            names.erase(found);
        }
    }
    for (const auto& name : names) {
        const auto index = vcard::add_relation(card_, "child");
        card_.properties[index].set_text(name);
    }
}

} // namespace lockstep::eas
