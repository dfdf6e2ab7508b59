// States and changes by the change log.
#include "office/changes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <map>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "store/change_rows.hpp"

namespace lockstep::office {
namespace {

using model::ChangeSeq;
using model::Collection;
using model::ItemClass;
using store::Snapshot;

constexpr int kBase = 36;

void append_number(std::string& out, std::int64_t number) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, kBase).ptr;
    out.append(digits.data(), end);
}

/// What became of one id after `base`.
struct Fate {
    bool before = false; ///< the viewer could see it at `base`
    bool now = false;
    bool late = false; ///< it came after the target: told by the answers that follow
};

IdChanges
cut(const std::map<std::int64_t, Fate>& fates, TypeState since, TypeState now, std::size_t most) {
    IdChanges out;
    const auto target = since.target ? since.target : now.base;
    out.state = {now.epoch, target, {}, 0};
    std::size_t told = 0;
    for (auto each = fates.upper_bound(since.last); each != fates.end(); ++each) {
        const auto& [id, fate] = *each;
        if (fate.late || (!fate.before && !fate.now))
            continue;
        if (told == most) {
            out.more = true;
            break;
        }
        ++told;
        out.state.last = id;
        (!fate.now ? out.destroyed : fate.before ? out.updated : out.created).push_back(id);
    }
    if (out.more)
        out.state = {now.epoch, since.base, target, out.state.last};
    else
        out.state.last = 0;
    return out;
}

/// Other rights are another view: nothing told before can be built upon.
std::int64_t epoch_for(const Owner& owner, std::int64_t epoch) {
    if (owner.own)
        return epoch;
    std::string view = std::to_string(static_cast<int>(owner.right));
    for (const auto& [folder, right] : owner.folders)
        view += "," + std::to_string(folder.value) + ":" + std::to_string(static_cast<int>(right));
    std::int64_t mark = 0;
    const auto hash = blake2b256(view);
    std::memcpy(&mark, hash.bytes.data(), sizeof mark);
    return (epoch ^ mark) & std::numeric_limits<std::int64_t>::max();
}

Result<> check(Snapshot& snapshot, const Owner& owner, const TypeState& since) {
    const auto state = store::account_state(snapshot, owner.id);
    if (!state)
        return fail(Code::not_found, "the owner is gone");
    if (since.epoch != epoch_for(owner, state->epoch) || since.base > state->modseq ||
        since.target > state->modseq)
        return fail(Code::stale, "a state of another life of the store");
    if (since.base < state->floor)
        return fail(Code::stale, "older changes were forgotten");
    return {};
}

Result<IdChanges> items_since(
    Snapshot& snapshot, const Owner& owner, ItemClass item_class, TypeState since, std::size_t most
) {
    CHECK_OK(check(snapshot, owner, since));
    TRY(const auto here, shelf_now(snapshot, owner, item_class));
    const auto target = since.target ? since.target : here.items.base;
    std::map<std::int64_t, Fate> fates;
    std::size_t rows = 0;
    for (const auto& collection : here.collections) {
        if (collection.highest <= since.base)
            continue;
        const auto left = limits::kJmapChanges - rows + 1;
        const auto changed =
            store::changed_rows(snapshot, owner.id, collection.id, since.base, left);
        const auto removed =
            store::removed_rows(snapshot, owner.id, collection.id, since.base, left);
        rows += changed.size() + removed.size();
        if (rows > limits::kJmapChanges)
            return fail(Code::stale, "more changed than is told one by one");
        for (const auto& row : changed) {
            auto& fate = fates[row.id.value];
            fate.now = true;
            fate.before = fate.before || row.placed <= since.base;
            fate.late = row.placed > target;
        }
        for (const auto& row : removed)
            fates[row.id.value].before = fates[row.id.value].before || row.placed <= since.base;
    }
    // With its collection everything went that lay in it, and no tombstone tells what that was.
    for (const auto& gone : store::removed_collections(snapshot, owner.id, since.base))
        if (gone.item_class == item_class && gone.created <= since.base)
            return fail(Code::stale, "a collection was removed with what lay in it");
    // Moved on, but not late: what came by a move was seen before.
    for (auto& [id, fate] : fates)
        fate.late = fate.late && !fate.before;
    return cut(fates, since, here.items, most);
}

