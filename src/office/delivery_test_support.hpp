// For tests only: an office over a store in memory or in a directory, with people in it, and an
// engine in between whose files can be made to fail.
#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file_system.hpp"
#include "base/log.hpp"
#include "office/office.hpp"
#include "store/blobs.hpp"
#include "store/collections.hpp"
#include "store/items.hpp"

namespace lockstep::office::testing {

/// Passes everything on, but refuses the writes to one file while `broken` names it.
class FragileEngine final : public store::Engine {
public:
    FragileEngine(std::unique_ptr<store::Engine> engine, std::shared_ptr<std::atomic<int>> broken)
        : engine_(std::move(engine)), broken_(std::move(broken)) {}
    int shards() const override { return engine_->shards(); }
    void read(store::Plane plane, std::function<void(store::Snapshot&)> work, Done done) override {
        engine_->read(plane, std::move(work), std::move(done));
    }
    void write(store::Plane plane, std::function<Result<>(store::Txn&)> work, Done done) override {
        if (plane.index >= 0 && plane.index == *broken_)
            return done(fail(Code::unavailable, "this file is broken"));
        engine_->write(plane, std::move(work), std::move(done));
    }
    void on_commit(std::function<void(std::span<const store::Change>)> listener) override {
        engine_->on_commit(std::move(listener));
    }
    void close() override { engine_->close(); }

private:
    std::unique_ptr<store::Engine> engine_;
    std::shared_ptr<std::atomic<int>> broken_;
};

/// What a running server holds together.
class House {
public:
    static constexpr std::int64_t kNow = 1'795'500'000'000'000; ///< 2026-11-24
    static constexpr int kNone = -1;

    /// `directory` empty: the rows are in memory. Blobs always lie in files, in `blobs`.
    House(std::string directory, const std::string& blobs, int shards = 2)
        : clock(manual_clock(kNow)), workers(2) {
        auto engine = store::open_sqlite({.directory = std::move(directory), .shards = shards});
        EXPECT_TRUE(engine.has_value());
        db = std::make_unique<store::Database>(
            std::make_unique<FragileEngine>(std::move(*engine), broken)
        );
        auto opened = store::BlobFiles::open(posix_file_system(), blobs);
        EXPECT_TRUE(opened.has_value());
        files = std::move(*opened);
        people = std::make_unique<directory::Directory>(
            *db, *clock, workers, directory::Directory::Options{}
        );
        const auto ready = block_on(people->open());
        EXPECT_TRUE(ready.has_value());
        office = std::make_unique<Office>(
            *db, *files, *people, hub, workers, *clock, "mail.example.org"
        );
        db->engine().on_commit([this](std::span<const store::Change> changes) {
            hub.publish(changes);
        });
    }
    ~House() {
        workers.close();
        db->engine().close();
    }

    directory::Account add(const std::string& address, std::int64_t quota = 0) {
        auto account = block_on(people->add_account({.address = address, .name = "Some Body"}));
        EXPECT_TRUE(account.has_value());
        if (quota > 0) {
            const auto set = block_on(people->set_quota(account->id, quota));
            EXPECT_TRUE(set.has_value());
            account->quota_bytes = quota;
        }
        return *account;
    }
    std::vector<std::string> mails(model::AccountId account, model::Role role) {
        std::function<Result<std::vector<std::string>>(store::Snapshot&)> work =
            [&](store::Snapshot& snapshot) -> Result<std::vector<std::string>> {
            std::vector<std::string> all;
            const auto folder = store::find_by_role(snapshot, account, role);
            auto items = store::changed_items(
                snapshot, account, folder->id, {}, model::Uid{store::kLastUid}, 10'000
            );
            for (auto item = items.rbegin(); item != items.rend(); ++item) {
                TRY(auto bytes, store::read_blob(snapshot, *files, account, item->blob));
                all.push_back(std::move(bytes));
            }
            return all;
        };
        auto all = block_on(db->read<std::vector<std::string>>(account, std::move(work)));
        EXPECT_TRUE(all.has_value());
        return std::move(*all);
    }
    std::vector<std::string> inbox(model::AccountId account) {
        return mails(account, model::Role::inbox);
    }
    /// Rows of a table in one file.
    std::int64_t rows(int shard, const store::Sql& count) {
        std::function<Result<std::int64_t>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                                     ) -> Result<std::int64_t> {
            return snapshot.scalar(count).value_or(0);
        };
        auto found = block_on(db->read<std::int64_t>(store::Plane{shard}, std::move(work)));
        return found.value_or(-1);
    }
    std::int64_t spooled() {
        static constexpr store::Sql kCount{"SELECT count(*) FROM outbox"};
        std::int64_t all = 0;
        for (int shard = 0; shard < db->engine().shards(); ++shard)
            all += rows(shard, kCount);
        return all;
    }
    std::int64_t blob_references() {
        static constexpr store::Sql kCount{"SELECT coalesce(sum(refs), 0) FROM blob"};
        std::int64_t all = 0;
        for (int shard = 0; shard < db->engine().shards(); ++shard)
            all += rows(shard, kCount);
        return all;
    }
    void break_file(model::AccountId account) { *broken = db->plane_of(account).index; }
    void mend() { *broken = kNone; }

    std::shared_ptr<std::atomic<int>> broken = std::make_shared<std::atomic<int>>(kNone);
    std::unique_ptr<ManualClock> clock;
    Workers workers;
    sync::Hub hub;
    std::unique_ptr<store::Database> db;
    std::unique_ptr<store::BlobFiles> files;
    std::unique_ptr<directory::Directory> people;
    std::unique_ptr<Office> office;
};

/// A directory that is there for one test.
class TestDirectory {
public:
    TestDirectory() {
        static std::atomic<int> number = 0;
        path_ = ::testing::TempDir() + "lockstep-office-" + std::to_string(getpid()) + "-" +
                std::to_string(++number);
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_ + "/rows");
    }
    ~TestDirectory() { std::filesystem::remove_all(path_); }
    TestDirectory(const TestDirectory&) = delete;
    TestDirectory& operator=(const TestDirectory&) = delete;
    [[nodiscard]] std::string rows() const { return path_ + "/rows"; }
    [[nodiscard]] std::string blobs() const { return path_ + "/blobs"; }

private:
    std::string path_;
};

/// Two people in the first file, two in the second.
class OfficeTest : public ::testing::Test {
protected:
    OfficeTest() {
        log::set_level(log::Level::off);
        // The first account number that a directory gives out is 1: 1 and 3 share a file of two.
        EXPECT_TRUE(block_on(house->people->add_domain("example.org")).has_value());
        anna = house->add("anna@example.org");
        bert = house->add("bert@example.org");
        carl = house->add("carl@example.org");
        dora = house->add("dora@example.org");
        EXPECT_TRUE(house->db->same_file(anna.id, carl.id));
        EXPECT_FALSE(house->db->same_file(anna.id, bert.id));
    }
    /// The process dies, and another one starts on the same store.
    void crash() {
        house.reset();
        house = std::make_unique<House>(place.rows(), place.blobs());
    }
    Office& office() { return *house->office; }

    TestDirectory place;
    std::unique_ptr<House> house = std::make_unique<House>(place.rows(), place.blobs());
    directory::Account anna, bert, carl, dora;
};

} // namespace lockstep::office::testing
