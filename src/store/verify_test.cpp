// verify finds each kind of damage, calls nothing damage that is none, and mends what it may.
#include "store/verify.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "store/verify_test_support.hpp"

namespace lockstep::store {
namespace {

std::vector<std::string> words_of(const VerifyReport& report) {
    std::vector<std::string> words;
    for (const auto& each : report.findings)
        words.push_back(each.word);
    return words;
}

TEST(Verify, CountsWhatItChecked) {
    SampleStore store;
    store.fill();
    const auto report = store.verify();
    EXPECT_EQ(report.accounts, 2U);
    EXPECT_EQ(report.folders, 5U);
    EXPECT_EQ(report.items, 4U);
    EXPECT_EQ(report.tombstones, 2U);
    EXPECT_EQ(report.sync_states, 2U);
    EXPECT_EQ(report.files, 1U);
    EXPECT_EQ(report.orphans, 0U);
    EXPECT_TRUE(report.sound());
}

TEST(Verify, CountsOrphanFilesWithoutCallingThemWrong) {
    SampleStore store;
    store.fill();
    ASSERT_TRUE(store.files().put(std::string(10'000, 'o')));
    const auto report = store.verify();
    EXPECT_EQ(lines_of(report), "");
    EXPECT_EQ(report.orphans, 1U);
}

TEST(Verify, FindsAMissingAChangedAndAShortFile) {
    for (const std::string_view word : {"file-missing", "file-damaged", "file-size"}) {
        SampleStore store;
        store.fill();
        const auto path = store.path_of_the_file();
        if (word == "file-missing") {
            std::filesystem::remove(path);
        } else if (word == "file-size") {
            std::filesystem::resize_file(path, 100);
        } else {
            std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(5'000);
            file.put('!');
        }
        const auto report = store.verify({.recount = true, .repair = true});
        EXPECT_TRUE(has(report, word)) << word << "\n" << lines_of(report);
        EXPECT_FALSE(report.sound());
    }
}

TEST(Verify, FindsRowsInTheWrongFile) {
    SampleStore store({.shards = 2});
    store.fill();
    ASSERT_EQ(lines_of(store.verify()), "");
    store.run_sql(Plane{1}, "INSERT INTO account_state VALUES (1, 1, 1, 1, 0, 5, 0)");
    EXPECT_EQ(words_of(store.verify()), std::vector<std::string>{"account-in-wrong-file"});
}

TEST(Verify, ExaminesAnAccountThatStandsInNoDirectoryToo) {
    SampleStore store;
    store.fill();
    store.run_sql(true, "DELETE FROM account WHERE account_id = 2");
    store.run_sql(true, "DELETE FROM address WHERE account_id = 2");
    store.run_sql(false, "UPDATE collection SET total = 5 WHERE account_id = 2");
    EXPECT_EQ(
        words_of(store.verify()), (std::vector<std::string>{"account-left-over", "folder-total"})
    );
    EXPECT_TRUE(store.verify({.repair = true}).sound());
    EXPECT_FALSE(store.folder(SampleStore::kBen, model::CollectionId{1}));
}

TEST(Verify, RecountDoesNotRepair) {
    SampleStore store;
    store.fill();
    store.run_sql(false, "UPDATE collection SET total = 7 WHERE coll_id = 1");
    store.run_sql(false, "INSERT INTO item_digest VALUES (1, 999, x'00')");
    const auto report = store.verify({.recount = true});
    EXPECT_TRUE(has(report, "folder-total", true)) << lines_of(report);
    EXPECT_TRUE(has(report, "digest-without-mail", false)) << lines_of(report);
    EXPECT_FALSE(report.sound());
}

TEST(Verify, GivesItemsOfALostFolderAFolderAgain) {
    SampleStore store;
    store.fill();
    store.run_sql(false, "DELETE FROM collection WHERE coll_id = 1");
    ASSERT_TRUE(store.verify({.repair = true}).sound());
    const auto folder = store.folder(SampleStore::kAnna, model::CollectionId{1});
    ASSERT_TRUE(folder.has_value());
    EXPECT_EQ(folder->name, "Recovered 1");
    EXPECT_EQ(folder->total, 3);
    EXPECT_GT(folder->created.value, 3) << "devices must hear of it";
}

TEST(Verify, StopsWhenTold) {
    SampleStore store;
    store.fill();
    const auto report = store.try_verify({.stopping = [] { return true; }});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Code::closed);
}

TEST(Verify, CallsNothingWrongWhileOthersWrite) {
    SampleStore store({.on_disk = true});
    store.fill();
    std::atomic<bool> done = false;
    std::thread writer([&] {
        for (int i = 0; i < 300; ++i)
            store.come_and_go(i);
        done = true;
    });
    int runs = 0;
    for (; !done || runs == 0; ++runs) {
        const auto report = store.verify();
        EXPECT_EQ(lines_of(report), "");
    }
    writer.join();
    EXPECT_EQ(lines_of(store.verify()), "");
}

TEST(Verify, R7FindsADatabasePageThatWasOverwritten) {
    SampleStore store({.on_disk = true});
    store.fill();
    for (int i = 0; i < 200; ++i)
        store.come_and_go(i);
    store.close();
    const auto file = store.directory() / "shard-0.db";
    const auto pages = std::filesystem::file_size(file) / 4096;
    ASSERT_GT(pages, 20U);
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        for (auto page = pages - 6; page < pages; ++page) {
            bytes.seekp(static_cast<std::streamoff>(page * 4096));
            bytes << std::string(200, '\xA5');
        }
    }
    store.open();
    const auto report = store.verify();
    EXPECT_TRUE(has(report, "file-broken")) << lines_of(report);
    EXPECT_FALSE(report.sound());
}

} // namespace
} // namespace lockstep::store
