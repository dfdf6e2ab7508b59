// States of types, from the collections of each class.
#include "protocols/jmap/states.hpp"

#include "protocols/jmap/share_notification.hpp"
#include "protocols/jmap/type_names.hpp"

namespace lockstep::jmap {

Task<Result<States>>
type_states(office::Office& office, const office::Actor& actor, const office::Owner& owner) {
    States states;
    CO_TRY(const auto all, co_await office::shelves(office, actor, owner));
    for (const auto& [item_class, shelf] : all) {
        const auto [folder, item] = type_names(item_class);
        states[folder] = office::text_of(shelf.collections_state);
        states[item] = office::text_of(shelf.items);
    }
    states["Thread"] = states["Email"];
    if (owner.own) {
        CO_TRY(const auto news, co_await office::share_news(office, actor));
        states["ShareNotification"] = share_state(news.state);
    }
    co_return states;
}

} // namespace lockstep::jmap
