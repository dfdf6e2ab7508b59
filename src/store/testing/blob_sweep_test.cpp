#include "store/blob_files.hpp"

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/testing/sim_file_system.hpp"

namespace lockstep::store::testing {
namespace {

constexpr const char* kTop = "/data/blobs";

std::string file_of_blob(const Hash& hash) {
    const auto name = hash.hex();
    return std::string(kTop) + "/" + name.substr(0, 2) + "/" + name.substr(2, 2) + "/" + name;
}

Result<bool> never_referenced(const Hash&) { return false; }

} // namespace

TEST(BlobSweep, RemovesAfterTwoGenerationsOnly) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kTop).value();
    const auto orphan = files->put("orphan").value().hash();
    const auto kept = files->put("kept").value().hash();
    const auto is_referenced = [&](const Hash& hash) -> Result<bool> { return hash == kept; };
    SweepState state;
    auto report = files->sweep(state, is_referenced).value();
    EXPECT_EQ(report.seen, 2U);
    EXPECT_EQ(report.removed, 0U);
    EXPECT_EQ(report.candidates, 1U);
    report = files->sweep(state, is_referenced).value();
    EXPECT_EQ(report.removed, 1U);
    EXPECT_EQ(report.bytes, 6U);
    EXPECT_EQ(report.generation, 2U);
    EXPECT_EQ(files->size(orphan).error().code, Code::not_found);
    EXPECT_TRUE(files->verify(kept));
    report = files->sweep(state, is_referenced).value();
    EXPECT_EQ(report.seen, 1U);
    EXPECT_EQ(report.removed, 0U);
}

TEST(BlobSweep, ABlobThatWasReferencedInBetweenStartsAnew) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kTop).value();
    ASSERT_TRUE(files->put("text"));
    bool referenced = false;
    const auto is_referenced = [&](const Hash&) -> Result<bool> { return referenced; };
    SweepState state;
    ASSERT_TRUE(files->sweep(state, is_referenced));
    referenced = true;
    ASSERT_TRUE(files->sweep(state, is_referenced));
    referenced = false;
    EXPECT_EQ(files->sweep(state, is_referenced).value().removed, 0U);
    EXPECT_EQ(files->sweep(state, is_referenced).value().removed, 1U);
}

TEST(BlobSweep, KeepsWhatIsPinnedAndLooksTwice) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kTop).value();
    SweepState state;
    {
        const auto pin = files->put("text").value();
        for (int i = 0; i < 3; ++i) {
            const auto report = files->sweep(state, never_referenced).value();
            EXPECT_EQ(report.pinned, 1U);
            EXPECT_EQ(report.removed, 0U);
        }
    }
    EXPECT_EQ(files->sweep(state, never_referenced).value().removed, 0U);
    // The row is committed, and the pin dropped, between the first look and the second.
    int looks = 0;
    const auto on_second_look = [&](const Hash&) -> Result<bool> { return ++looks == 2; };
    EXPECT_EQ(files->sweep(state, on_second_look).value().removed, 0U);
    EXPECT_EQ(looks, 2);
    EXPECT_EQ(files->sweep(state, never_referenced).value().removed, 0U);
    EXPECT_EQ(files->sweep(state, never_referenced).value().removed, 1U);
}

TEST(BlobSweep, LeavesTheStateWhenItFails) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kTop).value();
    ASSERT_TRUE(files->put("text"));
    SweepState state;
    ASSERT_TRUE(files->sweep(state, never_referenced));
    const auto failing = [](const Hash&) -> Result<bool> {
        return fail(Code::unavailable, "database is closing");
    };
    EXPECT_EQ(files->sweep(state, failing).error().code, Code::unavailable);
    EXPECT_EQ(state.generation, 1U);
    EXPECT_EQ(state.candidates.size(), 1U);
    // Not left as dying: a put is not blocked.
    EXPECT_TRUE(files->put("text"));
}

