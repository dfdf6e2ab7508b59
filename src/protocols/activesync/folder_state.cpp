// The hierarchy's changes since a device's state.
#include "protocols/activesync/folder_state.hpp"

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
FolderChange
shown(const Exchange& exchange, const office::Owner& owner, const model::Collection& collection) {
    const auto self = exchange.actor.account.id;
    FolderChange change;
    change.id = folder_id({owner.id, collection.id}, self);
    change.parent =
        collection.parent && owner.own ? folder_id({owner.id, collection.parent}, self) : "0";
    change.type = folder_type(collection, owner.own);
    const auto name = office::shown_name(collection, exchange.actor.account.language);
    if (owner.own)
        change.name = name;
    else if (collection.role != model::Role::none)
        change.name = owner.name;
    else
        change.name = owner.name + ": " + collection.name;
    return change;
}

FolderChange gone_folder(const Exchange& exchange, const FolderRef& ref) {
    FolderChange change;
    change.kind = FolderChange::Kind::remove;
    change.id = folder_id(ref, exchange.actor.account.id);
    return change;
}

/// What one owner's changes are to this device, which knows what it did itself.
void tell_changes(
    const Exchange& exchange, const office::Owner& owner, const office::HierarchyChanges& changes,
    model::ChangeSeq since, std::vector<FolderChange>& told
) {
    for (const auto& gone : changes.removed)
        if (gone.created <= since && gone.author != exchange.actor.author)
            told.push_back(gone_folder(exchange, {owner.id, gone.id}));
    for (const auto& collection : changes.changed) {
        // Notes came with 14.0 (MS-ASNOTE 1.3): older devices cannot show any.
        if (collection.item_class == model::ItemClass::note &&
            !exchange.at_least(wbxml::Version::v14_0))
            continue;
        if (collection.author == exchange.actor.author && since.value > 0)
            continue;
        auto change = shown(exchange, owner, collection);
        if (collection.created <= since)
            change.kind = FolderChange::Kind::update;
        told.push_back(std::move(change));
    }
}

} // namespace

std::string pack(const FolderState& state) {
    Packer out;
    out.number(state.owners.size());
    for (const auto& each : state.owners) {
        out.integer(each.owner.value);
        out.integer(each.epoch);
        out.integer(each.since.value);
    }
    return out.take();
}

Result<FolderState> unpack_folder_state(std::string_view bytes) {
    FolderState state;
    if (bytes.empty())
        return state;
    Unpacker in(bytes);
    const auto owners = in.count();
    for (std::size_t i = 0; i < owners; ++i) {
        OwnerPlace place;
        place.owner = model::AccountId{in.integer()};
        place.epoch = in.integer();
        place.since = model::ChangeSeq{in.integer()};
        state.owners.push_back(place);
    }
    if (!in.ok() || !in.at_end())
        return fail(Code::corrupt, "unreadable folder state");
    return state;
}

Task<Result<FolderChanges>> folder_changes(Exchange& exchange, const FolderState& before) {
    CO_TRY(const auto owners, co_await office::owners(exchange.office(), exchange.actor));
    FolderChanges result;
    for (const auto& owner : owners) {
        const auto place = std::ranges::find(before.owners, owner.id, &OwnerPlace::owner);
        const auto since = place == before.owners.end() ? model::ChangeSeq{} : place->since;
        CO_TRY(
            const auto changes,
            co_await office::hierarchy_changes(exchange.office(), owner.id, since)
        );
        if (place != before.owners.end() &&
            (place->epoch != changes.epoch || place->since > changes.now))
            co_return fail(Code::stale, "another epoch of the hierarchy");
        tell_changes(exchange, owner, changes, since, result.changes);
        result.after.owners.push_back({owner.id, changes.epoch, changes.now});
    }
    // Owners that the account no longer sees: everything of theirs goes.
    for (const auto& place : before.owners) {
        if (std::ranges::find(owners, place.owner, &office::Owner::id) != owners.end())
            continue;
        const auto rest = co_await office::all_folders(exchange.office(), place.owner);
        const auto removed =
            co_await office::hierarchy_changes(exchange.office(), place.owner, place.since);
        const auto drop = [&](model::CollectionId id, model::ChangeSeq created) {
            if (created <= place.since)
                result.changes.push_back(gone_folder(exchange, {place.owner, id}));
        };
        // A removed account has no rows left to name its folders: the device starts afresh.
        if (!rest || !removed)
            co_return fail(Code::stale, "an owner was removed");
        for (const auto& each : *rest)
            drop(each.id, each.created);
        for (const auto& each : removed->removed)
            drop(each.id, each.created);
    }
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
    CO_TRY(
        const auto saved,
        co_await exchange.office().db.write<bool>(exchange.actor.account.id, std::move(work))
    );
    (void)saved;
    co_return Result<>();
}

} // namespace lockstep::activesync
