// Folders: who sees them, and their changes.
#include "office/folders.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "office/annotations.hpp"
#include "office/share_news.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using model::Collection;
using model::CollectionId;
using model::Right;
using store::Snapshot;
using store::Txn;

Result<std::string> clean_name(std::string_view wanted) {
    std::string name;
    for (const char c : clean_utf8(wanted))
        if (c != '/' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
            name += c;
    name = trim(name);
    if (name.empty() || name.size() > 255)
        return fail(Code::bad_value, "a folder's name has 1 to 255 bytes");
    return name;
}

/// The Inbox is known to clients by this name, whatever it is shown as.
Result<> check_inbox_name(CollectionId parent, model::ItemClass item_class, std::string_view name) {
    if (!parent && item_class == model::ItemClass::mail && iequals(name, "inbox"))
        return fail(Code::exists, "the Inbox has this name");
    return {};
}

/// The folders that went.
Result<std::vector<Collection>>
remove_tree(Txn& txn, AccountId owner, CollectionId id, model::AuthorId author) {
    // Children first, without recursion: list() is in order of ids, but a child may have a smaller
    // id than its parent.
    std::multimap<CollectionId, Collection> inside;
    std::vector<Collection> order;
    for (auto& each : store::list_collections(txn, owner)) {
        if (each.id == id)
            order.push_back(each);
        inside.emplace(each.parent, std::move(each));
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto [begin, end] = inside.equal_range(order[i].id);
        for (auto each = begin; each != end; ++each)
            order.push_back(each->second);
    }
    for (auto each = order.rbegin(); each != order.rend(); ++each)
        CHECK_OK(store::remove_collection(txn, owner, each->id, author));
    return order;
}

} // namespace

Right Owner::best_right() const {
    auto best = right;
    for (const auto& [folder, on_it] : folders)
        best = std::max(best, on_it);
    return best;
}

Right Owner::right_on(CollectionId folder) const {
    const auto found = std::ranges::lower_bound(
        folders, folder, {}, &std::pair<model::CollectionId, model::Right>::first
    );
    return found != folders.end() && found->first == folder ? std::max(right, found->second)
                                                            : right;
}

Task<Result<std::vector<Owner>>> owners(Office& office, const Actor& actor) {
    std::vector<Owner> all{
        {actor.account.id, Right::own, actor.account.name, true, actor.account.kind, {}}
    };
    CO_TRY(auto visible, co_await office.directory.visible_owners(actor.account.id));
    for (auto& each : visible) {
        std::erase_if(each.collections, [](const auto& one) { return one.second < Right::read; });
        if (each.right >= Right::read || !each.collections.empty())
            all.push_back(
                {each.owner, each.right, each.name, false, each.kind, std::move(each.collections)}
            );
    }
    co_return all;
}

Task<Result<std::vector<Folder>>> visible_folders(Office& office, const Actor& actor) {
    CO_TRY(const auto seen, co_await owners(office, actor));
    std::vector<Folder> all;
    for (const auto& owner : seen) {
        auto quota = actor.account.quota_bytes;
        if (!owner.own) {
            const auto account = co_await office.directory.find(owner.id);
            if (!account && account.error().code == Code::not_found)
                continue; // removed meanwhile
            if (!account)
                co_return std::unexpected(account.error());
            quota = account->quota_bytes;
        }
        CO_TRY(auto folders, co_await all_folders(office, owner.id));
        for (auto& each : folders)
            if (const auto right = owner.right_on(each.id); right >= Right::read)
                all.push_back(
                    {std::move(each), right, owner.own, quota,
                     owner.own ? std::string() : owner.name}
                );
    }
    co_return all;
}

Task<Result<Reach>> reach(Office& office, const Actor& actor, AccountId owner) {
    CO_TRY(const auto all, co_await owners(office, actor));
    const auto found = std::ranges::find(all, owner, &Owner::id);
    if (found == all.end())
        co_return fail(Code::not_found, "no such folder");
    Reach reached{*found, actor.account.quota_bytes};
    if (!reached.owner.own) {
        CO_TRY(const auto account, co_await office.directory.find(owner));
        reached.quota_bytes = account.quota_bytes;
    }
    co_return reached;
}

Result<Folder> open_folder(Snapshot& snapshot, const Reach& reach, CollectionId id, Right needed) {
    auto collection =
        reach.owner.sees(id) ? store::find_collection(snapshot, reach.owner.id, id) : std::nullopt;
    if (!collection)
        return fail(Code::not_found, "no such folder");
    Folder folder;
    folder.collection = std::move(*collection);
    folder.right = reach.owner.right_on(id);
    folder.own = reach.owner.own;
    folder.quota_bytes = reach.quota_bytes;
    if (!folder.own)
        folder.owner_name = reach.owner.name;
    if (!folder.may(needed))
        return fail(Code::forbidden, "the right on this folder does not reach that far");
    return folder;
}

Task<Result<Folder>>
open_folder(Office& office, const Actor& actor, AccountId owner, CollectionId id, Right needed) {
    CO_TRY(auto reached, co_await reach(office, actor, owner));
    std::function<Result<Folder>(Snapshot&)> work =
        [id, needed, reached = std::move(reached)](Snapshot& snapshot) {
            return open_folder(snapshot, reached, id, needed);
        };
    co_return co_await office.db.read<Folder>(owner, std::move(work));
}

