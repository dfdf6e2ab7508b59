// Finding the property of each slot, by name, type, label and preference.
// Spec: contacts_fields.hpp.
#include <algorithm>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "codec/eas/contacts_fields.hpp"
#include "codec/vcard/relations.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::eas {

namespace {

struct NamedCardSlot {
    std::string_view name;
    CardSlot slot;
};

/// Single properties. The first row of a slot is the name for writing.
constexpr std::array kNamed = {
    NamedCardSlot{"N", CardSlot::name},
    NamedCardSlot{"ORG", CardSlot::organization},
    NamedCardSlot{"TITLE", CardSlot::job_title},
    NamedCardSlot{"NICKNAME", CardSlot::nickname},
    NamedCardSlot{"URL", CardSlot::web_page},
    NamedCardSlot{"X-EAS-OFFICE", CardSlot::office},
    NamedCardSlot{"X-EVOLUTION-OFFICE", CardSlot::office},
    NamedCardSlot{"X-KADDRESSBOOK-X-OFFICE", CardSlot::office},
    NamedCardSlot{"X-PHONETIC-FIRST-NAME", CardSlot::yomi_first},
    NamedCardSlot{"X-PHONETIC-LAST-NAME", CardSlot::yomi_last},
    NamedCardSlot{"X-PHONETIC-ORG", CardSlot::yomi_company},
    NamedCardSlot{"X-EAS-FILE-AS", CardSlot::file_as},
    NamedCardSlot{"X-EVOLUTION-FILE-AS", CardSlot::file_as},
    NamedCardSlot{"X-EAS-ACCOUNT", CardSlot::account},
    NamedCardSlot{"X-EAS-CUSTOMER-ID", CardSlot::customer},
    NamedCardSlot{"X-EAS-GOVERNMENT-ID", CardSlot::government},
    NamedCardSlot{"X-EAS-MMS", CardSlot::mms},
    NamedCardSlot{"BDAY", CardSlot::birthday},
};

constexpr std::array<std::string_view, 11> kMessengers = {
    "IMPP",    "X-JABBER",   "X-AIM",       "X-ICQ",   "X-MSN",         "X-YAHOO",
    "X-SKYPE", "X-GADUGADU", "X-GROUPWISE", "X-GTALK", "X-GOOGLE-TALK",
};

struct TypedCardSlot {
    CardSlot slot;
    std::string_view types; ///< of a new property
};
constexpr std::array kTyped = {
    TypedCardSlot{CardSlot::business_address, "WORK"},
    TypedCardSlot{CardSlot::home_address, "HOME"},
    TypedCardSlot{CardSlot::business_phone, "WORK,VOICE"},
    TypedCardSlot{CardSlot::business_phone2, "WORK,VOICE"},
    TypedCardSlot{CardSlot::business_fax, "WORK,FAX"},
    TypedCardSlot{CardSlot::home_phone, "HOME,VOICE"},
    TypedCardSlot{CardSlot::home_phone2, "HOME,VOICE"},
    TypedCardSlot{CardSlot::home_fax, "HOME,FAX"},
    TypedCardSlot{CardSlot::mobile, "CELL"},
    TypedCardSlot{CardSlot::car, "CAR"},
    TypedCardSlot{CardSlot::pager, "PAGER"},
    TypedCardSlot{CardSlot::radio, "X-RADIO"},
    TypedCardSlot{CardSlot::assistant_phone, "X-ASSISTANT"},
    TypedCardSlot{CardSlot::company_phone, "WORK,MAIN"},
};

/// The types of the property and the label of its group, as one question.
struct ContactKinds {
    const vcard::Property& property;
    std::string_view label;
    bool operator()(std::string_view kind) const {
        return property.has_type(kind) || iequals(label, kind);
    }
};

/// Slots for a phone, the best first; the second is for the second such number.
std::array<CardSlot, 2> phone_slots(const ContactKinds& is) {
    using enum CardSlot;
    if (is("fax") || is("home fax") || is("work fax")) {
        const auto slot = is("home") || is("home fax") ? home_fax : business_fax;
        return {slot, slot};
    }
    if (is("pager"))
        return {pager, pager};
    if (is("car") || is("x-car"))
        return {car, car};
    if (is("x-radio") || is("radio"))
        return {radio, radio};
    if (is("x-assistant") || is("assistant") || is("x-evolution-assistant"))
        return {assistant_phone, assistant_phone};
    if (is("main") || is("x-company") || is("x-evolution-company"))
        return {company_phone, company_phone};
    if (is("cell") || is("iphone") || is("mobile"))
        return {mobile, mobile};
    if (is("work"))
        return {business_phone, business_phone2};
    if (is("home"))
        return {home_phone, home_phone2};
    return {count, count};
}

CardSlot address_slot(const ContactKinds& is) {
    using enum CardSlot;
    if (is("work"))
        return business_address;
    if (is("home"))
        return home_address;
    return other_address;
}

} // namespace

ContactSlots::ContactSlots(vcard::Card& card) : card_(card) { place_all(); }

void ContactSlots::place(CardSlot slot, std::size_t index) {
    auto& taken = slots_[static_cast<std::size_t>(slot)];
    if (!taken)
        taken = index;
}

