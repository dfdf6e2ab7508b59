// Categories and notes of a card.
// Spec and invariants: contacts_lists.hpp.
#include "codec/eas/contacts_lists.hpp"

#include <set>

#include "base/text.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::eas {

namespace {

/// Leaves one property of that name, with that value; none at all for an empty value.
void leave_one(vcard::Card& card, std::string_view name, std::string value) {
    bool seen = value.empty();
    std::erase_if(card.properties, [&](const vcard::Property& property) {
        if (property.name() != name)
            return false;
        const bool surplus = seen;
        seen = true;
        return surplus;
    });
    if (value.empty())
        return;
    if (auto* property = card.find(name)) {
        property->set_value(std::move(value));
    } else {
        card.properties.emplace_back(std::string(name), std::move(value));
    }
}

} // namespace

std::vector<std::string> card_categories(const vcard::Card& card) {
    std::vector<std::string> categories;
    std::set<std::string> seen;
    for (const auto& property : card.properties) {
        if (property.name() != "CATEGORIES")
            continue;
        for (const auto part : vcard::split_escaped(property.value(), ',')) {
            const auto text = vcard::unescape(part);
            std::string category(trim(text));
            if (category.empty() || !seen.insert(category).second)
                continue;
            categories.push_back(std::move(category));
        }
    }
    return categories;
}

void set_card_categories(vcard::Card& card, const std::vector<std::string>& categories) {
    if (categories == card_categories(card))
        return;
    std::vector<std::string> escaped;
    for (const auto& category : categories)
        escaped.push_back(vcard::escape(category));
    leave_one(card, "CATEGORIES", join(escaped, ","));
}

std::string card_note(const vcard::Card& card) {
    std::string note;
    for (const auto& property : card.properties) {
        if (property.name() != "NOTE")
            continue;
        if (!note.empty())
            note += "\n\n";
        note += property.text();
    }
    return note;
}

void set_card_note(vcard::Card& card, std::string_view note) {
    if (note == card_note(card))
        return;
    leave_one(card, "NOTE", vcard::escape(note));
}

} // namespace lockstep::eas
