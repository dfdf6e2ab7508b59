// States of types, from the collections of each class.
#include "protocols/jmap/states.hpp"

namespace lockstep::jmap {

Task<Result<States>>
type_states(office::Office& office, const office::Actor& actor, const office::Owner& owner) {
    States states;
    CO_TRY(const auto mail, co_await office::shelf(office, actor, owner, model::ItemClass::mail));
    states["Mailbox"] = office::text_of(mail.collections_state);
    states["Email"] = office::text_of(mail.items);
    states["Thread"] = office::text_of(mail.items);
    CO_TRY(
        const auto cards, co_await office::shelf(office, actor, owner, model::ItemClass::contact)
    );
    states["AddressBook"] = office::text_of(cards.collections_state);
    states["ContactCard"] = office::text_of(cards.items);
    CO_TRY(
        const auto events, co_await office::shelf(office, actor, owner, model::ItemClass::event)
    );
    states["Calendar"] = office::text_of(events.collections_state);
    states["CalendarEvent"] = office::text_of(events.items);
    co_return states;
}

} // namespace lockstep::jmap
