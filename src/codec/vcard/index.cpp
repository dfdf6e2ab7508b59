// The index of a card.
// Spec: index.hpp.
#include "codec/vcard/index.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {

namespace {

/// Texts of the properties of that name, the most preferred first, blanks trimmed, none empty.
std::vector<std::string> texts_by_preference(const Card& card, std::string_view name) {
    // Sorted by preference, then by position.
    std::vector<std::pair<int, std::size_t>> order;
    for (std::size_t i = 0; i < card.properties.size(); ++i)
        if (card.properties[i].name() == name)
            order.emplace_back(card.properties[i].preference(), i);
    std::ranges::sort(order);
    std::vector<std::string> out;
    for (const auto& [preference, position] : order) {
        const auto text = card.properties[position].text();
        if (const auto trimmed = trim(text); !trimmed.empty())
            out.emplace_back(trimmed);
    }
    return out;
}

/// The non-empty components in this order, with blanks between.
std::string compose(std::string_view value, std::initializer_list<std::size_t> order) {
    std::string out;
    for (const auto index : order) {
        const auto text = component(value, index);
        if (trim(text).empty())
            continue;
        if (!out.empty())
            out += ' ';
        out += trim(text);
    }
    return out;
}

std::string sort_name(const Card& card) {
    if (auto text = card.text_of("SORT-STRING"); !trim(text).empty())
        return text;
    const auto* name = card.find("N");
    if (name == nullptr)
        return {};
    for (const auto& parameter : name->parameters())
        if (parameter.name == "SORT-AS")
            return join(parameter.values, ", ");
    auto family = compose(name->value(), {0});
    const auto given = compose(name->value(), {1, 2});
    if (!family.empty() && !given.empty())
        family += ", ";
    return family + given;
}

} // namespace

std::string display_name(const Card& card) {
    const auto text = card.text_of("FN");
    return trim(text).empty() ? derived_name(card) : std::string(trim(text));
}

std::string derived_name(const Card& card) {
    if (const auto* name = card.find("N"))
        if (auto text = compose(name->value(), {3, 1, 2, 0, 4}); !text.empty())
            return text;
    if (const auto* organization = card.find("ORG"))
        if (auto text = compose(organization->value(), {0}); !text.empty())
            return text;
    if (const auto text = card.text_of("NICKNAME"); !trim(text).empty())
        return std::string(trim(text));
    for (const auto* name : {"EMAIL", "TEL"})
        if (const auto texts = texts_by_preference(card, name); !texts.empty())
            return texts.front();
    return {};
}

CardIndex index_card(const Card& card) {
    CardIndex index;
    index.uid = trim(card.text_of("UID"));
    index.display_name = display_name(card);
    index.sort_name = sort_name(card);
    if (index.sort_name.empty())
        index.sort_name = index.display_name;
    for (const auto& email : texts_by_preference(card, "EMAIL")) {
        auto address = lower(istarts_with(email, "mailto:") ? email.substr(7) : email);
        if (std::ranges::find(index.emails, address) == index.emails.end() &&
            index.emails.size() < limits::kCardIndexValues)
            index.emails.push_back(std::move(address));
    }
    for (auto& phone : texts_by_preference(card, "TEL")) {
        if (index.phones.size() == limits::kCardIndexValues)
            break;
        index.phones.push_back(istarts_with(phone, "tel:") ? phone.substr(4) : std::move(phone));
    }
    if (const auto* organization = card.find("ORG"))
        index.organization = component(organization->value(), 0);
    for (const auto* kind : {"KIND", "X-ADDRESSBOOKSERVER-KIND"})
        if (iequals(trim(card.text_of(kind)), "group"))
            index.is_group = true;
    return index;
}

Result<CardIndex> index_card(std::string_view bytes) {
    TRY(const auto card, parse(bytes));
    return index_card(card);
}

} // namespace lockstep::vcard
