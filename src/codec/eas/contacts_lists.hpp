// The parts of a card that are lists or long: categories and the note.
// Spec: RFC 6350 6.7.1 CATEGORIES, 6.7.2 NOTE; MS-ASCNTC 2.2.2.19 Categories, 2.2.2.7 Body.
// Invariants: setting what is there already changes nothing.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "codec/vcard/card.hpp"

namespace lockstep::eas {

/// Categories of all CATEGORIES properties in order, without blanks around, empty ones or
/// duplicates.
[[nodiscard]] std::vector<std::string> card_categories(const vcard::Card& card);
/// Makes them the categories of the card; the first CATEGORIES property takes them all.
void set_card_categories(vcard::Card& card, const std::vector<std::string>& categories);

/// The text of the NOTE properties, several with a blank line between; line ends as LF.
[[nodiscard]] std::string card_note(const vcard::Card& card);
void set_card_note(vcard::Card& card, std::string_view note);

} // namespace lockstep::eas