Result<IdChanges> collections_since(
    Snapshot& snapshot, const Owner& owner, ItemClass item_class, TypeState since, std::size_t most
) {
    CHECK_OK(check(snapshot, owner, since));
    TRY(const auto here, shelf_now(snapshot, owner, item_class));
    const auto target = since.target ? since.target : here.collections_state.base;
    std::map<std::int64_t, Fate> fates;
    bool counters_only = true;
    for (const auto& each : here.collections) {
        if (each.modseq <= since.base && each.highest <= since.base)
            continue;
        counters_only = counters_only && each.modseq <= since.base;
        fates[each.id.value] = {each.created <= since.base, true, each.created > target};
    }
    if (since.base < store::account_state(snapshot, owner.id)->floor &&
        !store::knows_all_removed_collections(snapshot, owner.id))
        return fail(Code::stale, "removed collections were forgotten");
    for (const auto& gone : store::removed_collections(snapshot, owner.id, since.base)) {
        if (gone.item_class != item_class || gone.created > since.base)
            continue;
        fates[gone.id.value] = {true, false, false};
        counters_only = false;
    }
    auto out = cut(fates, since, here.collections_state, most);
    out.counters_only = counters_only && !out.updated.empty();
    return out;
}

} // namespace

std::string text_of(const TypeState& state) {
    std::string out;
    append_number(out, state.epoch);
    out += '-';
    append_number(out, state.base.value);
    if (!state.target)
        return out;
    out += '-';
    append_number(out, state.target.value);
    out += '-';
    append_number(out, state.last);
    return out;
}

Result<TypeState> parse_type_state(std::string_view text) {
    const auto parts = split(text, '-');
    std::int64_t numbers[4] = {};
    if (parts.size() != 2 && parts.size() != 4)
        return fail(Code::stale, "a state that is none of ours");
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto* end = parts[i].data() + parts[i].size();
        const auto [at, error] = std::from_chars(parts[i].data(), end, numbers[i], kBase);
        if (error != std::errc{} || at != end || numbers[i] < 0)
            return fail(Code::stale, "a state that is none of ours");
    }
    return TypeState{numbers[0], ChangeSeq{numbers[1]}, ChangeSeq{numbers[2]}, numbers[3]};
}

Result<Shelf> shelf_now(Snapshot& snapshot, const Owner& owner, ItemClass item_class) {
    const auto state = store::account_state(snapshot, owner.id);
    if (!state)
        return fail(Code::not_found, "the owner is gone");
    Shelf shelf;
    shelf.items.epoch = shelf.collections_state.epoch = epoch_for(owner, state->epoch);
    for (auto& each : store::list_collections(snapshot, owner.id)) {
        if (each.item_class != item_class || !owner.sees(each.id))
            continue;
        shelf.items.base = std::max({shelf.items.base, each.highest, each.created});
        shelf.collections_state.base =
            std::max({shelf.collections_state.base, each.highest, each.modseq, each.created});
        shelf.collections.push_back(std::move(each));
    }
    for (const auto& gone : store::removed_collections(snapshot, owner.id, {}))
        if (gone.item_class == item_class) {
            shelf.items.base = std::max(shelf.items.base, gone.modseq);
            shelf.collections_state.base = std::max(shelf.collections_state.base, gone.modseq);
        }
    // Below the floor nothing can be told: no state begins there.
    shelf.items.base = std::max(shelf.items.base, state->floor);
    shelf.collections_state.base = std::max(shelf.collections_state.base, state->floor);
    return shelf;
}

Task<Result<Shelf>>
shelf(Office& office, const Actor& /*actor*/, const Owner& owner, ItemClass item_class) {
    std::function<Result<Shelf>(Snapshot&)> work = [owner, item_class](Snapshot& snapshot) {
        return shelf_now(snapshot, owner, item_class);
    };
    co_return co_await office.db.read<Shelf>(owner.id, std::move(work));
}

Task<Result<std::map<ItemClass, Shelf>>>
shelves(Office& office, const Actor& /*actor*/, const Owner& owner) {
    using All = std::map<ItemClass, Shelf>;
    std::function<Result<All>(Snapshot&)> work = [owner](Snapshot& snapshot) -> Result<All> {
        All all;
        for (const auto each :
             {ItemClass::mail, ItemClass::event, ItemClass::contact, ItemClass::todo,
              ItemClass::note}) {
            TRY(all[each], shelf_now(snapshot, owner, each));
        }
        return all;
    };
    co_return co_await office.db.read<All>(owner.id, std::move(work));
}

Task<Result<IdChanges>> item_changes(
    Office& office, const Actor& /*actor*/, const Owner& owner, ItemClass item_class,
    TypeState since, std::size_t most
) {
    std::function<Result<IdChanges>(Snapshot&)> work = [=](Snapshot& snapshot) {
        return items_since(snapshot, owner, item_class, since, most);
    };
    co_return co_await office.db.read<IdChanges>(owner.id, std::move(work));
}

Task<Result<IdChanges>> collection_changes(
    Office& office, const Actor& /*actor*/, const Owner& owner, ItemClass item_class,
    TypeState since, std::size_t most
) {
    std::function<Result<IdChanges>(Snapshot&)> work = [=](Snapshot& snapshot) {
        return collections_since(snapshot, owner, item_class, since, most);
    };
    co_return co_await office.db.read<IdChanges>(owner.id, std::move(work));
}

} // namespace lockstep::office