TEST(BlobSweep, LeavesForeignFilesAlone) {
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kTop).value();
    const auto path = file_of_blob(files->put("text").value().hash());
    const std::string_view pieces[] = {"note"};
    ASSERT_TRUE(disk.write_file(parent_of(path) + "/README", pieces));
    ASSERT_TRUE(disk.write_file(std::string(kTop) + "/lost+found", pieces));
    ASSERT_TRUE(disk.write_file(parent_of(path) + "/" + blake2b256("elsewhere").hex(), pieces));
    SweepState state;
    ASSERT_TRUE(files->sweep(state, never_referenced));
    const auto report = files->sweep(state, never_referenced).value();
    EXPECT_EQ(report.foreign, 3U);
    EXPECT_EQ(report.removed, 1U);
    EXPECT_TRUE(disk.exists(parent_of(path) + "/README").value());
}

TEST(BlobSweep, R10NoClockTakesPart) {
    // On the real disk: files from 1970 and from 2100 go and stay by generation alone.
    std::string directory = ::testing::TempDir() + "lockstep-sweep-XXXXXX";
    ASSERT_NE(::mkdtemp(directory.data()), nullptr);
    const auto files = BlobFiles::open(posix_file_system(), directory + "/blobs").value();
    std::vector<Hash> blobs;
    for (const std::string text : {"old", "new", "kept"}) {
        blobs.push_back(files->put(text).value().hash());
        const auto name = blobs.back().hex();
        const auto path =
            directory + "/blobs/" + name.substr(0, 2) + "/" + name.substr(2, 2) + "/" + name;
        const std::time_t time = text == "old" ? 0 : 4'102'444'800;
        const timespec times[] = {{time, 0}, {time, 0}};
        ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    }
    const auto is_referenced = [&](const Hash& hash) -> Result<bool> { return hash == blobs[2]; };
    SweepState state;
    EXPECT_EQ(files->sweep(state, is_referenced).value().removed, 0U);
    EXPECT_TRUE(files->verify(blobs[0]));
    EXPECT_EQ(files->sweep(state, is_referenced).value().removed, 2U);
    EXPECT_EQ(files->read(blobs[2]).value(), "kept");
    EXPECT_EQ(files->read(blobs[0]).error().code, Code::not_found);
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
}

TEST(BlobSweep, HammerOfPutsAndSweepsNeverRemovesAReferencedBlob) {
    // Threads put, "commit" to a shared set, check, and un-reference few contents over and over,
    // while one sweeps.
    constexpr int kContents = 6;
    SimFileSystem disk;
    const auto files = BlobFiles::open(disk, kTop).value();
    std::mutex mutex;
    std::multiset<Hash> rows;
    std::atomic<bool> stop{false};
    std::atomic<int> lost{0};
    std::atomic<std::uint64_t> removed{0};
    const auto is_referenced = [&](const Hash& hash) -> Result<bool> {
        const std::lock_guard lock(mutex);
        return rows.contains(hash);
    };
    const auto worker = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int round = 0; round < 400; ++round) {
            const auto text = "content " + std::to_string(random() % kContents);
            auto pin = random() % 4 == 0 ? files->pin(blake2b256(text)) : files->put(text);
            if (!pin)
                continue;
            const auto hash = pin->hash();
            {
                const std::lock_guard lock(mutex);
                rows.insert(hash);
            }
            *pin = Pin();
            if (random() % 2 == 0)
                std::this_thread::yield();
            if (!files->verify(hash))
                ++lost;
            const std::lock_guard lock(mutex);
            rows.erase(rows.find(hash));
        }
    };
    std::thread sweeper([&] {
        SweepState state;
        while (!stop) {
            const auto report = files->sweep(state, is_referenced);
            if (report)
                removed += report->removed;
        }
    });
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < 3; ++i)
        workers.emplace_back(worker, i + 1);
    for (auto& thread : workers)
        thread.join();
    stop = true;
    sweeper.join();
    EXPECT_EQ(lost.load(), 0);
    EXPECT_GT(removed.load(), 0U);
}

} // namespace lockstep::store::testing
