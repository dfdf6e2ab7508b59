// What maintenance forgets is never answered as if it were known: cursors below the floor start
// afresh, others go on.
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "store/maintenance.hpp"
#include "sync/item_state.hpp"

namespace lockstep::sync {
namespace {

class Retention : public testing::Test {
protected:
    static constexpr model::AccountId kOwner{1};

    Retention() {
        std::string name = testing::TempDir() + "retention_XXXXXX";
        directory_ = ::mkdtemp(name.data());
        db_ = std::make_unique<store::Database>(*store::open_sqlite({.shards = 1}));
        files_ = *store::BlobFiles::open(posix_file_system(), (directory_ / "blobs").string());
        work([](store::Txn& txn) -> Result<> {
            store::create_account_state(txn, kOwner, 99);
            for (const char* each : {"busy", "quiet"}) {
                CHECK_OK(store::create_collection(txn, kOwner, {.name = each}));
            }
            return {};
        });
    }
    ~Retention() override { std::filesystem::remove_all(directory_); }

    void work(const std::function<Result<>(store::Txn&)>& job) {
        const auto done = block_on(db_->write<bool>(kOwner, [&](store::Txn& txn) -> Result<bool> {
            CHECK_OK(job(txn));
            return true;
        }));
        ASSERT_TRUE(done.has_value()) << done.error().text;
    }
    model::Uid add(model::CollectionId folder) {
        model::Uid uid;
        work([&](store::Txn& txn) -> Result<> {
            TRY(const auto blob, store::make_blob(*files_, "x"));
            TRY(const auto item,
                store::insert_item(
                    txn, kOwner, {.collection = folder, .window = {1, 1}, .blob = blob}
                ));
            uid = item.uid;
            return {};
        });
        return uid;
    }
    void remove(model::CollectionId folder, model::Uid uid) {
        work([&](store::Txn& txn) { return store::delete_item(txn, kOwner, folder, uid, {}); });
    }
    /// A device that has everything of the folder.
    ItemState synchronised(model::CollectionId folder) {
        auto fresh = block_on(db_->read<ItemState>(kOwner, [&](store::Snapshot& snapshot) {
            return fresh_state(snapshot, kOwner, {});
        }));
        return answer(folder, *fresh)->after;
    }
    Result<Selection> answer(model::CollectionId folder, const ItemState& state) {
        return block_on(db_->read<Selection>(kOwner, [&](store::Snapshot& snapshot) {
            return select(snapshot, kOwner, folder, state, {}, model::AuthorId{7}, 1'000);
        }));
    }
    void maintain(std::size_t keep) {
        store::MaintainOptions options;
        options.keep = keep;
        const auto done =
            block_on(store::maintain(*db_, *files_, workers_, upkeep_, std::move(options)));
        ASSERT_TRUE(done.has_value()) << done.error().text;
    }

    static constexpr model::CollectionId kBusy{1};
    static constexpr model::CollectionId kQuiet{2};
    std::filesystem::path directory_;
    std::unique_ptr<store::Database> db_;
    std::unique_ptr<store::BlobFiles> files_;
    Workers workers_{1};
    store::Upkeep upkeep_;
};

TEST_F(Retention, ACursorBelowTheFloorIsStaleAndOneAtTheFloorHearsOfEverything) {
    std::vector<model::Uid> uids;
    for (int i = 0; i < 6; ++i)
        uids.push_back(add(kBusy));
    std::vector<ItemState> states{synchronised(kBusy)};
    for (const auto uid : uids) {
        remove(kBusy, uid);
        states.push_back(synchronised(kBusy));
    }
    maintain(2);
    // states[i] has seen i removals; the last two are remembered.
    for (std::size_t seen = 0; seen < states.size(); ++seen) {
        const auto selection = answer(kBusy, states[seen]);
        if (seen < 4) {
            ASSERT_FALSE(selection) << "it has seen " << seen << " of 6 removals";
            EXPECT_EQ(selection.error().code, Code::stale);
            continue;
        }
        ASSERT_TRUE(selection) << selection.error().text;
        EXPECT_EQ(selection->deltas.size(), 6 - seen);
    }
}

TEST_F(Retention, ACursorOfAFolderWhereNothingHappenedStaysGood) {
    const auto kept = add(kQuiet);
    const auto quiet = synchronised(kQuiet);
    for (int i = 0; i < 5; ++i)
        remove(kBusy, add(kBusy));
    maintain(1);
    const auto selection = answer(kQuiet, quiet);
    ASSERT_TRUE(selection) << selection.error().text;
    EXPECT_TRUE(selection->deltas.empty());
    remove(kQuiet, kept);
    EXPECT_EQ(answer(kQuiet, quiet).error().code, Code::stale)
        << "now something happened there, and who knows what before";
}

TEST_F(Retention, D6ACursorOfAnEarlierEpochIsStale) {
    add(kBusy);
    const auto state = synchronised(kBusy);
    ASSERT_TRUE(block_on(store::new_epoch(*db_)).has_value());
    const auto selection = answer(kBusy, state);
    ASSERT_FALSE(selection);
    EXPECT_EQ(selection.error().code, Code::stale);
}

} // namespace
} // namespace lockstep::sync
