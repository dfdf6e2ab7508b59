// The address list: whom a person may write to by name. Accounts of the own domain with the cards
// of its global address books; on demand also the cards of whatever address books the person sees.
// Spec: MS-ASCMD 2.2.1.16 (ambiguous name resolution), 2.2.1.15. Hardening W13.
// Invariants: nobody is told of accounts of other domains, of switched-off ones, or of cards in
// books that they may not read. Errors: bad_value (a query longer than limits::kPeopleQuery).
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct Person {
    std::string name;    ///< as shown; never empty
    std::string address; ///< lower case; may be empty for a card
    std::string card;    ///< a vCard: the stored one, or what the directory knows
    bool listed = true;  ///< in the address list; otherwise only in an address book of the actor's
    model::AccountId account; ///< none: not of this office
    model::AccountKind kind = model::AccountKind::person;
};

struct PeopleQuery {
    /// Each word must begin a word of the name, of an address, or of the company, without regard
    /// to case.
    std::string text;
    bool with_books = false; ///< search the address books that the actor sees, too
};
/// In order of their names; one entry for each address.
[[nodiscard]] Task<Result<std::vector<Person>>>
find_people(Office& office, const Actor& actor, PeopleQuery query);

} // namespace lockstep::office
