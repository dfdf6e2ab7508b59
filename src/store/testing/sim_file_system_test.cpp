#include "store/testing/sim_file_system.hpp"

#include <set>

#include <gtest/gtest.h>

namespace lockstep::store::testing {
namespace {

void write(SimFileSystem& disk, const std::string& path, std::string_view text) {
    const std::string_view pieces[] = {text};
    ASSERT_TRUE(disk.write_file(path, pieces));
}

std::string text_of(SimFileSystem& disk, const std::string& path) {
    return disk.read(path, 0, 1U << 20U).value_or("(none)");
}

} // namespace

TEST(SimFileSystem, BehavesAsADiskWhileThePowerIsOn) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data/a"));
    write(disk, "/data/a/f", "hello");
    EXPECT_EQ(disk.create("/data/a/f").error().code, Code::exists);
    EXPECT_EQ(disk.create("/none/f").error().code, Code::not_found);
    EXPECT_EQ(disk.size("/data/a/f").value(), 5U);
    EXPECT_EQ(disk.read("/data/a/f", 1, 3).value(), "ell");
    ASSERT_TRUE(disk.rename("/data/a/f", "/data/g"));
    EXPECT_EQ(disk.list("/data").value(), (std::vector<std::string>{"a", "g"}));
    EXPECT_TRUE(disk.list("/data/a").value().empty());
    ASSERT_TRUE(disk.remove("/data/g"));
    EXPECT_EQ(disk.remove("/data/g").error().code, Code::not_found);
    EXPECT_EQ(disk.size("/data").error().code, Code::not_found);
}

TEST(SimFileSystem, R3ForgetsAFileWhoseDirectoryWasNotSynced) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data"));
    write(disk, "/data/f", "hello");
    EXPECT_EQ(text_of(*disk.image(Forget::everything, 1), "/data/f"), "(none)");
    EXPECT_EQ(text_of(*disk.image(Forget::nothing, 1), "/data/f"), "hello");
    ASSERT_TRUE(disk.sync_directory("/data"));
    for (const auto forget : kForgets)
        EXPECT_EQ(text_of(*disk.image(forget, 1), "/data/f"), "hello");
}

TEST(SimFileSystem, R3ForgetsContentThatWasNotSynced) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data"));
    auto file = disk.open("/data/f", true).value();
    ASSERT_TRUE(disk.sync_directory("/data"));
    ASSERT_TRUE(file.write(0, std::string(2048, 'a')));
    EXPECT_EQ(text_of(*disk.image(Forget::everything, 1), "/data/f"), "");
    std::set<std::string> prefixes;
    std::set<std::string> torn;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        prefixes.insert(text_of(*disk.image(Forget::after_prefix, seed), "/data/f"));
        torn.insert(text_of(*disk.image(Forget::torn, seed), "/data/f"));
    }
    for (const auto& text : prefixes)
        EXPECT_EQ(text, std::string(text.size(), 'a'));
    EXPECT_GT(prefixes.size(), 10U);
    // Four sectors, each there or not: 16 outcomes, of which 50 draws see most.
    EXPECT_GT(torn.size(), 10U);
    EXPECT_LE(torn.size(), 16U);
    EXPECT_TRUE(
        torn.contains(std::string(512, 'a') + std::string(512, '\0') + std::string(1024, 'a'))
    );
    ASSERT_TRUE(file.sync());
    for (const auto forget : kForgets)
        EXPECT_EQ(text_of(*disk.image(forget, 1), "/data/f").size(), 2048U);
}

TEST(SimFileSystem, KeepsARenameWhollyOrNotAtAll) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data"));
    write(disk, "/data/old", "new text");
    write(disk, "/data/f", "old text");
    ASSERT_TRUE(disk.sync_directory("/data"));
    ASSERT_TRUE(disk.rename("/data/old", "/data/f"));
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto after = disk.image(Forget::torn, seed);
        seen.insert(text_of(*after, "/data/f") + (after->exists("/data/old").value() ? "+" : ""));
    }
    EXPECT_EQ(seen, (std::set<std::string>{"new text", "old text+"}));
}

