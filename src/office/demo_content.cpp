// The office put together: who has what.
// Spec: demo_content.hpp.
#include "office/demo_content.hpp"

#include <algorithm>

#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

DemoItem mail_item(const DemoPost& post, bool is_sender) {
    DemoItem item;
    item.bytes = demo_message(post.mail);
    item.folder = is_sender ? "Sent Messages" : post.folder;
    item.received = post.mail.date;
    item.read = is_sender || !post.unread;
    item.flagged = !is_sender && post.flagged;
    item.answered = !is_sender && post.answered;
    return item;
}

void append_all(std::vector<DemoItem>& to, std::vector<DemoItem> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::vector<DemoItem> mail_of(std::string_view local, const DemoClock& clock) {
    std::vector<DemoItem> items;
    for (const auto& posts : {demo_threads(clock), demo_letters(clock), demo_newsletters(clock)})
        for (const auto& post : posts) {
            const bool reads = std::ranges::find(post.readers, local) != post.readers.end();
            if (post.sender == local)
                items.push_back(mail_item(post, true));
            if (reads)
                items.push_back(mail_item(post, false));
        }
    for (const auto& post : demo_drafts(clock)) {
        if (post.sender != local)
            continue;
        items.push_back(mail_item(post, true));
        items.back().folder = "Drafts";
        items.back().draft = true;
    }
    return items;
}

bool is_person(std::string_view local) {
    return std::ranges::any_of(demo_people(), [&](const auto& person) {
        return person.local == local;
    });
}

} // namespace

const std::vector<DemoPerson>& demo_people() {
    static const std::vector<DemoPerson> people = {
        {"anna", "Anna Berg", "en", "Europe/Berlin", "Managing director"},
        {"ben", "Ben Carter", "en", "Europe/London", "Sales"},
        {"clara", "Clara Neumann", "de", "Europe/Berlin", "Buchhaltung"},
        {"david", "David Okafor", "en", "Europe/Berlin", "Engineering"},
        {"emil", "Emil S\xC3\xB8rensen", "en", "Europe/Copenhagen", "Design"},
        {"fatima", "Fatima Haddad", "de", "Europe/Berlin", "Werkstatt"},
    };
    return people;
}

const std::vector<DemoGroup>& demo_groups() {
    static const std::vector<DemoGroup> groups = {
        {"team", "Team", {"anna", "ben", "clara", "david", "emil", "fatima"}},
    };
    return groups;
}

std::vector<DemoItem> demo_items_of(std::string_view local, std::int64_t now) {
    if (!is_person(local))
        return {};
    const DemoClock clock(now);
    auto items = mail_of(local, clock);
    append_all(items, demo_appointments(local, clock));
    append_all(items, demo_contacts(local, clock));
    append_all(items, demo_todos(local, clock));
    append_all(items, demo_notes(local, clock));
    for (auto& item : items)
        item.received = std::min(item.received, now);
    std::ranges::sort(items, {}, [](const DemoItem& item) {
        return std::pair(item.received, std::string_view(item.bytes));
    });
    return items;
}

} // namespace lockstep::office
