#include "base/file_system.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lockstep {
namespace {

/// A directory of its own on the real disk, gone at the end.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name =
            (std::filesystem::temp_directory_path() / "lockstep-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data()) != nullptr ? name : std::string();
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string operator/(std::string_view name) const {
        return path_ + "/" + std::string(name);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

} // namespace

TEST(FileSystem, ParentOfIsTheDirectoryPart) {
    EXPECT_EQ(parent_of("/a/b/c"), "/a/b");
    EXPECT_EQ(parent_of("/a/b/"), "/a");
    EXPECT_EQ(parent_of("/a"), "/");
    EXPECT_EQ(parent_of("/"), "/");
    EXPECT_EQ(parent_of("a/b"), "a");
    EXPECT_EQ(parent_of("a"), ".");
}

TEST(FileSystem, WritesPiecesAndReadsAnyRange) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    const std::string_view pieces[] = {"Hello, ", "", "world"};
    ASSERT_TRUE(disk.write_file(directory / "f", pieces));
    EXPECT_EQ(disk.size(directory / "f").value(), 12U);
    EXPECT_EQ(disk.read(directory / "f", 0, 100).value(), "Hello, world");
    EXPECT_EQ(disk.read(directory / "f", 7, 3).value(), "wor");
    EXPECT_EQ(disk.read(directory / "f", 12, 3).value(), "");
    EXPECT_EQ(disk.read(directory / "f", 1'000'000, 3).value(), "");
    // A length beyond reason costs no memory, since the file's size bounds it.
    EXPECT_EQ(disk.read(directory / "f", 0, std::size_t{1} << 60U).value(), "Hello, world");
}

TEST(FileSystem, NewFilesAreTheOwnersAlone) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    ASSERT_TRUE(disk.write_file(directory / "f", {}));
    ASSERT_TRUE(disk.make_directory(directory / "d"));
    struct stat status{};
    ASSERT_EQ(::stat((directory / "f").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0077U, 0U);
    ASSERT_EQ(::stat((directory / "d").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0077U, 0U);
}

TEST(FileSystem, NamesErrorsByKind) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    EXPECT_EQ(disk.read(directory / "none", 0, 1).error().code, Code::not_found);
    EXPECT_EQ(disk.size(directory / "none").error().code, Code::not_found);
    EXPECT_EQ(disk.size(directory.path()).error().code, Code::not_found);
    EXPECT_EQ(disk.remove(directory / "none").error().code, Code::not_found);
    EXPECT_EQ(disk.rename(directory / "none", directory / "x").error().code, Code::not_found);
    EXPECT_EQ(disk.list(directory / "none").error().code, Code::not_found);
    EXPECT_EQ(disk.sync_directory(directory / "none").error().code, Code::not_found);
    EXPECT_EQ(disk.create(directory / "no/file").error().code, Code::not_found);
    ASSERT_TRUE(disk.write_file(directory / "f", {}));
    EXPECT_EQ(disk.create(directory / "f").error().code, Code::exists);
    EXPECT_EQ(disk.make_directory(directory / "f").error().code, Code::exists);
    EXPECT_FALSE(disk.exists(directory / "f/below").value());
}

TEST(FileSystem, RefusesToFollowALinkWhenItMakesAFile) {
    const TemporaryDirectory directory;
    std::filesystem::create_symlink(directory / "target", directory / "link");
    EXPECT_EQ(posix_file_system().create(directory / "link").error().code, Code::exists);
    EXPECT_FALSE(std::filesystem::exists(directory / "target"));
}

TEST(FileSystem, RenamesListsAndRemoves) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    const std::string_view one[] = {"one"};
    const std::string_view two[] = {"two"};
    ASSERT_TRUE(disk.write_file(directory / "a", one));
    ASSERT_TRUE(disk.write_file(directory / "b", two));
    ASSERT_TRUE(disk.rename(directory / "a", directory / "b"));
    ASSERT_TRUE(disk.sync_directory(directory.path()));
    EXPECT_EQ(disk.list(directory.path()).value(), std::vector<std::string>{"b"});
    EXPECT_EQ(disk.read(directory / "b", 0, 9).value(), "one");
    ASSERT_TRUE(disk.remove(directory / "b"));
    EXPECT_TRUE(disk.list(directory.path()).value().empty());
}

TEST(FileSystem, MakesDirectoriesWithTheirParents) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    ASSERT_TRUE(disk.make_directories(directory / "a/b/c"));
    ASSERT_TRUE(disk.make_directories(directory / "a/b/c"));
    EXPECT_TRUE(disk.exists(directory / "a/b/c").value());
}

TEST(FileSystem, R5WriteFileLeavesNothingBehindWhenThereIsNoRoom) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    const std::string much(100'000, 'x');
    const std::string_view pieces[] = {much};
    struct rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old_action = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = before;
    tight.rlim_cur = 4096;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto written = disk.write_file(directory / "f", pieces);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)std::signal(SIGXFSZ, old_action);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::unavailable);
    EXPECT_FALSE(disk.exists(directory / "f").value());
    EXPECT_TRUE(disk.write_file(directory / "f", pieces));
    EXPECT_EQ(disk.size(directory / "f").value(), much.size());
}

TEST(FileSystem, WriteFileKeepsAFileThatWasThereBefore) {
    const TemporaryDirectory directory;
    auto& disk = posix_file_system();
    const std::string_view old_text[] = {"old"};
    ASSERT_TRUE(disk.write_file(directory / "f", old_text));
    EXPECT_EQ(disk.write_file(directory / "f", {}).error().code, Code::exists);
    EXPECT_EQ(disk.read(directory / "f", 0, 9).value(), "old");
}

} // namespace lockstep
