// The walk from a state to its successor: owed items, then changes and tombstones in one order,
// then the two edges.
#include "sync/item_state.hpp"

#include "base/crypto.hpp"

namespace lockstep::sync {
namespace {

using model::Item;
using model::Uid;
using store::Cursor;
using store::EdgePlace;

constexpr std::size_t kPage = 500; ///< rows read at a time

bool inside(const ItemState& state, model::Window window, Uid uid, bool own) {
    return EdgePlace{window.high, uid.value} >= (own ? state.own_edge : state.low_edge) &&
           EdgePlace{window.low, uid.value} < state.high_edge;
}

/// Added by the device since it began: on the device without any answer of ours.
bool is_own(
    const ItemState& state, model::AuthorId device, model::AuthorId creator, model::ChangeSeq placed
) {
    return device && creator == device && placed > state.born;
}

/// What decides whether the device has an item: the same for live rows and tombstones.
struct Trace {
    Uid uid;
    model::ChangeSeq placed;
    model::AuthorId creator;
    model::Window window_now;
};

model::ChangeSeq told_by(const ItemState& state, Uid uid) {
    return state.target && uid >= state.front ? state.target : state.since;
}

bool held_by(
    store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
    const ItemState& state, model::AuthorId device, const Trace& trace
) {
    const auto at = told_by(state, trace.uid);
    // The device's own addition is on the device before any answer told so.
    if (trace.placed > at)
        return trace.creator == device && device;
    return inside(
        state, store::window_at(snapshot, owner, collection, trace.uid, at, trace.window_now),
        trace.uid, is_own(state, device, trace.creator, trace.placed)
    );
}

class Walk {
public:
    Walk(
        store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
        const ItemState& state, model::AuthorId device, std::size_t limit
    )
        : snapshot_(snapshot), owner_(owner), collection_(collection), state_(state),
          device_(device), limit_(limit) {}

    Selection run(const Wanted& wanted, model::ChangeSeq now) {
        send_owed();
        if (!full_)
            send_removed_items(now);
        while (!full_ && state_.since != now)
            send_changes(now);
        if (!full_)
            move_own_edge({wanted.low, 0});
        if (!full_)
            move_low_edge({wanted.low, 0});
        if (!full_)
            move_high_edge({wanted.high, wanted.high == model::kForever ? store::kLastUid : 0});
        Selection selection;
        selection.more = full_;
        selection.after = full_ && !deltas_.empty() ? deltas_.back().after : state_;
        selection.deltas = std::move(deltas_);
        return selection;
    }

private:
    /// Appends a delta, or notes that there is one too many. state_ must be what holds after it.
    void emit(DeltaKind kind, Uid uid, Item item = {}) {
        if (deltas_.size() == limit_) {
            full_ = true;
            return;
        }
        deltas_.push_back({kind, uid, std::move(item), state_.since, state_});
    }

    void send_owed() {
        const auto owed = std::exchange(state_.owed, {});
        for (std::size_t i = 0; i < owed.size() && !full_; ++i) {
            state_.owed.assign(owed.begin() + static_cast<std::ptrdiff_t>(i) + 1, owed.end());
            const Uid uid{std::abs(owed[i].value)};
            if (uid.value >= kFirstPhantom) {
                emit(DeltaKind::remove, uid);
                continue;
            }
            auto item = store::find_item(snapshot_, owner_, collection_, uid);
            // One that is gone comes as removed below.
            if (item && held(item->uid, item->placed, item->creator, item->window))
                emit(owed[i] == uid ? DeltaKind::change : DeltaKind::add, uid, std::move(*item));
        }
    }

    bool held(Uid uid, model::ChangeSeq placed, model::AuthorId creator, model::Window window_now) {
        return held_by(
            snapshot_, owner_, collection_, state_, device_, {uid, placed, creator, window_now}
        );
    }

    void send_removed_items(model::ChangeSeq now) {
        for (;;) {
            const auto page =
                store::removed_items(snapshot_, owner_, collection_, state_.gone, kPage);
            for (const auto& stone : page) {
                send_removed(stone);
                if (full_)
                    return;
            }
            if (page.size() < kPage)
                break;
        }
        state_.gone = {now, Uid{store::kLastUid}};
    }

