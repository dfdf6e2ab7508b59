// States of types, from the collections of each class.
#include "protocols/jmap/states.hpp"

#include "protocols/jmap/share_notification.hpp"

namespace lockstep::jmap {
namespace {

struct TypeNames {
    model::ItemClass item_class;
    const char* folders;
    const char* items;
};

} // namespace

Task<Result<States>>
type_states(office::Office& office, const office::Actor& actor, const office::Owner& owner) {
    constexpr TypeNames kNames[] = {
        {model::ItemClass::mail, "Mailbox", "Email"},
        {model::ItemClass::contact, "AddressBook", "ContactCard"},
        {model::ItemClass::event, "Calendar", "CalendarEvent"},
        {model::ItemClass::todo, "TaskList", "Task"},
        {model::ItemClass::note, "NoteBook", "Note"},
    };
    States states;
    CO_TRY(const auto all, co_await office::shelves(office, actor, owner));
    for (const auto& [item_class, folders, items] : kNames) {
        const auto& shelf = all.at(item_class);
        states[folders] = office::text_of(shelf.collections_state);
        states[items] = office::text_of(shelf.items);
    }
    states["Thread"] = states["Email"];
    if (owner.own) {
        CO_TRY(const auto news, co_await office::share_news(office, actor));
        states["ShareNotification"] = share_state(news.state);
    }
    co_return states;
}

} // namespace lockstep::jmap
