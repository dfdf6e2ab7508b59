// Appointments of the people and of the group.
// Spec: demo_parts.hpp.
#include <fmt/format.h>

#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

DemoItem event_item(const DemoEvent& event, const DemoClock& clock) {
    DemoItem item;
    item.item_class = model::ItemClass::event;
    item.bytes = demo_event(event, clock);
    item.folder = "Calendar";
    item.received = clock.at(-9, 10, 0);
    return item;
}

/// What several people share: an invitation accepted is in each calendar, with the same UID.
std::vector<DemoEvent> shared_events(const DemoClock& clock) {
    std::vector<DemoEvent> events(3);
    auto& review = events[0];
    review.uid = "review-aurora@example.org";
    review.summary = "Aurora: last review before launch";
    review.location = "Workshop, long table";
    review.description = "Bring open points. We leave with a yes or a no.";
    review.day = clock.working_day(2);
    review.hour = 14;
    review.minutes = 90;
    review.organizer = "david";
    review.guests = {
        {"david"}, {"anna", "NEEDS-ACTION"}, {"emil", "ACCEPTED"}, {"fatima", "TENTATIVE", true}
    };
    review.alarm = 15;
    auto& library = events[1];
    library.uid = "library-visit@example.org";
    library.summary = "City Library: where the 64 lamps will stand";
    library.location = "Reading room, 2nd floor";
    library.description = "Measure the table edges. Take the brass sample along.";
    library.day = clock.working_day(4);
    library.hour = 10;
    library.minutes = 120;
    library.organizer = "anna";
    library.guests = {
        {"anna"}, {"ben", "ACCEPTED"}, {"maja.lindqvist@library.example.com", "ACCEPTED"}
    };
    library.alarm = 60;
    library.categories = "Customers";
    auto& sales = events[2];
    sales.uid = "sales-round@example.org";
    sales.summary = "Sales round";
    sales.location = "Small room";
    sales.day = clock.monday(-6) + 1;
    sales.hour = 11;
    sales.minutes = 45;
    sales.rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU";
    sales.moved = {
        {clock.monday(2) + 1, clock.monday(2) + 2, 9, 30, 45, "Sales round (moved: fair)"}
    };
    sales.organizer = "ben";
    sales.guests = {{"ben"}, {"anna"}, {"clara", "ACCEPTED", true}};
    return events;
}

std::vector<DemoEvent> anna_work(const DemoClock& clock) {
    std::vector<DemoEvent> events(4);
    events[0] = {
        .uid = "one-to-one@example.org",
        .summary = "One to one with Emil",
        .location = "Walk along the canal",
        .day = clock.monday(-3) + 3,
        .hour = 16,
        .minutes = 30,
        .rule = "FREQ=WEEKLY;BYDAY=TH;COUNT=30",
        .left_out = {clock.monday(1) + 3},
        .alarm = 10
    };
    events[1] = {
        .uid = "bank@example.org",
        .summary = "Bank: credit line",
        .location = "Elena Petrova, 4th floor",
        .day = clock.working_day(1),
        .hour = 15,
        .minutes = 60,
        .alarm = 30,
        .confidential = true
    };
    events[2] = {
        .uid = "tokyo-call@example.org",
        .summary = "Call: Akari, Tokyo (\xE7\x94\xB0\xE4\xB8\xAD\xE3\x81\x95\xE3\x82\x93)",
        .location = "Video",
        .day = clock.working_day(1),
        .hour = 8,
        .minute = 30,
        .minutes = 30,
        .tentative = true
    };
    events[3] = {
        .uid = "fair-milan@example.org",
        .summary = "Milan: Salone",
        .location = "Milan, hall 11 row C",
        .description = "Train on Sunday, 9:02. Stand C 14.",
        .day = clock.monday(3),
        .all_day = 5,
        .categories = "Travel"
    };
    return events;
}

std::vector<DemoEvent> anna_days(const DemoClock& clock) {
    std::vector<DemoEvent> events(4);
    events[0] = {
        .uid = "dentist@example.org",
        .summary = "Dentist",
        .day = clock.working_day(3),
        .hour = 8,
        .minute = 15,
        .minutes = 45,
        .alarm = 60,
        .categories = "Private",
        .confidential = true
    };
    events[1] = {
        .uid = "dinner-sunday@example.org",
        .summary = "Dumplings at Mum's \xF0\x9F\xA5\x9F",
        .day = clock.monday() + 6,
        .hour = 18,
        .minutes = 180,
        .categories = "Private"
    };
    events[2] = {
        .uid = "focus@example.org",
        .summary = "No meetings: drawing",
        .day = clock.monday(-8) + 2,
        .hour = 9,
        .minutes = 150,
        .rule = "FREQ=WEEKLY;BYDAY=WE",
        .free = true
    };
    events[3] = {
        .uid = "tax@example.org",
        .summary = "VAT return due",
        .day = clock.monday(-20),
        .all_day = 1,
        .rule = "FREQ=MONTHLY;BYMONTHDAY=10",
        .alarm = 900,
        .categories = "Finance",
        .free = true
    };
    return events;
}

