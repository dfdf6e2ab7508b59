// The types that JMAP has for folders and items of each class.
#pragma once
#include "model/model.hpp"

namespace lockstep::jmap {

struct TypeNames {
    const char* folder;
    const char* item;
};
[[nodiscard]] constexpr TypeNames type_names(model::ItemClass item_class) {
    switch (item_class) {
    case model::ItemClass::mail:
        return {"Mailbox", "Email"};
    case model::ItemClass::event:
        return {"Calendar", "CalendarEvent"};
    case model::ItemClass::contact:
        return {"AddressBook", "ContactCard"};
    case model::ItemClass::todo:
        return {"TaskList", "Task"};
    case model::ItemClass::note:
        return {"NoteBook", "Note"};
    }
    return {"Mailbox", "Email"};
}

} // namespace lockstep::jmap
