// The reserve on a disk of numbers, and its file on the real one.
#include "store/reserve.hpp"

#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file_system.hpp"

namespace lockstep::store {
namespace {

class NumberedSpace final : public Space {
public:
    Bytes disk{1ULL << 40, 1ULL << 40};
    std::map<std::string, std::uint64_t> files;
    Result<Bytes> look(const std::string& /*directory*/) override { return disk; }
    Result<> take(const std::string& path, std::uint64_t bytes) override {
        const auto there = files[path];
        if (bytes > disk.free + there)
            return fail(Code::unavailable, "no room");
        disk.free = disk.free + there - bytes;
        files[path] = bytes;
        return {};
    }
    Result<> give(const std::string& path) override {
        disk.free += files[path];
        files.erase(path);
        return {};
    }
};

TEST(Reserve, R5_IsGivenUpWhenTheDiskIsAlmostFullAndTakenBackWhenThereIsRoom) {
    NumberedSpace space;
    bool grows = false;
    Reserve reserve(space, "/data", [&](bool may) { grows = may; });
    reserve.look();
    EXPECT_TRUE(grows);
    EXPECT_EQ(space.files.at("/data/reserve"), Reserve::kMostBytes);

    space.disk.free = Reserve::kMostBytes / 4 - 1;
    reserve.look();
    EXPECT_FALSE(grows);
    EXPECT_TRUE(reserve.low());
    EXPECT_TRUE(space.files.empty());
    EXPECT_GT(space.disk.free, Reserve::kMostBytes);

    // What was set free is not taken for new room.
    reserve.look();
    EXPECT_FALSE(grows);

    space.disk.free = 3 * Reserve::kMostBytes;
    reserve.look();
    EXPECT_TRUE(grows);
    EXPECT_FALSE(reserve.low());
    EXPECT_EQ(space.files.size(), 1U);
}

TEST(Reserve, R5_ACommitThatFindsTheDiskFullSetsTheRoomFreeAtOnce) {
    NumberedSpace space;
    bool grows = false;
    Reserve reserve(space, "/data", [&](bool may) { grows = may; });
    reserve.look();
    reserve.give_up();
    EXPECT_FALSE(grows);
    EXPECT_TRUE(space.files.empty());
}

TEST(Reserve, IsSmallOnASmallDisk) {
    NumberedSpace space;
    space.disk = {64ULL << 20, 64ULL << 20};
    Reserve reserve(space, "/data", [](bool) {});
    reserve.look();
    EXPECT_EQ(space.files.at("/data/reserve"), 1ULL << 20);
}

TEST(Reserve, HasBlocksOfItsOwnOnTheRealDisk) {
    const auto path =
        std::filesystem::temp_directory_path() / ("lockstep_reserve_" + std::to_string(::getpid()));
    auto& space = posix_space();
    ASSERT_TRUE(space.take(path.string(), 1 << 20));
    EXPECT_EQ(std::filesystem::file_size(path), 1U << 20);
    ASSERT_TRUE(space.take(path.string(), 1 << 20));
    ASSERT_TRUE(space.take(path.string(), 1 << 16));
    EXPECT_EQ(std::filesystem::file_size(path), 1U << 16);
    ASSERT_TRUE(space.give(path.string()));
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(space.give(path.string()));
    EXPECT_FALSE(space.take("/nowhere/at/all", 1));
    const auto disk = space.look("/");
    ASSERT_TRUE(disk);
    EXPECT_GT(disk->total, 0U);
}

} // namespace
} // namespace lockstep::store
