// The promises of a store backend; every backend runs this suite.
#include <filesystem>

#include <gtest/gtest.h>

#include "store/collections.hpp"
#include "store/items.hpp"
#include "store/settings.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;

class StoreContract : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (GetParam() == std::string("sqlite")) {
            directory_ = testing::TempDir() + "store-contract-" + std::to_string(getpid());
            std::filesystem::remove_all(directory_);
            std::filesystem::create_directories(directory_);
        }
        open();
        make_account(kAnna);
    }
    void TearDown() override {
        db_.reset();
        if (!directory_.empty())
            std::filesystem::remove_all(directory_);
    }
    void open() {
        db_.reset();
        auto engine = open_sqlite({.directory = directory_});
        ASSERT_TRUE(engine.has_value()) << engine.error().text;
        (*engine)->on_commit([this](std::span<const Change> changes) {
            published_.insert(published_.end(), changes.begin(), changes.end());
        });
        db_ = std::make_unique<Database>(std::move(*engine));
    }
    template <class T>
    Result<T> write(std::function<Result<T>(Txn&)> work, AccountId account = kAnna) {
        return block_on(db_->write<T>(account, std::move(work)));
    }
    template <class T> T read(std::function<T(Snapshot&)> work, AccountId account = kAnna) {
        auto result =
            block_on(db_->read<T>(account, [&](Snapshot& s) -> Result<T> { return work(s); }));
        EXPECT_TRUE(result.has_value());
        return std::move(*result);
    }
    void make_account(AccountId account) {
        const auto made = write<bool>(
            [account](Txn& txn) -> Result<bool> {
                create_account_state(txn, account, 1234);
                return true;
            },
            account
        );
        ASSERT_TRUE(made.has_value()) << made.error().text;
    }
    model::Collection make_collection(const std::string& name) {
        return *write<model::Collection>([&](Txn& txn) {
            return create_collection(txn, kAnna, {.name = name});
        });
    }
    static NewItem mail(const model::Collection& in, std::string body, std::int64_t at = 0) {
        NewItem item;
        item.collection = in.id;
        item.received_us = at;
        item.window = {at, at};
        item.blob.bytes = std::make_shared<const std::string>(body);
        item.blob.hash = blake2b256(body);
        item.blob.size = body.size();
        return item;
    }
    model::Item insert(const model::Collection& in, std::string body, std::int64_t at = 0) {
        return *write<model::Item>([&](Txn& txn) {
            return insert_item(txn, kAnna, mail(in, std::move(body), at));
        });
    }

    static constexpr AccountId kAnna{1};
    std::string directory_;
    std::unique_ptr<Database> db_;
    std::vector<Change> published_;
};

TEST_P(StoreContract, GivesOneChangeSeqToAllRowsOfATransactionAndRaisesItForTheNext) {
    const auto inbox = make_collection("Inbox");
    const auto both = *write<std::pair<model::Item, model::Item>>(
        [&](Txn& txn) -> Result<std::pair<model::Item, model::Item>> {
            TRY(const auto a, insert_item(txn, kAnna, mail(inbox, "a")));
            TRY(const auto b, insert_item(txn, kAnna, mail(inbox, "b")));
            return std::pair(a, b);
        }
    );
    EXPECT_EQ(both.first.modseq, both.second.modseq);
    EXPECT_NE(both.first.uid, both.second.uid);
    EXPECT_GT(insert(inbox, "c").modseq, both.first.modseq);
}

TEST_P(StoreContract, PublishesAChangeOnceAfterItsCommitAndNothingOfAFailedJob) {
    const auto inbox = make_collection("Inbox");
    published_.clear();
    const auto item = insert(inbox, "a");
    ASSERT_EQ(published_.size(), 1U);
    EXPECT_EQ(published_[0], (Change{kAnna, inbox.id, item.modseq, {}}));
    published_.clear();
    const auto failed = write<bool>([&](Txn& txn) -> Result<bool> {
        TRY(const auto lost, insert_item(txn, kAnna, mail(inbox, "b")));
        return fail(Code::conflict, "changed my mind about " + std::to_string(lost.uid.value));
    });
    EXPECT_EQ(failed.error().code, Code::conflict);
    EXPECT_TRUE(published_.empty());
    const auto counted = read<std::optional<model::Collection>>([&](Snapshot& s) {
        return find_collection(s, kAnna, inbox.id);
    });
    EXPECT_EQ(counted->total, 1);
}

