// The hierarchy's changes since a device's state.
#include "protocols/activesync/folder_state.hpp"

#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/pack.hpp"

namespace lockstep::activesync {
namespace {

std::uint32_t fresh_salt() {
    std::uint32_t salt = 0;
    const auto bytes = random_bytes(sizeof salt);
    std::memcpy(&salt, bytes.data(), sizeof salt);
    return salt;
}

/// A folder as the device sees it. Foreign folders carry their owner's name and lie at the top.
FolderChange shown_folder(
    const Exchange& exchange, const office::Owner& owner, const model::Collection& collection
) {
    const auto self = exchange.actor.account.id;
    FolderChange change;
    change.id = folder_id({owner.id, collection.id}, self);
    change.parent =
        collection.parent && owner.own ? folder_id({owner.id, collection.parent}, self) : "0";
    change.type = folder_type(collection, owner.own);
    change.name = folder_title(exchange, owner.own, owner.name, collection);
    return change;
}

FolderChange gone_folder(const Exchange& exchange, const FolderRef& ref) {
    FolderChange change;
    change.kind = FolderChange::Kind::remove;
    change.id = folder_id(ref, exchange.actor.account.id);
    return change;
}

bool is_told(const OwnerPlace& place, model::CollectionId id) {
    return std::ranges::binary_search(place.told, id);
}

void keep_told(OwnerPlace& place, model::CollectionId id) {
    const auto at = std::ranges::lower_bound(place.told, id);
    if (at == place.told.end() || *at != id)
        place.told.insert(at, id);
}

/// Whether the device has a folder that was made at `created`.
bool had(
    const OwnerPlace& place, bool own, model::CollectionId id, model::ItemClass item_class,
    model::ChangeSeq created
) {
    return own ? created <= place.since && place.shown.has(id, item_class) : is_told(place, id);
}

/// What one owner's changes are to this device, which knows what it did itself. `place` is as of
/// before, except for the folders of others: what is told is noted there.
void tell_changes(
    const Exchange& exchange, const office::Owner& owner, const office::HierarchyChanges& changes,
    const Shown& shown, OwnerPlace& place, std::vector<FolderChange>& told
) {
    const bool first = place.since.value == 0;
    for (const auto& gone : changes.removed) {
        const bool had_it = had(place, owner.own, gone.id, gone.item_class, gone.created);
        std::erase(place.told, gone.id);
        if (had_it && gone.author != exchange.actor.author)
            told.push_back(gone_folder(exchange, {owner.id, gone.id}));
    }
    for (const auto& collection : changes.changed) {
        if (!shown.has(collection.id, collection.item_class))
            continue;
        if (collection.author == exchange.actor.author && !first)
            continue;
        auto change = shown_folder(exchange, owner, collection);
        if (had(place, owner.own, collection.id, collection.item_class, collection.created))
            change.kind = FolderChange::Kind::update;
        if (!owner.own)
            keep_told(place, collection.id);
        told.push_back(std::move(change));
    }
}

/// The device is shown other folders of the owner than before: those that were there then and are
/// there still come or go. What was made since is told by tell_changes.
void tell_difference(
    const Exchange& exchange, const office::Owner& owner,
    const std::vector<model::Collection>& folders, const Shown& shown, OwnerPlace& place,
    std::vector<FolderChange>& told
) {
    std::set<std::string> there;
    for (const auto& change : told)
        there.insert(change.id);
    for (const auto& each : folders) {
        const bool before = had(place, owner.own, each.id, each.item_class, each.created);
        const bool after = shown.has(each.id, each.item_class);
        const FolderRef ref{owner.id, each.id};
        if (before && !after) {
            std::erase(place.told, each.id);
            told.push_back(gone_folder(exchange, ref));
        }
        if (before || !after || there.contains(folder_id(ref, exchange.actor.account.id)))
            continue;
        if (!owner.own)
            keep_told(place, each.id);
        told.push_back(shown_folder(exchange, owner, each));
    }
}

void pack_ids(Packer& out, const std::vector<model::CollectionId>& ids) {
    out.number(ids.size());
    for (const auto id : ids)
        out.integer(id.value);
}

std::vector<model::CollectionId> unpack_ids(Unpacker& in) {
    std::vector<model::CollectionId> ids;
    const auto count = in.count();
    for (std::size_t i = 0; i < count; ++i)
        ids.push_back(model::CollectionId{in.integer()});
    return ids;
}

} // namespace

bool Shown::has(model::CollectionId id, model::ItemClass item_class) const {
    if (readable && !std::ranges::binary_search(*readable, id))
        return false;
    const auto& part = classes[static_cast<std::size_t>(item_class) - 1];
    return std::ranges::binary_search(part.named, id) == part.only;
}

Shown shown_of(const Exchange& exchange, const office::Owner& owner, const OneFolders& ones) {
    Shown shown;
    if (owner.right < model::Right::read) {
        shown.readable.emplace();
        for (const auto& [id, right] : owner.folders)
            shown.readable->push_back(id);
    }
    for (std::size_t i = 0; i < shown.classes.size(); ++i) {
        const auto& choice = exchange.policy.folders[i];
        shown.classes[i].only = choice.only;
        for (const auto& key : choice.folders)
            if (key.owner == owner.id)
                shown.classes[i].named.push_back(key.collection);
        if (ones[i])
            shown.classes[i] = {true, {}};
        if (ones[i] && owner.own)
            shown.classes[i].named.push_back(ones[i]);
    }
    // Notes came with 14.0 (MS-ASNOTE 1.3): older devices cannot show any.
    if (!exchange.at_least(wbxml::Version::v14_0))
        shown.classes[static_cast<std::size_t>(model::ItemClass::note) - 1] = {true, {}};
    return shown;
}

Result<office::Folder> open_shown(
    office::Snapshot& snapshot, const Exchange& exchange, const office::Reach& reach,
    model::CollectionId id
) {
    TRY(auto folder, office::open_folder(snapshot, reach, id, model::Right::read));
    if (!exchange.policy.choice(folder.collection.item_class).allows({reach.owner.id, id}))
        return fail(Code::not_found, "the device is not shown this folder");
    return folder;
}

Task<Result<office::Folder>> open_shown(Exchange& exchange, const FolderRef& ref) {
    CO_TRY(auto reached, co_await office::reach(exchange.office(), exchange.actor, ref.owner));
    std::function<Result<office::Folder>(office::Snapshot&)> work =
        [&exchange, id = ref.collection, reached = std::move(reached)](office::Snapshot& snapshot) {
            return open_shown(snapshot, exchange, reached, id);
        };
    co_return co_await exchange.office().db.read<office::Folder>(ref.owner, std::move(work));
}

std::string pack(const FolderState& state) {
    Packer out;
    out.number(state.owners.size());
    for (const auto& each : state.owners) {
        out.integer(each.owner.value);
        out.integer(each.epoch);
        out.integer(each.since.value);
        pack_ids(out, each.told);
        out.number(each.shown.readable ? 1 : 0);
        if (each.shown.readable)
            pack_ids(out, *each.shown.readable);
        for (const auto& part : each.shown.classes) {
            out.number(part.only ? 1 : 0);
            pack_ids(out, part.named);
        }
    }
    return out.take();
}

Result<FolderState> unpack_folder_state(std::string_view bytes) {
    FolderState state;
    if (bytes.empty())
        return state;
    Unpacker in(bytes);
    const auto owners = in.count();
    for (std::size_t i = 0; i < owners && in.ok(); ++i) {
        OwnerPlace place;
        place.owner = model::AccountId{in.integer()};
        place.epoch = in.integer();
        place.since = model::ChangeSeq{in.integer()};
        place.told = unpack_ids(in);
        if (in.number() != 0)
            place.shown.readable = unpack_ids(in);
        for (auto& part : place.shown.classes) {
            part.only = in.number() != 0;
            part.named = unpack_ids(in);
        }
        state.owners.push_back(std::move(place));
    }
    if (!in.ok() || !in.at_end())
        return fail(Code::corrupt, "unreadable folder state");
    return state;
}

Task<Result<FolderChanges>> folder_changes(Exchange& exchange, const FolderState& before) {
    CO_TRY(const auto owners, co_await office::owners(exchange.office(), exchange.actor));
    CO_TRY(const auto ones, co_await one_folders(exchange));
    FolderChanges result;
    for (const auto& owner : owners) {
        const auto found = std::ranges::find(before.owners, owner.id, &OwnerPlace::owner);
        const bool known = found != before.owners.end();
        auto place =
            known ? *found : OwnerPlace{.owner = owner.id, .since = {}, .told = {}, .shown = {}};
        CO_TRY(
            const auto changes,
            co_await office::hierarchy_changes(exchange.office(), owner.id, place.since)
        );
        if (known && (place.epoch != changes.epoch || place.since > changes.now))
            co_return fail(Code::stale, "another epoch of the hierarchy");
        const auto shown = shown_of(exchange, owner, ones);
        tell_changes(exchange, owner, changes, shown, place, result.changes);
        if (known && place.shown != shown) {
            CO_TRY(const auto folders, co_await office::all_folders(exchange.office(), owner.id));
            tell_difference(exchange, owner, folders, shown, place, result.changes);
        }
        place.epoch = changes.epoch;
        place.since = changes.now;
        place.shown = shown;
        result.after.owners.push_back(std::move(place));
    }
    // Owners that the account no longer sees, or that are gone: everything of theirs goes.
    for (const auto& place : before.owners)
        if (std::ranges::find(owners, place.owner, &office::Owner::id) == owners.end())
            for (const auto id : place.told)
                result.changes.push_back(gone_folder(exchange, {place.owner, id}));
    co_return result;
}

Result<sync::KeyChain>
load_chain(office::Snapshot& snapshot, const Exchange& exchange, const FolderRef& ref) {
    const auto packed = office::find_sync_state(
        snapshot, exchange.actor.account.id, exchange.device.id, ref.owner, ref.collection
    );
    if (!packed)
        return sync::KeyChain::start(fresh_salt());
    return sync::KeyChain::unpack(*packed);
}

void save_chain(
    office::Txn& txn, const Exchange& exchange, const FolderRef& ref, const sync::KeyChain& chain
) {
    office::put_sync_state(
        txn, exchange.actor.account.id, exchange.device.id, ref.owner, ref.collection, chain.pack(),
        exchange.office().clock.now_us()
    );
}

Task<Result<std::string>> folder_of_class(Exchange& exchange, std::string_view name) {
    const auto self = exchange.actor.account.id;
    const auto item_class = class_of_name(name);
    if (!item_class)
        co_return std::string();
    CO_TRY(const auto folders, co_await office::all_folders(exchange.office(), self));
    constexpr std::array kFirst{
        model::Role::inbox, model::Role::calendar, model::Role::contacts, model::Role::todos,
        model::Role::notes
    };
    for (const auto& folder : folders)
        if (folder.item_class == *item_class &&
            std::ranges::find(kFirst, folder.role) != kFirst.end())
            co_return folder_id({self, folder.id}, self);
    co_return std::string();
}

Task<Result<sync::KeyChain>> load_chain(Exchange& exchange, const FolderRef& ref) {
    std::function<Result<sync::KeyChain>(office::Snapshot&)> work =
        [&exchange, ref](office::Snapshot& snapshot) {
            return load_chain(snapshot, exchange, ref);
        };
    co_return co_await exchange.office().db.read<sync::KeyChain>(
        exchange.actor.account.id, std::move(work)
    );
}

Task<Result<>> save_chain(Exchange& exchange, const FolderRef& ref, const sync::KeyChain& chain) {
    std::function<Result<bool>(office::Txn&)> work = [&](office::Txn& txn) -> Result<bool> {
        save_chain(txn, exchange, ref, chain);
        return true;
    };
    CO_CHECK_OK(
        co_await exchange.office().db.write<bool>(exchange.actor.account.id, std::move(work))
    );
    co_return Result<>();
}

} // namespace lockstep::activesync