std::vector<DemoEvent> private_events(std::string_view local, const DemoClock& clock) {
    std::vector<DemoEvent> events;
    if (local == "anna") {
        events = anna_work(clock);
        for (auto& event : anna_days(clock))
            events.push_back(std::move(event));
    }
    if (local == "ben")
        events.push_back(
            {.uid = "clerkenwell@example.org",
             .summary = "Dealer evening, Clerkenwell",
             .location = "London",
             .day = clock.working_day(8),
             .hour = 18,
             .minutes = 180,
             .alarm = 120}
        );
    if (local == "clara")
        events.push_back(
            {.uid = "monat@example.org",
             .summary = "Monatsabschluss",
             .day = clock.monday(-20),
             .hour = 9,
             .minutes = 240,
             .rule = "FREQ=MONTHLY;BYDAY=1MO"}
        );
    if (local == "david")
        events.push_back(
            {.uid = "lab@example.org",
             .summary = "Flicker measurements",
             .location = "Lab",
             .day = clock.working_day(1),
             .hour = 13,
             .minutes = 180}
        );
    if (local == "emil")
        events.push_back(
            {.uid = "school@example.org",
             .summary = "School play \xF0\x9F\x8E\xAD",
             .day = clock.working_day(5),
             .hour = 17,
             .minutes = 120,
             .confidential = true}
        );
    if (local == "fatima")
        events.push_back(
            {.uid = "schirme@example.org",
             .summary = "Lieferung Keramik Hofmann",
             .location = "Tor 2",
             .day = clock.working_day(2),
             .hour = 7,
             .minute = 30,
             .minutes = 30}
        );
    return events;
}

std::vector<DemoEvent> team_events(const DemoClock& clock) {
    std::vector<DemoEvent> events(6);
    events[0] = {
        .uid = "standup@example.org",
        .summary = "Morning round",
        .location = "Kitchen",
        .day = clock.monday(-10),
        .hour = 9,
        .minute = 15,
        .minutes = 15,
        .rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        .left_out = {clock.monday(2), clock.monday(2) + 1}
    };
    events[1] = {
        .uid = "lunch@example.org",
        .summary = "Soup Friday \xF0\x9F\x8D\xB2",
        .location = "Kitchen",
        .description = "This month Clara cooks.",
        .day = clock.monday(-10) + 4,
        .hour = 12,
        .minute = 30,
        .rule = "FREQ=WEEKLY;BYDAY=FR"
    };
    events[2] = {
        .uid = "launch@example.org",
        .summary = "Aurora goes on sale",
        .day = clock.monday(3) + 2,
        .all_day = 1,
        .categories = "Aurora"
    };
    events[3] = {
        .uid = "inventory@example.org",
        .summary = "Inventory",
        .location = "Store room",
        .day = clock.monday(5),
        .all_day = 2
    };
    events[4] = {
        .uid = "quarter@example.org",
        .summary = "Quarter: what worked, what did not",
        .location = "Workshop",
        .day = clock.monday(-26) + 2,
        .hour = 15,
        .minutes = 120,
        .rule = "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1WE"
    };
    events[5] = {
        .uid = "fatima-off@example.org",
        .summary = "Fatima: Urlaub",
        .day = clock.monday(11),
        .all_day = 12,
        .categories = "Away",
        .free = true
    };
    return events;
}

} // namespace

std::vector<DemoItem> demo_appointments(std::string_view local, const DemoClock& clock) {
    std::vector<DemoItem> items;
    for (const auto& event : shared_events(clock))
        for (const auto& guest : event.guests)
            if (guest.address == local)
                items.push_back(event_item(event, clock));
    for (const auto& event : private_events(local, clock))
        items.push_back(event_item(event, clock));
    return items;
}

std::vector<DemoItem> demo_items_of_group(std::string_view local, std::int64_t now) {
    std::vector<DemoItem> items;
    if (local != "team")
        return items;
    const DemoClock clock(now);
    for (const auto& event : team_events(clock)) {
        items.push_back(event_item(event, clock));
        items.back().folder.clear();
    }
    return items;
}

} // namespace lockstep::office