TEST_P(StoreContract, CountsTotalAndUnseen) {
    const auto inbox = make_collection("Inbox");
    const auto item = insert(inbox, "a");
    insert(inbox, "b");
    ASSERT_TRUE(write<bool>([&](Txn& txn) -> Result<bool> {
        CHECK_OK(set_flags(txn, item, model::flag::seen, "", {}));
        return true;
    }));
    auto counted = *read<std::optional<model::Collection>>([&](Snapshot& s) {
        return find_collection(s, kAnna, inbox.id);
    });
    EXPECT_EQ(counted.total, 2);
    EXPECT_EQ(counted.unseen, 1);
}

TEST_P(StoreContract, WritesNothingWhenFlagsStayAsTheyWere) {
    const auto item = insert(make_collection("Inbox"), "a");
    published_.clear();
    ASSERT_TRUE(write<bool>([&](Txn& txn) -> Result<bool> {
        CHECK_OK(set_flags(txn, item, item.flags, item.props, model::AuthorId{9}));
        return true;
    }));
    EXPECT_TRUE(published_.empty());
}

TEST_P(StoreContract, MovesKeepTheItemIdAndLeaveATombstone) {
    const auto inbox = make_collection("Inbox");
    const auto trash = make_collection("Trash");
    const auto item = insert(inbox, "a");
    const auto moved = *write<model::Item>([&](Txn& txn) {
        return move_item(txn, item, trash.id, model::AuthorId{5});
    });
    EXPECT_EQ(moved.id, item.id);
    EXPECT_EQ(moved.collection, trash.id);
    const auto gone = read<std::vector<Tombstone>>([&](Snapshot& s) {
        return removed_items(s, kAnna, inbox.id, {item.modseq, {}}, 10);
    });
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_TRUE(gone[0].moved);
    EXPECT_EQ(gone[0].author, model::AuthorId{5});
    // Back again: a new uid, so that no cursor can confuse the two lives.
    const auto back =
        *write<model::Item>([&](Txn& txn) { return move_item(txn, moved, inbox.id, {}); });
    EXPECT_GT(back.uid, item.uid);
    EXPECT_EQ(back.id, item.id);
}

TEST_P(StoreContract, RemembersTheLastChangeOfSomeoneElse) {
    const model::AuthorId phone{5};
    const model::AuthorId tablet{6};
    auto item = insert(make_collection("Inbox"), "a");
    const auto flag = [&](std::int64_t flags, model::AuthorId author) {
        ASSERT_TRUE(write<bool>([&](Txn& txn) -> Result<bool> {
            CHECK_OK(set_flags(txn, item, flags, "", author));
            return true;
        }));
        item = *read<std::optional<model::Item>>([&](Snapshot& s) {
            return find_item(s, kAnna, item.collection, item.uid);
        });
    };
    const auto born = item.modseq;
    flag(1, phone);
    EXPECT_EQ(item.foreign, born);
    flag(0, phone);
    EXPECT_EQ(item.foreign, born);
    const auto by_phone = item.modseq;
    flag(1, tablet);
    EXPECT_EQ(item.foreign, by_phone);
}

TEST_P(StoreContract, KnowsTheWindowAnItemHadAtACursor) {
    const auto inbox = make_collection("Inbox");
    auto item = insert(inbox, "a", 100);
    const auto before = item.modseq;
    for (const std::int64_t at : {200, 300}) {
        ASSERT_TRUE(write<bool>([&](Txn& txn) -> Result<bool> {
            const auto fresh = mail(inbox, "at " + std::to_string(at));
            CHECK_OK(set_content(
                txn, item,
                {.blob = fresh.blob, .window = {at, at}, .uid_text = "", .digest = "", .author = {}}
            ));
            return true;
        }));
        item = *read<std::optional<model::Item>>([&](Snapshot& s) {
            return find_item(s, kAnna, item.collection, item.uid);
        });
    }
    const auto window = [&](model::ChangeSeq at) {
        return read<model::Window>([&](Snapshot& s) {
                   return window_at(s, kAnna, inbox.id, item.uid, at, item.window);
               }
        ).low;
    };
    EXPECT_EQ(window(before), 100);
    EXPECT_EQ(window({item.modseq.value - 1}), 200);
    EXPECT_EQ(window(item.modseq), 300);
}

TEST_P(StoreContract, CountsReferencesOfOneBlobAndDropsItWithTheLast) {
    const auto inbox = make_collection("Inbox");
    const auto first = insert(inbox, "same");
    const auto second = insert(inbox, "same");
    const auto there = [&] {
        return read<bool>([&](Snapshot& s) { return find_blob(s, kAnna, first.blob).has_value(); });
    };
    const auto remove = [&](model::Uid uid) {
        ASSERT_TRUE(write<bool>([&](Txn& txn) -> Result<bool> {
            CHECK_OK(delete_item(txn, kAnna, inbox.id, uid, {}));
            return true;
        }));
    };
    remove(first.uid);
    EXPECT_TRUE(there());
    remove(second.uid);
    EXPECT_FALSE(there());
}