    void send_removed(const store::Tombstone& stone) {
        const bool before = held(stone.uid, stone.placed, stone.creator, stone.window);
        const bool own = stone.author == device_ && device_;
        const auto previous = std::exchange(state_.gone, Cursor{stone.modseq, stone.uid});
        if (before && !own)
            emit(DeltaKind::remove, stone.uid);
        if (full_)
            state_.gone = previous;
    }

    /// One walk from `since` to `target` (a new one ends now), newest uid first.
    void send_changes(model::ChangeSeq now) {
        if (!state_.target) {
            state_.target = now;
            state_.front = Uid{store::kLastUid};
        }
        for (;;) {
            auto page = store::changed_items(
                snapshot_, owner_, collection_, state_.since, state_.front, kPage
            );
            const bool last = page.size() < kPage;
            for (auto& item : page) {
                send_changed(std::move(item));
                if (full_)
                    return;
            }
            if (last)
                break;
        }
        state_.since = std::exchange(state_.target, model::ChangeSeq{});
        state_.front = Uid{};
    }

    void send_changed(Item item) {
        const auto uid = item.uid;
        const bool before = held(uid, item.placed, item.creator, item.window);
        // What it was at the walk's end decides, so that held() can tell it later; the next walk
        // brings what came after.
        const bool after =
            item.placed <= state_.target &&
            inside(
                state_,
                store::window_at(snapshot_, owner_, collection_, uid, state_.target, item.window),
                uid, is_own(state_, device_, item.creator, item.placed)
            );
        const bool pending = item.placed > state_.target;
        const bool own = item.author == device_ && device_ && item.foreign <= state_.since;
        const bool content = item.content > state_.since;
        const auto previous = std::exchange(state_.front, uid);
        if (pending)
            return;
        if (before && !after)
            emit(DeltaKind::soft_remove, uid);
        else if (after && !before)
            emit(DeltaKind::add, uid, std::move(item));
        else if (after && !own)
            emit(content ? DeltaKind::change : DeltaKind::flags, uid, std::move(item));
        if (full_)
            state_.front = previous;
    }

    [[nodiscard]] bool own_item(const Item& item) const {
        return is_own(state_, device_, item.creator, item.placed);
    }

    /// When the filter changes while the first fill is under way: own additions follow at once.
    void move_own_edge(EdgePlace target) {
        while (!full_ && state_.own_edge != state_.low_edge && state_.own_edge != target)
            step(state_.own_edge, target, [&](const Item& item) { return own_item(item); });
    }

    /// Downwards the device gains items (the first fill is such a move), upwards it loses them.
    void move_low_edge(EdgePlace target) {
        const bool joint = state_.own_edge == state_.low_edge;
        while (!full_ && state_.low_edge != target) {
            step(
                state_.low_edge, target, [&](const Item& item) { return joint || !own_item(item); },
                joint
            );
        }
    }

    /// Moves one of the lower edges over one page of items; those that concern it are told.
    void step(
        EdgePlace& edge, EdgePlace target, const std::function<bool(const Item&)>& concerns,
        bool joint = false
    ) {
        const bool down = target < edge;
        const auto from = down ? target : edge;
        const auto to = down ? edge : target;
        const auto move_to = [&](EdgePlace place) {
            edge = place;
            if (joint)
                state_.own_edge = place;
        };
        const auto page = store::items_between(
            snapshot_, owner_, collection_, store::Edge::high, from, to, !down, kPage
        );
        for (const auto& item : page) {
            const auto previous = edge;
            move_to({item.window.high, item.uid.value + (down ? 0 : 1)});
            if (concerns(item) && EdgePlace{item.window.low, item.uid.value} < state_.high_edge)
                emit(down ? DeltaKind::add : DeltaKind::soft_remove, item.uid, item);
            if (full_) {
                move_to(previous);
                return;
            }
        }
        if (page.size() < kPage)
            move_to(target);
    }

