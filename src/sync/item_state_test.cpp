// The constant-space state against a naive model that keeps lists: the simulated device is the
// list.
#include "sync/item_state.hpp"

#include <random>

#include <gtest/gtest.h>

namespace lockstep::sync {
namespace {

using model::AccountId;
using model::AuthorId;
using model::Item;
using model::Uid;
using store::Snapshot;
using store::Txn;

constexpr AccountId kOwner{1};
constexpr AuthorId kPhone{11};
constexpr AuthorId kTablet{12};

/// What the device shows of one item.
struct Shown {
    std::string body;
    std::int64_t flags = 0;
    friend bool operator==(const Shown&, const Shown&) = default;
};
using Held = std::map<Uid, Shown>;

struct Device {
    ItemState state;
    Held held;
    Wanted wanted;
    std::set<Uid> refused; ///< removed by the device although it may not
};

class Office {
public:
    explicit Office(unsigned seed) : db_(*store::open_sqlite({})), random_(seed) {
        write([](Txn& txn) -> Result<> {
            store::create_account_state(txn, kOwner, 99);
            return {};
        });
        write([this](Txn& txn) -> Result<> {
            TRY(const auto made,
                store::create_collection(
                    txn, kOwner, {.item_class = model::ItemClass::event, .name = "Calendar"}
                ));
            collection_ = made.id;
            return {};
        });
    }

    std::int64_t number(std::int64_t below) {
        return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
    }

    void write(std::function<Result<>(Txn&)> work) {
        const auto done = block_on(db_.write<bool>(kOwner, [&](Txn& txn) -> Result<bool> {
            CHECK_OK(work(txn));
            return true;
        }));
        ASSERT_TRUE(done.has_value()) << done.error().text;
    }
    template <class T> T read(std::function<Result<T>(Snapshot&)> work) {
        auto result = block_on(db_.read<T>(kOwner, std::move(work)));
        EXPECT_TRUE(result.has_value()) << result.error().text;
        return std::move(*result);
    }

    model::Window any_window() {
        if (number(8) == 0)
            return {number(1000), model::kForever};
        if (number(12) == 0)
            return {};
        const auto low = number(1000);
        return {low, low + number(3) * number(60)};
    }
    store::Blob blob(const std::string& body) {
        store::Blob made;
        made.hash = blake2b256(body);
        made.size = body.size();
        made.bytes = std::make_shared<const std::string>(body);
        return made;
    }
    std::string new_body() { return "body " + std::to_string(++bodies_); }

