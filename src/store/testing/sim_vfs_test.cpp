#include "store/testing/sim_vfs.hpp"

#include <memory>
#include <set>
#include <string>
#include <thread>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace lockstep::store::testing {
namespace {

constexpr const char* kFile = "/data/test.db";

/// A bare connection: the store's own is not used, so that the model is proven without it.
class Connection {
public:
    Connection(
        const SimVfs& vfs, const std::string& synchronous, const std::string& journal = "WAL"
    ) {
        constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        good_ = sqlite3_open_v2(kFile, &db_, kFlags, vfs.name().c_str()) == SQLITE_OK;
        sqlite3_busy_timeout(db_, 5'000);
        good_ = good_ && run("PRAGMA journal_mode=" + journal) &&
                run("PRAGMA synchronous=" + synchronous) && run("PRAGMA wal_autocheckpoint=8");
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { sqlite3_close_v2(db_); }

    bool run(const std::string& sql) {
        return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    /// First column of all rows; "error" when the statement fails.
    std::multiset<std::string> rows(const std::string& sql) {
        std::multiset<std::string> found;
        const auto add = [](void* out, int, char** values, char**) {
            static_cast<std::multiset<std::string>*>(out)->insert(
                values[0] != nullptr ? values[0] : ""
            );
            return 0;
        };
        if (sqlite3_exec(db_, sql.c_str(), add, &found, nullptr) != SQLITE_OK)
            found.insert("error");
        return found;
    }
    [[nodiscard]] bool good() const { return good_; }

private:
    sqlite3* db_ = nullptr;
    bool good_ = false;
};

/// A store's first start: the file with its table, and its name made durable as every careful
/// program does.
bool make_database(SimFileSystem& disk, const SimVfs& vfs, const std::string& journal = "WAL") {
    if (!disk.make_directories("/data"))
        return false;
    Connection db(vfs, "FULL", journal);
    return db.good() && db.run("CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)") &&
           disk.sync_directory("/data").has_value();
}

/// Rounds of one transaction with two rows each (that must appear together); answers how many were
/// acknowledged.
int work(const SimVfs& vfs, const std::string& synchronous, int rounds) {
    Connection db(vfs, synchronous);
    int acknowledged = 0;
    for (int i = 1; i <= rounds; ++i) {
        const std::string padding(static_cast<std::size_t>(300 + 137 * i % 3'000), 'x');
        const bool done =
            db.run("BEGIN IMMEDIATE") &&
            db.run(fmt::format("INSERT INTO t VALUES({}, '{}')", 2 * i, padding)) &&
            db.run(fmt::format("INSERT INTO t VALUES({}, '{}')", 2 * i + 1, padding)) &&
            db.run("COMMIT");
        if (!done)
            break;
        acknowledged = i;
    }
    return acknowledged;
}

struct Outcome {
    int lost = 0;   ///< crashes after which an acknowledged transaction was missing
    int broken = 0; ///< crashes after which the database was damaged or a transaction was halved
    int crashes = 0;
};

void check(
    SimFileSystem& disk, int acknowledged, Outcome& outcome, const std::string& journal = "WAL"
) {
    const SimVfs vfs(disk, 99);
    Connection db(vfs, "FULL", journal);
    ++outcome.crashes;
    const bool sound = db.rows("PRAGMA integrity_check") == std::multiset<std::string>{"ok"};
    const auto count = db.rows("SELECT count(*) FROM t");
    const auto halves = db.rows("SELECT id FROM t GROUP BY id/2 HAVING count(*) <> 2");
    if (!sound || count.contains("error") || !halves.empty()) {
        ++outcome.broken;
    } else if (std::stoi(*count.begin()) < 2 * acknowledged) {
        ++outcome.lost;
    }
}

/// The classical proof: power lost at every operation of the workload, with every way to forget.
Outcome crash_everywhere(const std::string& synchronous, std::uint64_t stride = 1) {
    Outcome outcome;
    bool done = false;
    for (std::uint64_t nth = 1; !done; nth += stride) {
        for (const auto forget : kForgets) {
            SimFileSystem disk;
            SimVfs vfs(disk);
            if (!make_database(disk, vfs))
                ADD_FAILURE() << "no database";
            disk.inject(Fault::power_off, disk.operations() + nth);
            const int acknowledged = work(vfs, synchronous, 12);
            done = !disk.is_off();
            disk.reboot(forget, nth);
            vfs.reboot();
            check(disk, acknowledged, outcome);
        }
    }
    return outcome;
}

} // namespace

TEST(SimVfs, D1WalWithFullLosesNothingAcknowledgedAtAnyOperation) {
    const auto outcome = crash_everywhere("FULL");
    EXPECT_EQ(outcome.lost, 0);
    EXPECT_EQ(outcome.broken, 0);
    EXPECT_GT(outcome.crashes, 200);
}

TEST(SimVfs, TheModelCatchesNormalLosingAcknowledgedTransactions) {
    const auto outcome = crash_everywhere("NORMAL", 3);
    EXPECT_GT(outcome.lost, 0);
    EXPECT_EQ(outcome.broken, 0);
}

TEST(SimVfs, TheModelCatchesOffBreakingTheDatabase) {
    const auto outcome = crash_everywhere("OFF", 3);
    EXPECT_GT(outcome.lost + outcome.broken, 0);
}

TEST(SimVfs, D1HoldsForImagesTakenWhileTheWorkloadGoesOn) {
    SimFileSystem disk;
    const SimVfs vfs(disk);
    ASSERT_TRUE(make_database(disk, vfs));
    Outcome outcome;
    int acknowledged = 0;
    disk.on_operation([&](std::uint64_t number) {
        for (const auto forget : kForgets)
            check(*disk.image(forget, number), acknowledged, outcome);
    });
    Connection db(vfs, "FULL");
    for (int i = 1; i <= 6; ++i) {
        ASSERT_TRUE(db.run(fmt::format("INSERT INTO t VALUES({}, 'x'), ({}, 'y')", 2 * i, 2 * i + 1)
        ));
        acknowledged = i;
    }
    disk.on_operation({});
    EXPECT_EQ(outcome.lost, 0);
    EXPECT_EQ(outcome.broken, 0);
    EXPECT_GT(outcome.crashes, 40);
}

TEST(SimVfs, R4AnInputOutputErrorNeverEndsInAFalseAcknowledgement) {
    bool done = false;
    for (std::uint64_t nth = 1; !done; ++nth) {
        SimFileSystem disk;
        SimVfs vfs(disk);
        ASSERT_TRUE(make_database(disk, vfs));
        disk.inject(Fault::io_error, disk.operations() + nth);
        // The workload stops at the first error, as the store does.
        const int acknowledged = work(vfs, "FULL", 12);
        done = !disk.has_failed();
        disk.reboot(Forget::everything, nth);
        vfs.reboot();
        Outcome outcome;
        check(disk, acknowledged, outcome);
        ASSERT_EQ(outcome.lost + outcome.broken, 0) << "operation " << nth;
    }
}

TEST(SimVfs, R5AFullDiskIsSaidAndPasses) {
    SimFileSystem disk;
    const SimVfs vfs(disk);
    ASSERT_TRUE(make_database(disk, vfs));
    Connection db(vfs, "FULL");
    ASSERT_TRUE(db.run("INSERT INTO t VALUES(1, 'x')"));
    disk.inject(Fault::no_space, disk.operations() + 1, true);
    EXPECT_FALSE(db.run("INSERT INTO t VALUES(2, 'x')"));
    EXPECT_EQ(db.rows("SELECT id FROM t"), std::multiset<std::string>{"1"});
    disk.clear_fault();
    EXPECT_TRUE(db.run("INSERT INTO t VALUES(2, 'x')"));
    EXPECT_EQ(db.rows("PRAGMA integrity_check"), std::multiset<std::string>{"ok"});
}

TEST(SimVfs, LocksKeepWritersApartAndLetReadersIn) {
    SimFileSystem disk;
    const SimVfs vfs(disk);
    ASSERT_TRUE(make_database(disk, vfs));
    Connection one(vfs, "FULL");
    Connection two(vfs, "FULL");
    ASSERT_TRUE(one.run("BEGIN IMMEDIATE"));
    ASSERT_TRUE(one.run("INSERT INTO t VALUES(1, 'x')"));
    ASSERT_TRUE(two.run("PRAGMA busy_timeout=1"));
    EXPECT_FALSE(two.run("BEGIN IMMEDIATE"));
    EXPECT_TRUE(two.rows("SELECT id FROM t").empty());
    ASSERT_TRUE(one.run("COMMIT"));
    EXPECT_EQ(two.rows("SELECT id FROM t"), std::multiset<std::string>{"1"});
    EXPECT_TRUE(two.run("INSERT INTO t VALUES(2, 'x')"));
}

namespace {

/// The same proof for rollback journals, whose removal is the commit.
Outcome crash_rollback_journal(const std::string& synchronous) {
    Outcome outcome;
    for (std::uint64_t nth = 1; nth < 20; ++nth) {
        for (const auto forget : kForgets) {
            SimFileSystem disk;
            SimVfs vfs(disk);
            if (!make_database(disk, vfs, "DELETE"))
                ADD_FAILURE() << "no database";
            bool acknowledged = false;
            {
                Connection db(vfs, synchronous, "DELETE");
                if (!db.run("INSERT INTO t VALUES(2, 'x'), (3, 'y')"))
                    ADD_FAILURE() << "no first row";
                disk.inject(Fault::power_off, disk.operations() + nth);
                acknowledged = db.run("INSERT INTO t VALUES(4, 'x'), (5, 'y')");
            }
            disk.reboot(forget, nth);
            vfs.reboot();
            check(disk, acknowledged ? 2 : 1, outcome, "DELETE");
        }
    }
    return outcome;
}

} // namespace

TEST(SimVfs, TheModelTellsExtraFromFullForRollbackJournals) {
    // SQLite documents that FULL does not sync the directory after the journal's removal and that
    // EXTRA does: a journal that comes back takes the transaction with it.
    const auto extra = crash_rollback_journal("EXTRA");
    EXPECT_EQ(extra.lost, 0);
    EXPECT_EQ(extra.broken, 0);
    const auto full = crash_rollback_journal("FULL");
    EXPECT_GT(full.lost, 0);
    EXPECT_EQ(full.broken, 0);
}

TEST(SimVfs, SeveralThreadsReadWhileOneWrites) {
    SimFileSystem disk;
    const SimVfs vfs(disk);
    ASSERT_TRUE(make_database(disk, vfs));
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    const auto reader = [&] {
        Connection db(vfs, "FULL");
        while (!stop) {
            const auto halves = db.rows("SELECT id FROM t GROUP BY id/2 HAVING count(*) <> 2");
            if (!halves.empty())
                ++wrong;
        }
    };
    std::thread one(reader);
    std::thread two(reader);
    EXPECT_EQ(work(vfs, "FULL", 200), 200);
    stop = true;
    one.join();
    two.join();
    EXPECT_EQ(wrong.load(), 0);
    Connection db(vfs, "FULL");
    EXPECT_EQ(db.rows("PRAGMA integrity_check"), std::multiset<std::string>{"ok"});
    EXPECT_EQ(db.rows("SELECT count(*) FROM t"), std::multiset<std::string>{"400"});
}

} // namespace lockstep::store::testing