    void move_high_edge(EdgePlace target) {
        while (!full_ && state_.high_edge != target) {
            const bool up = state_.high_edge < target;
            const auto from = up ? state_.high_edge : target;
            const auto to = up ? target : state_.high_edge;
            const auto page = store::items_between(
                snapshot_, owner_, collection_, store::Edge::low, from, to, up, kPage
            );
            for (const auto& item : page) {
                const auto previous = std::exchange(
                    state_.high_edge, EdgePlace{item.window.low, item.uid.value + (up ? 1 : 0)}
                );
                const auto low = own_item(item) ? state_.own_edge : state_.low_edge;
                if (EdgePlace{item.window.high, item.uid.value} >= low)
                    emit(up ? DeltaKind::add : DeltaKind::soft_remove, item.uid, item);
                if (full_) {
                    state_.high_edge = previous;
                    return;
                }
            }
            if (page.size() < kPage)
                state_.high_edge = target;
        }
    }

    store::Snapshot& snapshot_;
    model::AccountId owner_;
    model::CollectionId collection_;
    ItemState state_;
    model::AuthorId device_;
    std::size_t limit_;
    std::vector<Delta> deltas_;
    bool full_ = false;
};

Result<store::AccountState> answerable(
    store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
    const ItemState& state
) {
    const auto account = store::account_state(snapshot, owner);
    if (!account)
        return fail(Code::not_found, "the owner is gone");
    if (account->epoch != state.epoch)
        return fail(Code::stale, "the state belongs to another epoch");
    if (std::max({state.since, state.target, state.gone.seq}) > account->modseq)
        return fail(Code::stale, "the state is ahead of the owner");
    if (state.since < account->floor) {
        // What was forgotten since may have been of another folder: a quiet one needs no fresh
        // start.
        const auto row = store::find_collection(snapshot, owner, collection);
        if (!row || row->highest > state.since)
            return fail(Code::stale, "what happened since was forgotten");
    }
    return *account;
}

} // namespace

Result<ItemState>
fresh_state(store::Snapshot& snapshot, model::AccountId owner, const Wanted& wanted) {
    const auto account = store::account_state(snapshot, owner);
    if (!account)
        return fail(Code::not_found, "the owner is gone");
    ItemState state;
    state.epoch = account->epoch;
    state.since = account->modseq;
    state.gone = {account->modseq, Uid{store::kLastUid}};
    state.born = account->modseq;
    state.own_edge = {wanted.low, 0};
    state.high_edge = {wanted.high, wanted.high == model::kForever ? store::kLastUid : 0};
    return state;
}

Result<Selection> select(
    store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
    const ItemState& state, const Wanted& wanted, model::AuthorId device, std::size_t limit
) {
    TRY(const auto account, answerable(snapshot, owner, collection, state));
    return Walk(snapshot, owner, collection, state, device, limit).run(wanted, account.modseq);
}

Result<std::size_t> estimate(
    store::Snapshot& snapshot, model::AccountId owner, model::CollectionId collection,
    const ItemState& state, const Wanted& wanted, model::AuthorId device
) {
    std::size_t total = 0;
    auto at = state;
    for (;;) {
        TRY(const auto selection, select(snapshot, owner, collection, at, wanted, device, kPage));
        total += selection.deltas.size();
        if (!selection.more)
            return total;
        at = selection.after;
    }
}

bool holds(
    store::Snapshot& snapshot, const ItemState& state, const Item& item, model::AuthorId device
) {
    return held_by(
        snapshot, item.owner, item.collection, state, device,
        {item.uid, item.placed, item.creator, item.window}
    );
}

model::ChangeSeq told(const ItemState& state, Uid uid) { return told_by(state, uid); }

bool owe(ItemState& state, Uid uid, bool removed) {
    std::erase_if(state.owed, [uid](Uid each) { return std::abs(each.value) == uid.value; });
    if (state.owed.size() >= kMaxOwed)
        return false;
    state.owed.push_back(removed ? Uid{-uid.value} : uid);
    return true;
}

Uid phantom_of(std::string_view name) {
    std::int64_t number = 0;
    std::memcpy(&number, blake2b256(name).raw().data(), sizeof number);
    return Uid{(number & (kFirstPhantom - 1)) | kFirstPhantom};
}

} // namespace lockstep::sync
