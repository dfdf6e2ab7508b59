// What everybody in the domain shares.
// Spec: demo_shared.hpp.
#include "office/demo_shared.hpp"

#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

DemoItem shared_item(model::ItemClass item_class, std::string bytes, std::int64_t changed) {
    DemoItem item;
    item.item_class = item_class;
    item.bytes = std::move(bytes);
    item.received = changed;
    return item;
}

std::vector<DemoTodo> shared_todos(const DemoClock& clock) {
    return {
        {.uid = "shared-plants@example.org",
         .summary = "Water the plants",
         .due = clock.monday() + 4,
         .rule = "FREQ=WEEKLY;BYDAY=FR",
         .categories = "Office"},
        {.uid = "shared-coffee@example.org",
         .summary = "Order coffee beans (the dark ones)",
         .due = clock.working_day(1),
         .priority = 5,
         .categories = "Office"},
        {.uid = "shared-inventory@example.org",
         .summary = "Print the inventory sheets",
         .description = "One set per shelf, A to K.",
         .due = clock.monday(5) - 3,
         .percent = 30},
        {.uid = "shared-badges@example.org",
         .summary = "Names for the badges of the fair",
         .due = clock.working_day(6),
         .priority = 1},
        {.uid = "shared-door@example.org",
         .summary = "Call the locksmith: back door",
         .done = clock.working_day(-2)},
    };
}

} // namespace

std::vector<DemoItem> demo_items_of_global(std::int64_t now) {
    const DemoClock clock(now);
    auto items = demo_company_cards(clock);
    for (const auto& todo : shared_todos(clock))
        items.push_back(
            shared_item(model::ItemClass::todo, demo_todo(todo, clock), clock.at(-6, 9, 30))
        );
    const auto note = [&](std::string_view uid, std::string_view summary, std::string_view text,
                          int day) {
        const auto changed = clock.past(day, 16, 0);
        items.push_back(shared_item(
            model::ItemClass::note, demo_note(uid, summary, text, "Office", changed), changed
        ));
    };
    note(
        "shared-wifi@example.org", "Wi-Fi and printer",
        "Guests: Northlight Guest, password on the card at the door.\nPrinter: second floor, paper "
        "tray 2 is for letterheads.",
        -30
    );
    note(
        "shared-numbers@example.org", "Important numbers",
        "House keeping  +49 30 5550 390\nFreight door   +49 30 5550 391\nFire alarm     code is "
        "with Clara",
        -21
    );
    note(
        "shared-words@example.org", "How we write",
        "Aurora, not AURORA.\nWarm light, not \"cozy\".\nNumbers with a thin space: 2 700 "
        "K.\nNever \"innovative\".",
        -3
    );
    return items;
}

} // namespace lockstep::office