const vcard::Property* ContactSlots::at(CardSlot slot) const {
    const auto& index = slots_[static_cast<std::size_t>(slot)];
    return index ? &card_.properties[*index] : nullptr;
}

/// Numbers with a clear kind first; then those without any, and a second mobile, where there is
/// room.
void ContactSlots::place_phones(
    const std::vector<std::size_t>& order, const vcard::GroupLabels& labels
) {
    using enum CardSlot;
    const auto free = [&](CardSlot slot) { return at(slot) == nullptr; };
    std::vector<std::size_t> later;
    for (const auto index : order) {
        const auto& property = card_.properties[index];
        const auto slots = phone_slots({property, labels.of(property)});
        if (slots[0] != count && free(slots[0])) {
            place(slots[0], index);
        } else if (slots[1] != count && free(slots[1])) {
            place(slots[1], index);
        } else if (slots[0] == count || slots[0] == mobile) {
            later.push_back(index);
        }
    }
    for (const auto index : later) {
        const auto& property = card_.properties[index];
        const bool second_mobile = property.has_type("cell");
        const bool business = property.has_type("work");
        for (const auto slot : {home_phone, home_phone2, business_phone, business_phone2}) {
            const bool for_business = slot == business_phone || slot == business_phone2;
            if (second_mobile && for_business != business)
                continue;
            if (!free(slot))
                continue;
            place(slot, index);
            break;
        }
    }
}

void ContactSlots::place_all() {
    using enum CardSlot;
    // The preferred first, then in the order of the card.
    std::vector<std::pair<int, std::size_t>> order;
    for (std::size_t i = 0; i < card_.properties.size(); ++i)
        order.emplace_back(card_.properties[i].preference(), i);
    std::ranges::sort(order);
    const vcard::GroupLabels labels(card_);
    std::vector<std::size_t> phones;
    const auto place_next = [&](std::initializer_list<CardSlot> slots, std::size_t index) {
        for (const auto slot : slots) {
            if (at(slot) != nullptr)
                continue;
            place(slot, index);
            return;
        }
    };
    for (const auto& [preference, index] : order) {
        const auto& property = card_.properties[index];
        const auto& name = property.name();
        if (name == "EMAIL") {
            place_next({email1, email2, email3}, index);
        } else if (name == "TEL") {
            phones.push_back(index);
        } else if (name == "ADR") {
            place(address_slot({property, labels.of(property)}), index);
        } else if (std::ranges::find(kMessengers, name) != kMessengers.end()) {
            place_next({im1, im2, im3}, index);
        } else if (const auto relation = vcard::relation_of(property, labels); !relation.empty()) {
            if (relation == "spouse")
                place(spouse, index);
            if (relation == "assistant")
                place(assistant, index);
            if (relation == "manager")
                place(manager, index);
            if (relation == "anniversary")
                place(anniversary, index);
            if (relation == "child")
                children_.push_back(index);
        }
    }
    std::ranges::sort(children_);
    for (const auto& named : kNamed) // in the table's order: the name for writing wins
        for (std::size_t i = 0; i < card_.properties.size(); ++i)
            if (card_.properties[i].name() == named.name)
                place(named.slot, i);
    place_phones(phones, labels);
}

namespace {

std::string_view written_name(CardSlot slot) {
    using enum CardSlot;
    for (const auto& named : kNamed)
        if (named.slot == slot)
            return named.name;
    if (slot >= email1 && slot <= email3)
        return "EMAIL";
    if (slot >= im1 && slot <= im3)
        return "IMPP";
    if (slot >= business_address && slot <= other_address)
        return "ADR";
    ENSURE(slot >= business_phone && slot <= company_phone);
    return "TEL";
}

} // namespace

vcard::Property& ContactSlots::make(CardSlot slot) {
    using enum CardSlot;
    auto& index = slots_[static_cast<std::size_t>(slot)];
    if (index)
        return card_.properties[*index];
    const bool is_4 = card_.version == vcard::Version::v4_0;
    std::vector<vcard::Parameter> parameters;
    for (const auto& typed : kTyped) {
        if (typed.slot != slot)
            continue;
        parameters.push_back({"TYPE", {}});
        for (const auto type : split(typed.types, ','))
            parameters.back().values.push_back(is_4 ? lower(type) : std::string(type));
    }
    const auto relation = slot == spouse        ? "spouse"
                          : slot == assistant   ? "assistant"
                          : slot == manager     ? "manager"
                          : slot == anniversary ? "anniversary"
                                                : "";
    if (*relation != '\0') {
        index = vcard::add_relation(card_, relation);
    } else {
        if (written_name(slot) == "EMAIL" && !is_4)
            parameters.push_back({"TYPE", {"INTERNET"}});
        index = card_.properties.size();
        card_.properties.emplace_back(std::string(written_name(slot)), "", std::move(parameters));
    }
    return card_.properties[*index];
}

void ContactSlots::finish() {
    std::vector<bool> doomed(card_.properties.size(), false);
    for (const auto index : doomed_)
        doomed[index] = true;
    for (const auto& index : slots_) {
        // N stays although empty: 3.0 requires it.
        if (!index || card_.properties[*index].name() == "N")
            continue;
        if (vcard::all_components_empty(card_.properties[*index].value()))
            doomed[*index] = true;
    }
    vcard::remove_properties(card_, doomed);
}

} // namespace lockstep::eas
