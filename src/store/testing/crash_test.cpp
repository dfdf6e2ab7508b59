// R1, R3, R4, R5: a whole store loses its power, meets I/O errors and runs out of room at every
// operation. The short form takes a sample that differs from seed to seed; LOCKSTEP_LONG=1 takes
// every operation and every way to forget.
#include "store/testing/crash_store.hpp"

#include <atomic>
#include <cstdlib>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/log.hpp"

namespace lockstep::store::testing {
namespace {

bool long_form() {
    const char* wanted = std::getenv("LOCKSTEP_LONG");
    return wanted != nullptr && std::string_view(wanted) == "1";
}

/// Whether this one of many cases is taken: about one in `of`, spread by the seed; in the long form
/// one in `of_long`.
bool taken(std::uint64_t number, std::uint64_t seed, std::uint64_t of, std::uint64_t of_long = 1) {
    return (number * 0x9E3779B97F4A7C15ULL + seed) % (long_form() ? of_long : of) == 0;
}

/// The whole workload on one disk: a first start, and two restarts with work in between.
std::size_t run_all(
    SimFileSystem& disk, Ledger& ledger, std::uint64_t seed,
    int* acknowledged_after_failure = nullptr
) {
    CrashWorkload workload(ledger, seed);
    std::size_t refused = 0;
    for (int start = 0; start < 3; ++start) {
        const auto store = CrashStore::open(disk);
        if (!store)
            return refused + 1;
        if (start == 0 && !workload.prepare(**store))
            return refused + 1;
        refused += workload.run(**store, 12);
        if (acknowledged_after_failure != nullptr)
            *acknowledged_after_failure += (*store)->acknowledged_after_failure();
    }
    return refused;
}

/// Thousands of expected failures would bury the unexpected one.
class Crash : public ::testing::Test {
protected:
    void SetUp() override { log::set_level(log::Level::off); }
    void TearDown() override { log::set_level(log::Level::info); }
};

} // namespace

TEST_F(Crash, TheWorkloadItselfIsSound) {
    SimFileSystem disk;
    Ledger ledger;
    EXPECT_EQ(run_all(disk, ledger, 1), 0U);
    EXPECT_GT(ledger.acknowledgements(), 80U);
    const auto page = ledger.page();
    EXPECT_EQ(examine(disk, page, page), "");
}

TEST_F(Crash, TheOracleSeesALostMailAndAHalvedPair) {
    Ledger ledger;
    const auto a = ledger.intend("a", "a1");
    const auto b = ledger.intend("b", "b1");
    ledger.intend_together({"a", a, "b", b});
    auto page = ledger.page();
    EXPECT_EQ(contradiction(page, page, {}), "");
    EXPECT_EQ(contradiction(page, page, {{"a", "a1"}, {"b", "b1"}}), "");
    EXPECT_NE(contradiction(page, page, {{"a", "a1"}}), "");
    EXPECT_NE(contradiction(page, page, {{"a", "other"}, {"b", "b1"}}), "");
    EXPECT_NE(contradiction(page, page, {{"c", "c1"}}), "");
    ledger.acknowledge("a", a);
    ledger.acknowledge("b", b);
    page = ledger.page();
    EXPECT_NE(contradiction(page, page, {}), "");
}

TEST_F(Crash, R1R3PowerLossAtEveryOperationLosesNothingAcknowledged) {
    for (std::uint64_t seed = 1; seed <= (long_form() ? 2U : 1U); ++seed) {
        SimFileSystem disk;
        Ledger ledger;
        std::atomic<int> examined{0};
        disk.on_operation([&](std::uint64_t number) {
            for (const auto forget : kForgets) {
                if (!taken(
                        number * std::size(kForgets) + static_cast<std::uint64_t>(forget), seed, 101
                    ))
                    continue;
                const auto before = ledger.page();
                const auto left = disk.image(forget, number);
                const auto finding = examine(*left, before, ledger.page());
                ++examined;
                EXPECT_EQ(finding, "")
                    << "seed " << seed << " operation " << number << " forgets " << name_of(forget);
            }
        });
        EXPECT_EQ(run_all(disk, ledger, seed), 0U);
        disk.on_operation({});
        EXPECT_GT(examined.load(), 15);
    }
}

TEST_F(Crash, R1ASecondCrashDuringRecoveryIsHarmless) {
    // The first crash leaves a disk; the store is opened and closed on it, which recovers and
    // checkpoints; the power fails again in the middle of that.
    SimFileSystem disk;
    Ledger ledger;
    std::atomic<int> examined{0};
    disk.on_operation([&](std::uint64_t number) {
        if (!taken(number, 4, 701, 97))
            return;
        const auto before = ledger.page();
        const auto left = disk.image(kForgets[number % std::size(kForgets)], number);
        const auto after = ledger.page();
        left->on_operation([&, recovered = left.get()](std::uint64_t second) {
            if (!taken(second, number, 5))
                return;
            const auto forget = kForgets[second % std::size(kForgets)];
            const auto finding = examine(*recovered->image(forget, second), before, after);
            ++examined;
            EXPECT_EQ(finding, "")
                << "operation " << number << ", then " << second << " forgets " << name_of(forget);
        });
        EXPECT_TRUE(CrashStore::open(*left).has_value());
        left->on_operation({});
    });
    EXPECT_EQ(run_all(disk, ledger, 4), 0U);
    disk.on_operation({});
    EXPECT_GT(examined.load(), 5);
}

TEST_F(Crash, R1NothingIsAcknowledgedAfterThePowerIsOff) {
    SimFileSystem rehearsal;
    Ledger unused;
    ASSERT_EQ(run_all(rehearsal, unused, 1), 0U);
    const auto operations = rehearsal.operations();
    for (std::uint64_t nth = 1; nth <= operations; ++nth) {
        if (!taken(nth, 7, 211))
            continue;
        SimFileSystem disk;
        Ledger ledger;
        disk.inject(Fault::power_off, nth);
        (void)run_all(disk, ledger, 1);
        if (!disk.is_off())
            continue;
        const auto page = ledger.page();
        disk.reboot(Forget::everything, nth);
        EXPECT_EQ(examine(disk, page, page), "") << "operation " << nth;
    }
}

TEST_F(Crash, R4AnInputOutputErrorClosesForWritingAndLosesNothing) {
    SimFileSystem rehearsal;
    Ledger unused;
    ASSERT_EQ(run_all(rehearsal, unused, 2), 0U);
    const auto operations = rehearsal.operations();
    for (std::uint64_t nth = 1; nth <= operations; ++nth) {
        if (!taken(nth, 3, 211))
            continue;
        SimFileSystem disk;
        Ledger ledger;
        disk.inject(Fault::io_error, nth);
        int acknowledged_after_failure = 0;
        (void)run_all(disk, ledger, 2, &acknowledged_after_failure);
        EXPECT_EQ(acknowledged_after_failure, 0) << "operation " << nth;
        const auto page = ledger.page();
        for (const auto forget : {Forget::everything, Forget::nothing}) {
            const auto left = disk.image(forget, nth);
            EXPECT_EQ(examine(*left, page, page), "")
                << "operation " << nth << " forgets " << name_of(forget);
        }
    }
}

TEST_F(Crash, R4AStartThatMeetsAnErrorFailsAndTheNextOneWorks) {
    SimFileSystem rehearsal;
    ASSERT_TRUE(CrashStore::open(rehearsal).has_value());
    const auto operations = rehearsal.operations();
    std::uint64_t failures = 0;
    for (std::uint64_t nth = 1; nth <= operations; ++nth) {
        for (const auto fault : {Fault::io_error, Fault::no_space, Fault::no_handles}) {
            if (!taken(nth * 3 + static_cast<std::uint64_t>(fault), 9, 23))
                continue;
            SimFileSystem disk;
            disk.inject(fault, nth);
            failures += CrashStore::open(disk).has_value() ? 0 : 1;
            disk.clear_fault();
            EXPECT_TRUE(CrashStore::open(disk).has_value()) << "operation " << nth;
        }
    }
    EXPECT_GT(failures, 5U);
}

TEST_F(Crash, R5AFullDiskRefusesThenRecoversWithoutARestart) {
    SimFileSystem rehearsal;
    Ledger unused;
    ASSERT_EQ(run_all(rehearsal, unused, 3), 0U);
    const auto operations = rehearsal.operations();
    for (std::uint64_t nth = 1; nth <= operations; ++nth) {
        if (!taken(nth, 5, 301))
            continue;
        SimFileSystem disk;
        Ledger ledger;
        CrashWorkload workload(ledger, 3);
        const auto store = CrashStore::open(disk);
        ASSERT_TRUE(store.has_value());
        ASSERT_TRUE(workload.prepare(**store));
        disk.inject(Fault::no_space, nth, true);
        const auto refused = workload.run(**store, 20);
        EXPECT_EQ(refused > 0, disk.has_failed()) << "operation " << nth;
        // Reads go on while the disk is full.
        for (const auto account : kAccounts) {
            EXPECT_TRUE((*store)->read(account, [&](Snapshot& snapshot) -> Result<> {
                if (list_collections(snapshot, account).size() != 2)
                    return fail(Code::corrupt, "folders are missing");
                return {};
            }));
        }
        disk.clear_fault();
        EXPECT_EQ(workload.run(**store, 10), 0U) << "operation " << nth;
        const auto page = ledger.page();
        const auto left = disk.image(Forget::everything, nth);
        EXPECT_EQ(examine(*left, page, page), "") << "operation " << nth;
    }
}

} // namespace lockstep::store::testing
