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

bool is_told(const OwnerPlace& place, model::CollectionId id) {
    return std::ranges::binary_search(place.told, id);
}

void keep_told(OwnerPlace& place, model::CollectionId id) {
    const auto at = std::ranges::lower_bound(place.told, id);
    if (at == place.told.end() || *at != id)
        place.told.insert(at, id);
}

/// What one owner's changes are to this device, which knows what it did itself.
void tell_changes(
    const Exchange& exchange, const office::Owner& owner, const office::HierarchyChanges& changes,
    OwnerPlace place, FolderChanges& result
) {
    const auto since = place.since;
    for (const auto& gone : changes.removed) {
        const bool had = owner.own ? gone.created <= since : is_told(place, gone.id);
        std::erase(place.told, gone.id);
        if (had && gone.author != exchange.actor.author)
            result.changes.push_back(gone_folder(exchange, {owner.id, gone.id}));
    }
    for (const auto& collection : changes.changed) {
        // Notes came with 14.0 (MS-ASNOTE 1.3): older devices cannot show any.
        if (collection.item_class == model::ItemClass::note &&
            !exchange.at_least(wbxml::Version::v14_0))
            continue;
        if (collection.author == exchange.actor.author && since.value > 0)
            continue;
        auto change = shown(exchange, owner, collection);
        if (owner.own ? collection.created <= since : is_told(place, collection.id))
            change.kind = FolderChange::Kind::update;
        if (!owner.own)
            keep_told(place, collection.id);
        result.changes.push_back(std::move(change));
    }
    place.epoch = changes.epoch;
    place.since = changes.now;
    result.after.owners.push_back(std::move(place));
}

} // namespace

std::string pack(const FolderState& state) {
    Packer out;
    out.number(state.owners.size());
    for (const auto& each : state.owners) {
        out.integer(each.owner.value);
        out.integer(each.epoch);
        out.integer(each.since.value);
        out.number(each.told.size());
        for (const auto id : each.told)
            out.integer(id.value);
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
        const auto told = in.count();
        for (std::size_t each = 0; each < told && in.ok(); ++each)
            place.told.push_back(model::CollectionId{in.integer()});
        state.owners.push_back(std::move(place));
    }
    if (!in.ok() || !in.at_end())
        return fail(Code::corrupt, "unreadable folder state");
    return state;
}

Task<Result<FolderChanges>> folder_changes(Exchange& exchange, const FolderState& before) {
    CO_TRY(const auto owners, co_await office::owners(exchange.office(), exchange.actor));
    FolderChanges result;
    for (const auto& owner : owners) {
        const auto found = std::ranges::find(before.owners, owner.id, &OwnerPlace::owner);
        const bool known = found != before.owners.end();
        auto place = known ? *found : OwnerPlace{.owner = owner.id, .since = {}, .told = {}};
        CO_TRY(
            const auto changes,
            co_await office::hierarchy_changes(exchange.office(), owner.id, place.since)
        );
        if (known && (place.epoch != changes.epoch || place.since > changes.now))
            co_return fail(Code::stale, "another epoch of the hierarchy");
        tell_changes(exchange, owner, changes, std::move(place), result);
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
