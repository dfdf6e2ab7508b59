// Contacts of the people, and the address book of the company.
// Spec: demo_parts.hpp.
#include <fmt/format.h>

#include "office/demo_parts.hpp"
#include "office/demo_shared.hpp"

namespace lockstep::office {

namespace {

DemoItem card_item(const DemoCard& card, const DemoClock& clock, std::string_view folder) {
    DemoItem item;
    item.item_class = model::ItemClass::contact;
    item.bytes = demo_card(card);
    item.folder = folder;
    item.received = clock.at(-40, 11, 0);
    return item;
}

std::vector<DemoCard> customer_cards() {
    return {
        {.uid = "urn:uuid:6f1c2d10-0001-4c7e-9a10-5e1b0c6a0001",
         .given = "Maja",
         .family = "Lindqvist",
         .company = "City Library",
         .department = "Building Services",
         .title = "Head of Building Services",
         .email = "maja.lindqvist@library.example.com",
         .work = "+49 30 5550 120",
         .cell = "+49 170 555 0121",
         .street = "Bibliotheksplatz 1",
         .city = "Berlin",
         .code = "10117",
         .country = "Germany",
         .note = "Keeps the brass sample. Prefers calls before ten.",
         .categories = "Customers",
         .portrait = 2},
        {.uid = "urn:uuid:6f1c2d10-0002-4c7e-9a10-5e1b0c6a0002",
         .given = "\xE7\xBE\x8E\xE5\x92\xB2",
         .family = "\xE7\x94\xB0\xE4\xB8\xAD",
         .company = "Akari Co.",
         .title = "Buyer",
         .email = "misaki.tanaka@akari.example.jp",
         .work = "+81 3 5550 0142",
         .street = "Aoyama 3-12",
         .city = "Tokyo",
         .code = "107-0062",
         .country = "Japan",
         .categories = "Customers",
         .portrait = 6},
    };
}

std::vector<DemoCard> supplier_cards() {
    return {
        {.uid = "urn:uuid:6f1c2d10-0003-4c7e-9a10-5e1b0c6a0003",
         .given = "Priya",
         .family = "Raman",
         .company = "Lumicore",
         .title = "Application engineer",
         .email = "priya@lumicore.example.com",
         .work = "+31 20 555 0199",
         .cell = "+31 6 5550 0199",
         .city = "Eindhoven",
         .country = "Netherlands",
         .categories = "Suppliers",
         .url = "https://lumicore.example.com/"},
        {.uid = "urn:uuid:6f1c2d10-0004-4c7e-9a10-5e1b0c6a0004",
         .company = "Keramik Hofmann",
         .email = "werkstatt@keramik-hofmann.example.com",
         .work = "+49 9261 5550 77",
         .street = "Am Ofen 3",
         .city = "Kronach",
         .code = "96317",
         .country = "Germany",
         .categories = "Suppliers"},
        {.uid = "urn:uuid:6f1c2d10-0005-4c7e-9a10-5e1b0c6a0005",
         .given = "Elena",
         .family = "Petrova",
         .company = "Spree Bank",
         .title = "Corporate customers",
         .email = "elena.petrova@bank.example.com",
         .work = "+49 30 5550 200",
         .categories = "Finance",
         .portrait = 5},
    };
}

std::vector<DemoCard> private_cards() {
    return {
        {.uid = "urn:uuid:6f1c2d10-0011-4c7e-9a10-5e1b0c6a0011",
         .given = "Jonas",
         .family = "Berg",
         .email = "jonas@mail.example.net",
         .cell = "+49 171 555 0133",
         .home = "+49 351 5550 33",
         .street = "Elbhang 9",
         .city = "Dresden",
         .code = "01326",
         .country = "Germany",
         .birthday = "19880519",
         .categories = "Family",
         .nickname = "Jonny",
         .portrait = 4},
        {.uid = "urn:uuid:6f1c2d10-0012-4c7e-9a10-5e1b0c6a0012",
         .given = "Ingrid",
         .family = "Berg",
         .home = "+49 351 5550 30",
         .street = "Elbhang 7",
         .city = "Dresden",
         .code = "01326",
         .country = "Germany",
         .birthday = "--0930",
         .categories = "Family"},
        {.uid = "urn:uuid:6f1c2d10-0013-4c7e-9a10-5e1b0c6a0013",
         .given = "Amira",
         .family = "Nasser",
         .work = "+49 30 5550 466",
         .note = "Dr., dentist",
         .categories = "Health"},
    };
}

} // namespace

std::vector<DemoItem> demo_contacts(std::string_view local, const DemoClock& clock) {
    std::vector<DemoItem> items;
    const auto add = [&](const std::vector<DemoCard>& cards) {
        for (const auto& card : cards)
            items.push_back(card_item(card, clock, "Contacts"));
    };
    if (local == "anna")
        add(private_cards());
    if (local == "anna" || local == "ben") {
        add(customer_cards());
        add(supplier_cards());
    }
    if (local == "david")
        add({supplier_cards()[0]});
    if (local == "fatima" || local == "clara")
        add({supplier_cards()[1]});
    return items;
}

std::vector<DemoItem> demo_company_cards(const DemoClock& clock) {
    std::vector<DemoItem> items;
    int number = 0;
    for (const auto& person : demo_people()) {
        const auto space = person.name.find(' ');
        DemoCard card;
        card.uid = fmt::format("urn:uuid:6f1c2d10-0100-4c7e-9a10-5e1b0c6a01{:02}", number);
        card.given = person.name.substr(0, space);
        card.family = person.name.substr(space + 1);
        card.company = kDemoCompany;
        card.title = person.title;
        card.email = fmt::format("{}@{}", person.local, kDemoDomain);
        card.work = fmt::format("+49 30 5550 3{:02}", 10 + number);
        card.cell = fmt::format("+49 172 555 02{:02}", 10 + number);
        card.street = "Spreeufer 12";
        card.city = "Berlin";
        card.code = "10997";
        card.country = "Germany";
        card.portrait = number++;
        items.push_back(card_item(card, clock, ""));
    }
    DemoCard shop;
    shop.uid = "urn:uuid:6f1c2d10-0100-4c7e-9a10-5e1b0c6a0199";
    shop.company = "Northlight Showroom";
    shop.email = "showroom@example.org";
    shop.work = "+49 30 5550 300";
    shop.street = "Spreeufer 12";
    shop.city = "Berlin";
    shop.code = "10997";
    shop.country = "Germany";
    shop.note = "Tuesday to Saturday, 11 to 18.";
    shop.url = "https://example.org/";
    items.push_back(card_item(shop, clock, ""));
    return items;
}

} // namespace lockstep::office
