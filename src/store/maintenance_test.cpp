// Maintenance forgets by count, in whole commits, and never what is still needed.
#include "store/maintenance.hpp"

#include <future>

#include <gtest/gtest.h>

#include "store/verify_test_support.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kCountTombstones{"SELECT count(*) FROM tombstone WHERE account_id = $1"};
constexpr Sql kCountMoves{"SELECT count(*) FROM window_move WHERE account_id = $1"};
constexpr Sql kCountFolderTombstones{
    "SELECT count(*) FROM collection_tombstone WHERE account_id = $1"
};
constexpr Sql kLowestTombstone{"SELECT min(modseq) FROM tombstone WHERE account_id = $1"};
constexpr Sql kCountOps{"SELECT count(*) FROM client_op WHERE account_id = $1"};
constexpr Sql kCountMarks{"SELECT count(*) FROM delivered WHERE account_id = $1"};

class Maintenance : public ::testing::Test {
protected:
    MaintainReport maintain(std::size_t keep = 100'000, std::int64_t now_us = 0) {
        MaintainOptions options;
        options.keep = keep;
        options.now_us = now_us;
        auto report = block_on(store::maintain(
            store_.db(), store_.files(), store_.workers(), upkeep_, std::move(options)
        ));
        EXPECT_TRUE(report.has_value()) << report.error().text;
        return report.value_or(MaintainReport{});
    }
    std::int64_t count(const Sql& sql) {
        return store_.read<std::int64_t>([&](Snapshot& s) {
            return s.scalar(sql, SampleStore::kAnna).value_or(0);
        });
    }
    AccountState state(model::AccountId account = SampleStore::kAnna) {
        return *store_.read<std::optional<AccountState>>(
            [&](Snapshot& s) { return account_state(s, account); }, account
        );
    }
    /// Puts mails into folder 3 in one commit, and takes them away in another.
    void bury(int mails) {
        std::vector<model::Uid> uids;
        const auto put = store_.write<bool>([&](Txn& txn) -> Result<bool> {
            for (int i = 0; i < mails; ++i) {
                TRY(const auto item, insert_item(
                                         txn, SampleStore::kAnna,
                                         SampleStore::mail_of(
                                             model::CollectionId{3}, *make_blob(store_.files(), "x")
                                         )
                                     ));
                uids.push_back(item.uid);
            }
            return true;
        });
        ASSERT_TRUE(put.has_value());
        const auto gone = store_.write<bool>([&](Txn& txn) -> Result<bool> {
            for (const auto uid : uids)
                CHECK_OK(delete_item(txn, SampleStore::kAnna, model::CollectionId{3}, uid, {}));
            return true;
        });
        ASSERT_TRUE(gone.has_value());
    }

    SampleStore store_;
    Upkeep upkeep_;
};

TEST_F(Maintenance, R14ForgetsTheOldestTombstonesBeyondTheCount) {
    store_.fill();
    for (int i = 0; i < 25; ++i)
        bury(1);
    const auto before = state();
    EXPECT_EQ(before.floor.value, 0);
    const auto report = maintain(10);
    EXPECT_EQ(report.floors_raised, 1U);
    EXPECT_EQ(count(kCountTombstones), 10);
    EXPECT_EQ(state().floor.value, count(kLowestTombstone) - 1)
        << "a cursor at the floor still sees every tombstone behind it";
    EXPECT_EQ(state().modseq, before.modseq) << "forgetting is no change";
    EXPECT_EQ(count(kCountMoves), 0) << "older than the floor";
    EXPECT_EQ(count(kCountFolderTombstones), 1) << "removed folders are counted by themselves";
    EXPECT_TRUE(store_.verify().findings.empty());
    EXPECT_EQ(maintain(10).rows_removed, 0U);
}

TEST_F(Maintenance, KeepsACommitWholeThatReachesBeyondTheCount) {
    store_.fill();
    bury(1);
    bury(30);
    bury(1);
    maintain(10);
    EXPECT_EQ(count(kCountTombstones), 31);
    maintain(1);
    EXPECT_EQ(count(kCountTombstones), 1);
}

TEST_F(Maintenance, ForgetsRemovedFoldersBeyondTheCountAndTellsThatItDid) {
    store_.fill();
    const auto complete = [&] {
        return store_.read<bool>([](Snapshot& s) {
            return knows_all_removed_collections(s, SampleStore::kAnna);
        });
    };
    for (int i = 0; i < 5; ++i) {
        const auto done = store_.write<bool>([](Txn& txn) -> Result<bool> {
            TRY(const auto made, create_collection(txn, SampleStore::kAnna, {.name = "Brief"}));
            CHECK_OK(remove_collection(txn, SampleStore::kAnna, made.id, {}));
            return true;
        });
        ASSERT_TRUE(done.has_value());
    }
    maintain(6);
    EXPECT_EQ(count(kCountFolderTombstones), 6);
    EXPECT_TRUE(complete());
    maintain(2);
    EXPECT_EQ(count(kCountFolderTombstones), 2);
    EXPECT_FALSE(complete());
    EXPECT_TRUE(store_.verify().findings.empty());
}