TEST_P(StoreContract, RefusesASecondCollectionOfOneName) {
    make_collection("Inbox");
    const auto again = write<model::Collection>([&](Txn& txn) {
        return create_collection(txn, kAnna, {.name = "Inbox"});
    });
    EXPECT_EQ(again.error().code, Code::exists);
}

TEST_P(StoreContract, KeepsConcurrentWritersApartAndInOrder) {
    const auto inbox = make_collection("Inbox");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i)
                insert(inbox, std::to_string(t) + "/" + std::to_string(i));
        });
    for (auto& thread : threads)
        thread.join();
    const auto items = read<std::vector<model::Item>>([&](Snapshot& s) {
        return changed_items(s, kAnna, inbox.id, {}, {kLastUid}, 1000);
    });
    ASSERT_EQ(items.size(), 100U);
    for (std::size_t i = 1; i < items.size(); ++i)
        EXPECT_LT(items[i].modseq, items[i - 1].modseq);
}

TEST_P(StoreContract, ListsItemsByWindowEdgeInBothDirections) {
    const auto inbox = make_collection("Inbox");
    for (const std::int64_t at : {30, 10, 20})
        insert(inbox, std::to_string(at), at);
    const auto list = [&](bool ascending) {
        std::vector<std::int64_t> ats;
        for (const auto& item : read<std::vector<model::Item>>([&](Snapshot& s) {
                 return items_between(
                     s, kAnna, inbox.id, Edge::high, {15, 0}, {model::kForever, kLastUid},
                     ascending, 10
                 );
             }))
            ats.push_back(item.received_us);
        return ats;
    };
    EXPECT_EQ(list(true), (std::vector<std::int64_t>{20, 30}));
    EXPECT_EQ(list(false), (std::vector<std::int64_t>{30, 20}));
}

TEST_P(StoreContract, KeepsTheLatestValueOfASettingInItsScope) {
    const auto set = write<bool>([](Txn& txn) -> Result<bool> {
        put_setting(txn, kAnna, "", "mail-days", "30");
        put_setting(txn, kAnna, "", "mail-days", "90");
        put_setting(txn, kAnna, "device:A", "mail-days", "7");
        put_setting(txn, kAnna, "device:B", "mail-days", "14");
        drop_settings(txn, kAnna, "device:B");
        return true;
    });
    ASSERT_TRUE(set.has_value());
    using Found = std::optional<std::string>;
    const auto of = [&](const std::string& scope) {
        return read<Found>([&](Snapshot& s) { return find_setting(s, kAnna, scope, "mail-days"); });
    };
    EXPECT_EQ(of(""), "90");
    EXPECT_EQ(of("device:A"), "7");
    EXPECT_EQ(of("device:B"), std::nullopt);
    const auto all = read<std::vector<std::pair<std::string, std::string>>>([](Snapshot& s) {
        return list_settings(s, kAnna, "");
    });
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].first, "mail-days");
}

INSTANTIATE_TEST_SUITE_P(
    Backends, StoreContract, testing::Values("memory", "sqlite"),
    [](const auto& info) { return std::string(info.param); }
);

TEST(SqliteStore, KeepsEverythingAcrossAReopenAndRefusesANewerSchema) {
    const auto directory = testing::TempDir() + "store-reopen-" + std::to_string(getpid());
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    {
        Database db(*open_sqlite({.directory = directory, .shards = 2}));
        ASSERT_TRUE(block_on(db.write<bool>(AccountId{1}, [](Txn& txn) -> Result<bool> {
            create_account_state(txn, AccountId{1}, 77);
            return true;
        })));
    }
    {
        Database db(*open_sqlite({.directory = directory, .shards = 7}));
        EXPECT_EQ(db.engine().shards(), 2);
        const auto state = block_on(db.read<std::optional<AccountState>>(
            AccountId{1},
            [](Snapshot& s) -> Result<std::optional<AccountState>> {
                return account_state(s, AccountId{1});
            }
        ));
        ASSERT_TRUE(state.has_value() && state->has_value());
        EXPECT_EQ((*state)->epoch, 77);
        ASSERT_TRUE(block_on(db.write_control<bool>([](Txn& txn) -> Result<bool> {
            static constexpr Sql kNewer{"UPDATE meta SET value = 999 WHERE name = 'schema'"};
            txn.exec(kNewer);
            return true;
        })));
    }
    const auto refused = open_sqlite({.directory = directory});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::unsupported);
    EXPECT_NE(refused.error().text.find("newer Lockstep"), std::string::npos);
    std::filesystem::remove_all(directory);
}

} // namespace
} // namespace lockstep::store
