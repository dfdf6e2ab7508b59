// What the store keeps of a card beside its bytes: identity, names for lists, addresses for
// look-up.
// Spec: RFC 6350 6.2.1 FN, 6.2.2 N, 6.4.2 EMAIL, 6.7.6 UID; RFC 2426 3.6.5 SORT-STRING.
// Errors: as vcard::parse.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::vcard {

struct Card;

struct CardIndex {
    std::string uid;          ///< empty when the card has none
    std::string display_name; ///< FN, else composed from N, ORG or the first e-mail address
    std::string sort_name;    ///< SORT-STRING or SORT-AS, else "Family, Given", else display_name
    std::vector<std::string>
        emails; ///< lower-case ASCII, in order of preference, without duplicates
    std::vector<std::string> phones; ///< as written, in order of preference
    std::string organization;        ///< first component of ORG
    bool is_group = false;           ///< KIND:group, a list of members
};

[[nodiscard]] Result<CardIndex> index_card(std::string_view bytes);
[[nodiscard]] CardIndex index_card(const Card& card);

/// FN, or what a reader would put there. Never empty for a card that names anything.
[[nodiscard]] std::string display_name(const Card& card);
/// The same without looking at FN: N, else ORG, NICKNAME, the first EMAIL or TEL.
[[nodiscard]] std::string derived_name(const Card& card);

} // namespace lockstep::vcard