TEST(SimFileSystem, LosesWhatIsBelowALostDirectory) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directory("/data"));
    write(disk, "/data/f", "x");
    ASSERT_TRUE(disk.sync_directory("/data"));
    EXPECT_EQ(text_of(*disk.image(Forget::everything, 1), "/data/f"), "(none)");
    ASSERT_TRUE(disk.sync_directory("/"));
    EXPECT_EQ(text_of(*disk.image(Forget::everything, 1), "/data/f"), "x");
}

TEST(SimFileSystem, PowerOffStrikesAtTheOperationAndLeavesHandlesDead) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data"));
    auto file = disk.open("/data/f", true).value();
    disk.inject(Fault::power_off, disk.operations() + 2);
    EXPECT_TRUE(file.write(0, "one"));
    EXPECT_EQ(file.write(3, "two").error().code, Code::closed);
    EXPECT_TRUE(disk.is_off());
    EXPECT_EQ(disk.exists("/data").error().code, Code::closed);
    EXPECT_EQ(file.sync().error().code, Code::closed);
    disk.reboot(Forget::nothing, 1);
    EXPECT_EQ(text_of(disk, "/data/f"), "onetwo");
    EXPECT_EQ(file.write(0, "x").error().code, Code::closed);
    EXPECT_EQ(file.size().error().code, Code::closed);
    // The kernel lived on, but nothing was made durable by that.
    disk.reboot(Forget::everything, 1);
    EXPECT_EQ(text_of(disk, "/data/f"), "(none)");
}

TEST(SimFileSystem, R4AFailedSyncIsNotMadeGoodByAnother) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data"));
    auto file = disk.open("/data/f", true).value();
    ASSERT_TRUE(disk.sync_directory("/data"));
    ASSERT_TRUE(file.write(0, "lost"));
    disk.inject(Fault::io_error, disk.operations() + 1);
    EXPECT_EQ(file.sync().error().code, Code::corrupt);
    EXPECT_TRUE(disk.has_failed());
    EXPECT_TRUE(file.sync());
    EXPECT_EQ(text_of(disk, "/data/f"), "lost");
    EXPECT_EQ(text_of(*disk.image(Forget::everything, 1), "/data/f"), "");
}

TEST(SimFileSystem, R5FullDiskRefusesGrowthOnlyUntilThereIsRoom) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.make_directories("/data"));
    auto file = disk.open("/data/f", true).value();
    ASSERT_TRUE(file.write(0, "12345"));
    disk.inject(Fault::no_space, disk.operations() + 1, true);
    EXPECT_EQ(file.append("6").error().code, Code::unavailable);
    EXPECT_EQ(disk.create("/data/g").error().code, Code::unavailable);
    EXPECT_TRUE(file.write(0, "abcde"));
    EXPECT_TRUE(file.sync());
    EXPECT_TRUE(disk.sync_directory("/data"));
    disk.clear_fault();
    EXPECT_TRUE(file.append("6"));
    EXPECT_EQ(text_of(disk, "/data/f"), "abcde6");
}

TEST(SimFileSystem, CountsChangesAndNotReads) {
    SimFileSystem disk;
    std::vector<std::uint64_t> seen;
    disk.on_operation([&](std::uint64_t number) { seen.push_back(number); });
    ASSERT_TRUE(disk.make_directory("/data"));
    ASSERT_TRUE(disk.sync_directory("/"));
    write(disk, "/data/f", "x");
    (void)text_of(disk, "/data/f");
    (void)disk.list("/data");
    // mkdir, sync /, create, append, sync.
    EXPECT_EQ(disk.operations(), 5U);
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

} // namespace lockstep::store::testing
