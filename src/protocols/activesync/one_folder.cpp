// Which clients take one folder of a class, and what lies in it.
#include "protocols/activesync/one_folder.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep::activesync {
namespace {

using model::ItemClass;

/// The classes of which a kind of client takes one folder alone; longer prefixes first.
struct ClientRow {
    std::string_view prefix; ///< of the device type, in lower case
    std::array<bool, 5> one; ///< in the order of ItemClass: mail, events, contacts, tasks, notes
};
constexpr std::array<ClientRow, 6> kClients{{
    {"iphone", {false, false, false, false, true}},
    {"ipad", {false, false, false, false, true}},
    {"ipod", {false, false, false, false, true}},
    {"samsung", {false, true, true, true, true}},
    {"android", {false, false, true, true, true}},
    {"windowsoutlook", {false, false, true, false, false}},
}};

std::size_t place_of(ItemClass item_class) { return static_cast<std::size_t>(item_class) - 1; }

ItemClass class_of(const model::Collection& collection) { return collection.item_class; }

bool is_default(const model::Collection& collection) {
    switch (collection.role) {
    case model::Role::calendar:
    case model::Role::contacts:
    case model::Role::todos:
    case model::Role::notes:
        return true;
    default:
        return false;
    }
}

} // namespace

bool takes_one_folder(const Exchange& exchange, ItemClass item_class) {
    if (item_class == ItemClass::mail)
        return false; // every client takes many of these
    switch (exchange.policy.one_folder) {
    case office::OneFolder::all:
        return true;
    case office::OneFolder::none:
        return false;
    case office::OneFolder::by_client:
        break;
    }
    const auto kind = lower(exchange.device.kind);
    const auto row = std::ranges::find_if(kClients, [&](const ClientRow& each) {
        return kind.starts_with(each.prefix);
    });
    return row != kClients.end() && row->one[place_of(item_class)];
}

Task<Result<OneFolders>> one_folders(Exchange& exchange) {
    OneFolders ones{};
    constexpr std::array kClasses{
        ItemClass::event, ItemClass::contact, ItemClass::todo, ItemClass::note
    };
    if (std::ranges::none_of(kClasses, [&](auto each) { return takes_one_folder(exchange, each); }))
        co_return ones;
    // Default folders stay as long as their account does: they are looked up once.
    auto known = exchange.session->memory.with([](const Session::Memory& memory) {
        return memory.default_folders;
    });
    if (std::ranges::all_of(known, [](auto id) { return !id; })) {
        const auto self = exchange.actor.account.id;
        CO_TRY(const auto folders, co_await office::all_folders(exchange.office(), self));
        for (const auto& each : folders)
            if (is_default(each))
                known[place_of(class_of(each))] = each.id;
        exchange.session->memory.with([&](Session::Memory& memory) {
            memory.default_folders = known;
        });
    }
    const auto self = exchange.actor.account.id;
    for (const auto each : kClasses)
        if (const auto id = known[place_of(each)];
            takes_one_folder(exchange, each) && exchange.policy.choice(each).allows({self, id}))
            ones[place_of(each)] = id;
    co_return ones;
}

Task<Result<std::vector<OtherSource>>> other_sources(Exchange& exchange, const FolderRef& ref) {
    std::vector<OtherSource> sources;
    const auto self = exchange.actor.account.id;
    if (ref.owner != self || !ref.collection)
        co_return sources;
    CO_TRY(const auto ones, co_await one_folders(exchange));
    const auto found = std::ranges::find(ones, ref.collection);
    if (found == ones.end())
        co_return sources;
    const auto item_class = static_cast<ItemClass>(found - ones.begin() + 1);
    CO_TRY(auto folders, co_await office::visible_folders(exchange.office(), exchange.actor));
    for (auto& folder : folders) {
        const FolderRef each{folder.collection.owner, folder.collection.id};
        if (folder.collection.item_class != item_class || each == ref ||
            !exchange.policy.choice(item_class).allows({each.owner, each.collection}))
            continue;
        auto label = folder_title(exchange, folder.own, folder.owner_name, folder.collection);
        sources.push_back({each, std::move(folder), std::move(label)});
    }
    co_return sources;
}

Task<Result<std::set<FolderRef>>> with_sources(Exchange& exchange, std::set<FolderRef> folders) {
    const std::vector<FolderRef> named(folders.begin(), folders.end());
    for (const auto& ref : named) {
        CO_TRY(const auto sources, co_await other_sources(exchange, ref));
        for (const auto& each : sources)
            folders.insert(each.ref);
    }
    co_return folders;
}

Task<Result<bool>>
shows_items_of(Exchange& exchange, const FolderRef& named, const FolderRef& source) {
    if (named == source)
        co_return true;
    CO_TRY(const auto sources, co_await other_sources(exchange, named));
    co_return std::ranges::find(sources, source, &OtherSource::ref) != sources.end();
}

std::string folder_title(
    const Exchange& exchange, bool own, const std::string& owner,
    const model::Collection& collection
) {
    if (own)
        return office::shown_name(collection, exchange.actor.account.language);
    if (collection.role != model::Role::none)
        return owner;
    return owner + ": " + collection.name;
}

} // namespace lockstep::activesync
