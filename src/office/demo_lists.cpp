// To-dos and notes of the people.
// Spec: demo_parts.hpp.
#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

std::vector<DemoTodo> anna_todos(const DemoClock& clock) {
    return {
        {.uid = "answer-library@example.org",
         .summary = "Answer Maja: unvarnished brass?",
         .description = "Ask Emil and Fatima first.",
         .due = clock.working_day(0),
         .priority = 1,
         .categories = "Customers",
         .alarm = true},
        {.uid = "press-text@example.org",
         .summary = "Finish the press text",
         .due = clock.working_day(3),
         .percent = 60,
         .categories = "Aurora"},
        {.uid = "floor-plan@example.org",
         .summary = "Floor plan for the fair",
         .due = clock.working_day(5),
         .priority = 5,
         .alarm = true},
        {.uid = "fatima-holiday@example.org",
         .summary = "Fatima: Urlaub best\xC3\xA4tigen",
         .due = clock.working_day(-1),
         .priority = 1},
        {.uid = "train-milan@example.org",
         .summary = "Book the train to Milan",
         .done = clock.working_day(-3),
         .categories = "Travel"},
        {.uid = "gift-jonas@example.org",
         .summary = "Present for Jonas",
         .due = clock.monday(2) + 5,
         .priority = 9,
         .categories = "Private"},
        {.uid = "review-month@example.org",
         .summary = "Read Clara's month",
         .due = clock.monday(1),
         .rule = "FREQ=MONTHLY;BYDAY=1MO"},
    };
}

std::vector<DemoTodo> todos_of(std::string_view local, const DemoClock& clock) {
    if (local == "anna")
        return anna_todos(clock);
    if (local == "ben")
        return {
            {.uid = "price-list@example.org",
             .summary = "Price list for dealers",
             .due = clock.working_day(2),
             .percent = 80,
             .priority = 1},
            {.uid = "clerkenwell-date@example.org",
             .summary = "Choose a date with Clerkenwell",
             .due = clock.working_day(3)}
        };
    if (local == "clara")
        return {
            {.uid = "mahnung@example.org",
             .summary = "Mahnung 2150 EUR",
             .due = clock.working_day(1),
             .priority = 1},
            {.uid = "ustva@example.org",
             .summary = "Umsatzsteuer-Voranmeldung",
             .due = clock.working_day(7),
             .alarm = true}
        };
    if (local == "david")
        return {
            {.uid = "pin7@example.org",
             .summary = "LC-40: check pin 7",
             .done = clock.working_day(-1)},
            {.uid = "release@example.org",
             .summary = "Tag firmware 1.4",
             .due = clock.working_day(0),
             .priority = 1}
        };
    if (local == "emil")
        return {
            {.uid = "leaflet@example.org",
             .summary = "Proof of the leaflet",
             .due = clock.working_day(1)}
        };
    return {
        {.uid = "endkontrolle@example.org",
         .summary = "Tom einarbeiten: Endkontrolle",
         .due = clock.working_day(9)}
    };
}

struct DemoNoteText {
    std::string_view uid, summary, text, categories;
    int day;
};

std::vector<DemoNoteText> notes_of(std::string_view local) {
    if (local == "anna")
        return {
            {"aurora-idea@example.org", "Aurora: the sentence",
             "A lamp that knows the evening.\n\nNot: smart. Not: connected.\nIt has a clock and a "
             "warm heart. That is all.",
             "Aurora", -12},
            {"milan-list@example.org", "Packing for Milan",
             "- two Auroras, one spare driver\n- the long cable\n- brass polish (for the old Fjord "
             "only!)\n- 200 leaflets IT/EN",
             "Travel", -2},
            {"books@example.org", "Read next",
             "In Praise of Shadows, again\nThe Eyes of the Skin\nsomething with a murder in it",
             "Private", -33},
            {"emil-numbers@example.org", "Meeting with the bank",
             "60 000 until June\nshow: orders library + Tokyo\nask: what if the fair goes too "
             "well?",
             "Finance", -1},
        };
    if (local == "clara")
        return {
            {"kasse@example.org", "Kasse",
             "Schl\xC3\xBCssel liegt bei Anna.\nZ\xC3\xA4hlung immer freitags nach der Suppe.", "",
             -15}
        };
    if (local == "david")
        return {
            {"flicker@example.org", "Flicker, measured",
             "100 %: 0.1\n10 %: 0.2\n3 %: 0.4\n1 %: 0.9 (with LC-40)", "Aurora", -1}
        };
    if (local == "emil")
        return {
            {"colours@example.org", "Glaze colours", "bone, fog, ink\nno green this year", "", -8}
        };
    return {};
}

} // namespace

std::vector<DemoItem> demo_todos(std::string_view local, const DemoClock& clock) {
    std::vector<DemoItem> items;
    for (const auto& todo : todos_of(local, clock)) {
        DemoItem item;
        item.item_class = model::ItemClass::todo;
        item.bytes = demo_todo(todo, clock);
        item.folder = "Tasks";
        item.received = clock.at(-6, 9, 30);
        items.push_back(std::move(item));
    }
    return items;
}

std::vector<DemoItem> demo_notes(std::string_view local, const DemoClock& clock) {
    std::vector<DemoItem> items;
    for (const auto& note : notes_of(local)) {
        DemoItem item;
        item.item_class = model::ItemClass::note;
        item.received = clock.past(note.day, 17, 5);
        item.bytes = demo_note(note.uid, note.summary, note.text, note.categories, item.received);
        item.folder = "Notes";
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace lockstep::office