    Item add(AuthorId author, bool held, std::string body, model::Window window) {
        Item made;
        write([&](Txn& txn) -> Result<> {
            store::NewItem item;
            item.collection = collection_;
            item.item_class = model::ItemClass::event;
            item.window = window;
            item.blob = blob(body);
            item.uid_text = body;
            item.author = author;
            item.held_by_author = held;
            TRY(made, store::insert_item(txn, kOwner, item));
            return {};
        });
        return made;
    }
    void change(Txn& txn, Uid uid, AuthorId author, const std::string& body, model::Window window) {
        const auto item = *store::find_item(txn, kOwner, collection_, uid);
        EXPECT_TRUE(store::set_content(
            txn, item,
            {.blob = blob(body), .window = window, .uid_text = body, .digest = "", .author = author}
        ));
    }
    std::vector<Item> all() {
        return read<std::vector<Item>>([&](Snapshot& s) -> Result<std::vector<Item>> {
            return store::changed_items(s, kOwner, collection_, {}, {store::kLastUid}, 100'000);
        });
    }
    std::optional<Item> any() {
        auto items = all();
        if (items.empty())
            return std::nullopt;
        return items[static_cast<std::size_t>(number(static_cast<std::int64_t>(items.size())))];
    }

    store::Database db_;
    std::mt19937 random_;
    model::CollectionId collection_;
    int bodies_ = 0;
};

Shown shown(const Item& item) { return {item.uid_text, item.flags}; }

/// Applies an answer as a device does; a difference from the list is a failure.
void apply(Device& device, const Delta& delta) {
    const bool has = device.held.contains(delta.uid);
    switch (delta.kind) {
    case DeltaKind::add:
        EXPECT_FALSE(has) << "added twice: " << delta.uid.value;
        device.held[delta.uid] = shown(delta.item);
        break;
    case DeltaKind::change:
    case DeltaKind::flags:
        EXPECT_TRUE(has) << "changed, but not held: " << delta.uid.value;
        if (delta.kind == DeltaKind::flags)
            EXPECT_EQ(device.held[delta.uid].body, delta.item.uid_text)
                << "content change sent as flags";
        device.held[delta.uid] = shown(delta.item);
        break;
    case DeltaKind::remove:
    case DeltaKind::soft_remove:
        // What the device removed itself, against a refusal, may be gone before it was owed back.
        if (!has && device.refused.contains(delta.uid))
            break;
        EXPECT_TRUE(has) << "removed, but not held: " << delta.uid.value;
        device.held.erase(delta.uid);
        break;
    }
    device.state = delta.after;
}

Selection answer(Office& office, const Device& device, std::size_t limit) {
    return office.read<Selection>([&](Snapshot& s) {
        return select(s, kOwner, office.collection_, device.state, device.wanted, kPhone, limit);
    });
}

Held expected(Office& office, const Wanted& wanted) {
    Held held;
    for (const auto& item : office.all())
        if (item.window.high >= wanted.low && item.window.low < wanted.high)
            held[item.uid] = shown(item);
    return held;
}

void server_step(Office& office) {
    const AuthorId author = office.number(2) == 0 ? AuthorId{} : kTablet;
    const auto item = office.any();
    switch (office.number(8)) {
    case 0:
    case 1:
    case 2:
        office.add(author, false, office.new_body(), office.any_window());
        return;
    case 3:
        if (item)
            office.write([&](Txn& txn) -> Result<> {
                office.change(
                    txn, item->uid, author, office.new_body(),
                    office.number(2) == 0 ? item->window : office.any_window()
                );
                return {};
            });
        return;
    case 4:
        if (item)
            office.write([&](Txn& txn) {
                return store::set_flags(txn, *item, office.number(8), "", author);
            });
        return;
    case 5:
        if (item && office.number(2) == 0)
            office.write([&](Txn& txn) {
                return store::delete_item(txn, kOwner, office.collection_, item->uid, author);
            });
        return;
    case 6: { // many at once, in one transaction
        const auto items = office.all();
        const auto kind = office.number(3);
        office.write([&](Txn& txn) -> Result<> {
            for (const auto& each : items) {
                if (office.number(3) != 0)
                    continue;
                if (kind == 0)
                    CHECK_OK(store::set_flags(txn, each, office.number(8), "", author));
                if (kind == 1)
                    office.change(txn, each.uid, author, office.new_body(), office.any_window());
                if (kind == 2 && office.number(4) == 0)
                    CHECK_OK(store::delete_item(txn, kOwner, office.collection_, each.uid, author));
            }
            return {};
        });
        return;
    }
    default:
        if (item && office.number(3) == 0)
            office.write([&](Txn& txn) -> Result<> { // twice in one transaction
                office.change(txn, item->uid, author, office.new_body(), office.any_window());
                office.change(txn, item->uid, author, office.new_body(), office.any_window());
                return {};
            });
    }
}

void device_step(Office& office, Device& device) {
    const auto pick = [&]() -> std::optional<Uid> {
        if (device.held.empty())
            return std::nullopt;
        auto at = device.held.begin();
        std::advance(at, office.number(static_cast<std::int64_t>(device.held.size())));
        return at->first;
    };
    const auto uid = pick();
    const auto live =
        uid ? office.read<std::optional<Item>>([&](Snapshot& s) -> Result<std::optional<Item>> {
            return store::find_item(s, kOwner, office.collection_, *uid);
        })
            : std::nullopt;
    switch (office.number(4)) {
    case 0: {
        const auto item = office.add(kPhone, true, office.new_body(), office.any_window());
        device.held[item.uid] = shown(item);
        return;
    }
    case 1:
        // The device edits what it saw; where somebody was faster the server wins, as a door
        // decides.
        if (live && live->uid_text == device.held[*uid].body &&
            live->flags == device.held[*uid].flags) {
            const auto body = office.new_body();
            office.write([&](Txn& txn) -> Result<> {
                office.change(
                    txn, *uid, kPhone, body,
                    office.number(2) == 0 ? live->window : office.any_window()
                );
                return {};
            });
            device.held[*uid].body = body;
        }
        return;
    case 2:
        if (live && live->uid_text == device.held[*uid].body) {
            office.write([&](Txn& txn) {
                return store::delete_item(txn, kOwner, office.collection_, *uid, kPhone);
            });
            device.held.erase(*uid);
        }
        return;
    default:
        // An edit or a removal that is refused.
        if (live && office.number(2) == 0 && owe(device.state, *uid))
            device.held[*uid] = {"an edit that was refused", 0};
        else if (live && owe(device.state, *uid, true)) {
            device.held.erase(*uid);
            device.refused.insert(*uid);
        }
    }
}

void settle(Office& office, Device& device, std::size_t limit) {
    for (int round = 0; round < 100'000; ++round) {
        const auto selection = answer(office, device, limit);
        for (const auto& delta : selection.deltas)
            apply(device, delta);
        device.state = selection.after;
        if (!selection.more)
            break;
    }
    EXPECT_EQ(device.held, expected(office, device.wanted));
    EXPECT_TRUE(answer(office, device, 10).deltas.empty());
}

/// One seeded history; returns how many steps it took.
int play(unsigned seed, int steps) {
    Office office(seed);
    Device device;
    device.wanted = {
        office.number(500), office.number(3) == 0 ? model::kForever : 500 + office.number(500)
    };
    for (int i = 0; i < 40; ++i)
        office.add({}, false, office.new_body(), office.any_window());
    device.state =
        office.read<ItemState>([&](Snapshot& s) { return fresh_state(s, kOwner, device.wanted); });
    for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
        const auto dice = office.number(100);
        if (dice < 45) {
            server_step(office);
        } else if (dice < 60) {
            device_step(office, device);
        } else if (dice < 65) { // the filter changes, or the window slides by a day
            device.wanted =
                office.number(2) == 0
                    ? Wanted{device.wanted.low + office.number(40), device.wanted.high}
                    : Wanted{
                          office.number(600),
                          office.number(3) == 0 ? model::kForever : 600 + office.number(500)
                      };
        } else if (dice < 72) { // an answer is lost: nothing of it reaches the device
            (void)answer(office, device, static_cast<std::size_t>(1 + office.number(20)));
        } else if (dice < 97) { // an answer, cut at any delta
            const auto selection =
                answer(office, device, static_cast<std::size_t>(1 + office.number(12)));
            const auto cut = static_cast<std::size_t>(
                office.number(static_cast<std::int64_t>(selection.deltas.size()) + 1)
            );
            for (std::size_t i = 0; i < cut; ++i)
                apply(device, selection.deltas[i]);
            if (cut == selection.deltas.size())
                device.state = selection.after;
            device.state = *unpack_item_state(pack(device.state));
        } else {
            settle(office, device, static_cast<std::size_t>(1 + office.number(30)));
        }
    }
    settle(office, device, 7);
    if (testing::Test::HasFailure())
        ADD_FAILURE() << "seed " << seed;
    return steps;
}

TEST(ItemState, EqualsAListKeepingModelOverRandomHistories) {
    // Short histories find edge cases of small boxes, long ones those of many changes. 100,000
    // steps in all.
    int total = 0;
    for (unsigned seed = 1; total < 100'000 && !HasFailure(); ++seed)
        total += play(seed, seed % 5 == 0 ? 1000 : 150);
    EXPECT_GE(total, 100'000);
}

TEST(ItemState, FillsNewestFirst) {
    Office office(1);
    for (const std::int64_t at : {30, 10, 20})
        office.add({}, false, std::to_string(at), {at, at});
    Device device;
    device.state =
        office.read<ItemState>([&](Snapshot& s) { return fresh_state(s, kOwner, device.wanted); });
    std::vector<std::string> order;
    for (const auto& delta : answer(office, device, 10).deltas)
        order.push_back(delta.item.uid_text);
    EXPECT_EQ(order, (std::vector<std::string>{"30", "20", "10"}));
}

TEST(ItemState, NeverSendsADeviceItsOwnChangeButAlwaysTheForeignOneBetween) {
    Office office(1);
    Device device;
    const auto item = office.add({}, false, "a", {5, 5});
    device.state =
        office.read<ItemState>([&](Snapshot& s) { return fresh_state(s, kOwner, device.wanted); });
    settle(office, device, 10);
    const auto change_by = [&](AuthorId author, const char* body) {
        office.write([&](Txn& txn) -> Result<> {
            office.change(txn, item.uid, author, body, {5, 5});
            return {};
        });
    };
    change_by(kPhone, "b");
    EXPECT_TRUE(answer(office, device, 10).deltas.empty());
    change_by(kTablet, "c");
    change_by(kPhone, "d");
    ASSERT_EQ(answer(office, device, 10).deltas.size(), 1U);
}

TEST(ItemState, NeverSendsADeviceBackWhatItAddedBeforeOrDuringTheFirstFill) {
    Office office(1);
    for (const std::int64_t at : {10, 20, 30, 40})
        office.add({}, false, std::to_string(at), {at, at});
    Device device;
    device.wanted.low = 15;
    device.state =
        office.read<ItemState>([&](Snapshot& s) { return fresh_state(s, kOwner, device.wanted); });
    const auto add_own = [&](std::int64_t at) {
        const auto item = office.add(kPhone, true, "own " + std::to_string(at), {at, at});
        device.held[item.uid] = shown(item);
    };
    add_own(25);
    std::vector<std::string> told;
    const auto hear = [&](const Selection& selection) {
        for (const auto& delta : selection.deltas) {
            told.push_back(delta.item.uid_text);
            apply(device, delta);
        }
    };
    hear(answer(office, device, 1));
    add_own(22);
    settle(office, device, 1);
    hear(answer(office, device, 10));
    EXPECT_EQ(told, std::vector<std::string>{"40"});
    EXPECT_EQ(device.held.size(), 5U);
}

TEST(ItemState, RefusesACursorOfAnotherEpoch) {
    Office office(1);
    auto state = office.read<ItemState>([&](Snapshot& s) { return fresh_state(s, kOwner, {}); });
    state.epoch += 1;
    const auto refused = block_on(office.db_.read<Selection>(kOwner, [&](Snapshot& s) {
        return select(s, kOwner, office.collection_, state, {}, kPhone, 5);
    }));
    EXPECT_EQ(refused.error().code, Code::stale);
}

TEST(ItemState, EstimatesWhatTheAnswersWillHold) {
    Office office(3);
    for (int i = 0; i < 1'234; ++i)
        office.add({}, false, office.new_body(), {i, i});
    Device device;
    device.wanted.low = 200;
    device.state =
        office.read<ItemState>([&](Snapshot& s) { return fresh_state(s, kOwner, device.wanted); });
    EXPECT_EQ(
        office.read<std::size_t>([&](Snapshot& s) {
            return estimate(s, kOwner, office.collection_, device.state, device.wanted, kPhone);
        }),
        1'034U
    );
}

} // namespace
} // namespace lockstep::sync
