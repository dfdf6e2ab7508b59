// TaskList and NoteBook: folders of to-dos and of notes.
// Spec: docs/jmap-extensions.md; draft-ietf-jmap-tasks-06 2 (its TaskList).
#include <array>

#include "codec/ical/zone.hpp"
#include "protocols/jmap/folder_facts.hpp"
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/methods_groupware.hpp"

namespace lockstep::jmap {
namespace {

using model::Right;

json::Object list_rights(Right right, bool fixed) {
    return {
        {"mayReadItems", right >= Right::read},
        {"mayWriteAll", right >= Right::edit},
        {"mayWriteOwn", right >= Right::edit},
        {"mayUpdatePrivate", right >= Right::edit},
        {"mayRSVP", right >= Right::edit},
        {"mayShare", right >= Right::own},
        {"mayDelete", right >= Right::own && !fixed},
    };
}

Right right_of_list(const json::Object& rights) {
    if (has_right(rights, "mayShare"))
        return Right::own;
    if (has_right(rights, "mayWriteAll"))
        return Right::edit;
    return has_right(rights, "mayReadItems") ? Right::read : Right::none;
}

bool is_list_zone(const json::Value& value) {
    return value.is_string() && ical::load_zone(json::view(value.get_string())).has_value();
}
bool is_color_map(const json::Value& value) {
    return value.is_object() && std::ranges::all_of(value.get_object(), [](const auto& member) {
               return is_color(member.value());
           });
}

const std::array<FactMember, 6> kTaskListFacts{
    {{"description", nullptr, is_text, true},
     {"color", nullptr, is_color, true},
     {"sortOrder", 0, is_sort_order},
     {"isVisible", true, is_truth},
     {"keywordColors", nullptr, is_color_map, true},
     {"timeZone", nullptr, is_list_zone, true}}
};
const std::array<FactMember, 4> kNoteBookFacts{
    {{"description", nullptr, is_text, true},
     {"color", nullptr, is_color, true},
     {"sortOrder", 0, is_sort_order},
     {"isVisible", true, is_truth}}
};

const FolderKind kTaskLists{"TaskList",        model::ItemClass::todo, "onDestroyRemoveTasks",
                            "taskListHasTask", kTaskListFacts,         list_rights,
                            right_of_list};
const FolderKind kNoteBooks{"NoteBook",        model::ItemClass::note, "onDestroyRemoveNotes",
                            "noteBookHasNote", kNoteBookFacts,         list_rights,
                            right_of_list};

} // namespace

Task<Outcome> task_list_get(Call& call, const json::Object& arguments) {
    co_return co_await get_folders(call, arguments, kTaskLists);
}
Task<Outcome> task_list_changes(Call& call, const json::Object& arguments) {
    co_return co_await folder_changes(call, arguments, kTaskLists);
}
Task<Outcome> task_list_set(Call& call, const json::Object& arguments) {
    co_return co_await set_folders(call, arguments, kTaskLists);
}
Task<Outcome> note_book_get(Call& call, const json::Object& arguments) {
    co_return co_await get_folders(call, arguments, kNoteBooks);
}
Task<Outcome> note_book_changes(Call& call, const json::Object& arguments) {
    co_return co_await folder_changes(call, arguments, kNoteBooks);
}
Task<Outcome> note_book_set(Call& call, const json::Object& arguments) {
    co_return co_await set_folders(call, arguments, kNoteBooks);
}

} // namespace lockstep::jmap