TEST_F(Maintenance, LeavesAloneWhatIsWithinTheCount) {
    store_.fill();
    const auto report = maintain();
    EXPECT_EQ(report.rows_removed, 0U);
    EXPECT_EQ(report.floors_raised, 0U);
    EXPECT_EQ(state().floor.value, 0);
    EXPECT_EQ(count(kCountTombstones), 2);
}

TEST_F(Maintenance, PrunesMoreRowsThanOneStepTakes) {
    store_.fill();
    bury(static_cast<int>(limits::kPruneStep) + 500);
    bury(1);
    const auto report = maintain(1);
    EXPECT_GE(report.rows_removed, limits::kPruneStep + 500);
    EXPECT_EQ(count(kCountTombstones), 1);
}

TEST_F(Maintenance, ForgetsClientOperationsAndMarksWhenTheirTimeIsOver) {
    store_.fill();
    maintain(100, kClientOpLife - 1);
    EXPECT_EQ(count(kCountOps), 2);
    EXPECT_EQ(count(kCountMarks), 0) << "its time was over at 999";
    EXPECT_EQ(maintain(100, kClientOpLife + 1).rows_removed, 2U);
    EXPECT_EQ(count(kCountOps), 0);
}

TEST_F(Maintenance, RemovesAFileInTheSecondRunAfterItsLastReference) {
    store_.fill();
    ASSERT_TRUE(store_.files().put(std::string(10'000, 'o')));
    EXPECT_EQ(maintain().files_removed, 0U);
    const auto second = maintain();
    EXPECT_EQ(second.files_removed, 1U);
    EXPECT_EQ(second.bytes_freed, 10'000U);
    const auto report = store_.verify();
    EXPECT_TRUE(report.findings.empty()) << "the referenced file must stay";
    EXPECT_EQ(report.files, 1U);
    EXPECT_EQ(report.orphans, 0U);
}

TEST_F(Maintenance, KeepsAFileThatOnlyMailUnderWayNeeds) {
    store_.fill();
    static constexpr Sql kJob{"INSERT INTO outbox VALUES (1, 21, 1, 'ben@example.org', '2', $1, 0)"
    };
    const auto job = store_.write<bool>([&](Txn& txn) -> Result<bool> {
        TRY(const auto blob, make_blob(store_.files(), std::string(20'000, 'j')));
        link_blob(txn, SampleStore::kAnna, blob);
        txn.exec(kJob, Bytes{blob.hash.raw()});
        return true;
    });
    ASSERT_TRUE(job.has_value());
    for (int run = 0; run < 3; ++run)
        EXPECT_EQ(maintain().files_removed, 0U);
    EXPECT_TRUE(store_.verify().findings.empty());
}

TEST_F(Maintenance, EndsWhenTold) {
    store_.fill();
    MaintainOptions options;
    options.stopping = [] { return true; };
    const auto report = block_on(
        store::maintain(store_.db(), store_.files(), store_.workers(), upkeep_, std::move(options))
    );
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Code::closed);
}

TEST_F(Maintenance, D6ANewEpochChangesEveryEpochAndEveryUidvalidity) {
    store_.fill();
    const auto before = *store_.folder(SampleStore::kAnna, model::CollectionId{1});
    const auto changed = block_on(new_epoch(store_.db()));
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(*changed, 2U);
    for (const auto account : {SampleStore::kAnna, SampleStore::kBen}) {
        EXPECT_NE(state(account).epoch, SampleStore::kEpoch);
        EXPECT_GT(state(account).epoch, 0);
    }
    const auto after = *store_.folder(SampleStore::kAnna, model::CollectionId{1});
    EXPECT_NE(after.uidvalidity, before.uidvalidity);
    EXPECT_EQ(after.uidnext, before.uidnext);
    EXPECT_TRUE(store_.verify().findings.empty()) << "cursors of the old epoch are no damage";
}

TEST(StoreLog, IsShortenedWhenItIsLarge) {
    SampleStore store({.on_disk = true});
    store.fill();
    const auto log = store.directory() / "shard-0.db-wal";
    static constexpr Sql kFat{"UPDATE item SET props = $1 WHERE item_id = 1"};
    const auto fat = store.write<bool>([&](Txn& txn) -> Result<bool> {
        return txn.exec(kFat, std::string(limits::kLogBytes + (1U << 20U), 'p')) == 1;
    });
    ASSERT_TRUE(fat.has_value());
    ASSERT_GT(std::filesystem::file_size(log), limits::kLogBytes);
    std::promise<Result<>> promise;
    store.db().engine().tidy(Plane{0}, [&](Result<> done) { promise.set_value(std::move(done)); });
    EXPECT_TRUE(promise.get_future().get().has_value());
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
}

} // namespace
} // namespace lockstep::store