Task<Result<HierarchyChanges>>
hierarchy_changes(Office& office, AccountId owner, model::ChangeSeq since) {
    std::function<Result<HierarchyChanges>(Snapshot&)> work = [=](Snapshot& snapshot
                                                              ) -> Result<HierarchyChanges> {
        const auto state = store::account_state(snapshot, owner);
        if (!state)
            return fail(Code::not_found, "the owner is gone");
        if (since && since < state->floor && !store::knows_all_removed_collections(snapshot, owner))
            return fail(Code::stale, "removed folders were forgotten since");
        return HierarchyChanges{
            state->epoch, state->modseq, store::changed_collections(snapshot, owner, since),
            store::removed_collections(snapshot, owner, since)
        };
    };
    co_return co_await office.db.read<HierarchyChanges>(owner, std::move(work));
}

Task<Result<std::vector<Collection>>> all_folders(Office& office, AccountId owner) {
    std::function<Result<std::vector<Collection>>(Snapshot&)> work =
        [owner](Snapshot& snapshot) -> Result<std::vector<Collection>> {
        return store::list_collections(snapshot, owner);
    };
    co_return co_await office.db.read<std::vector<Collection>>(owner, std::move(work));
}

Task<Result<Collection>> create_folder(
    Office& office, const Actor& actor, CollectionId parent, model::ItemClass item_class,
    std::string name
) {
    CO_TRY(const auto cleaned, clean_name(name));
    CO_CHECK_OK(check_inbox_name(parent, item_class, cleaned));
    std::function<Result<Collection>(Txn&)> work =
        [=, owner = actor.account.id, author = actor.author](Txn& txn) -> Result<Collection> {
        store::NewCollection wanted;
        wanted.parent = parent;
        wanted.item_class = item_class;
        wanted.name = cleaned;
        wanted.author = author;
        return store::create_collection(txn, owner, wanted);
    };
    co_return co_await office.db.write<Collection>(actor.account.id, std::move(work));
}

Task<Result<>> rename_folder(
    Office& office, const Actor& actor, CollectionId id, CollectionId parent, std::string name
) {
    CO_TRY(const auto cleaned, clean_name(name));
    std::function<Result<bool>(Txn&)> work = [=, owner = actor.account.id,
                                              author = actor.author](Txn& txn) -> Result<bool> {
        const auto found = store::find_collection(txn, owner, id);
        if (!found)
            return fail(Code::not_found, "no such folder");
        if (found->role != model::Role::none)
            return fail(Code::forbidden, "this folder keeps its name and place");
        CHECK_OK(check_inbox_name(parent, found->item_class, cleaned));
        CHECK_OK(store::rename_collection(txn, owner, id, parent, cleaned, author));
        return true;
    };
    CO_CHECK_OK(co_await office.db.write<bool>(actor.account.id, std::move(work)));
    co_return Result<>();
}

Task<Result<>> remove_folder(Office& office, const Actor& actor, CollectionId id) {
    using Removed = std::vector<Collection>;
    std::function<Result<Removed>(Txn&)> work =
        [=, owner = actor.account.id, author = actor.author](Txn& txn) -> Result<Removed> {
        const auto found = store::find_collection(txn, owner, id);
        if (!found)
            return fail(Code::not_found, "no such folder");
        if (found->role != model::Role::none)
            return fail(Code::forbidden, "this folder cannot be removed");
        TRY(auto gone, remove_tree(txn, owner, id, author));
        for (const auto& folder : gone)
            drop_annotations(txn, owner, folder.id);
        return gone;
    };
    CO_TRY(const auto shares, co_await office.directory.shares(actor.account.id));
    CO_TRY(
        const auto removed, co_await office.db.write<Removed>(actor.account.id, std::move(work))
    );
    for (const auto& folder : removed) {
        auto grants = shares;
        std::erase_if(grants, [&](const auto& each) { return each.collection != folder.id; });
        CO_CHECK_OK(co_await office.directory.drop_shares(actor.account.id, folder.id));
        co_await tell_unshared(office, actor, folder, grants);
    }
    co_return Result<>();
}

std::string shown_name(const Collection& collection, std::string_view language) {
    using model::Role;
    const bool german = istarts_with(language, "de");
    switch (collection.role) {
    case Role::inbox:
        return german ? "Posteingang" : "Inbox";
    case Role::drafts:
        return german ? "Entwürfe" : "Drafts";
    case Role::sent:
        return german ? "Gesendet" : "Sent Messages";
    case Role::trash:
        return german ? "Papierkorb" : "Trash";
    case Role::junk:
        return german ? "Werbung" : "Junk";
    case Role::archive:
        return german ? "Archiv" : "Archive";
    case Role::detained:
        return german ? "[Angehalten]" : "[Detained]";
    case Role::outbox:
        return german ? "Postausgang" : "Outbox";
    case Role::calendar:
        return german ? "Kalender" : "Calendar";
    case Role::contacts:
        return german ? "Kontakte" : "Contacts";
    case Role::todos:
        return german ? "Aufgaben" : "Tasks";
    case Role::notes:
        return german ? "Notizen" : "Notes";
    case Role::none:
        return collection.name;
    }
    return collection.name;
}

} // namespace lockstep::office
