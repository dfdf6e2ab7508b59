// The reserve file on the real disk, and when it is given up and taken back.
#include "store/reserve.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.hpp"

namespace lockstep::store {
namespace {

class PosixSpace final : public Space {
public:
    Result<Bytes> look(const std::string& directory) override {
        struct statvfs status{};
        if (::statvfs(directory.c_str(), &status) != 0)
            return failed("cannot look at", directory, errno);
        return Bytes{status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize};
    }
    Result<> take(const std::string& path, std::uint64_t bytes) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0 &&
            static_cast<std::uint64_t>(status.st_size) == bytes)
            return {};
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file < 0)
            return failed("cannot make", path, errno);
        // Truncated first: a file of another disk's size, or one that was cut by a crash.
        int number = ::ftruncate(file, 0) == 0 ? 0 : errno;
        if (number == 0)
            number = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
        ::close(file);
        if (number == 0)
            return {};
        ::unlink(path.c_str());
        return failed("cannot allocate", path, number);
    }
    Result<> give(const std::string& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT)
            return failed("cannot remove", path, errno);
        return {};
    }

private:
    static std::unexpected<Error>
    failed(std::string_view what, const std::string& path, int number) {
        return fail(
            Code::unavailable,
            fmt::format("{} {}: {}", what, path, std::generic_category().message(number))
        );
    }
};

std::uint64_t reserve_bytes(const Space::Bytes& disk) {
    return std::min(Reserve::kMostBytes, disk.total / Reserve::kPartOfDisk);
}

} // namespace

Space& posix_space() {
    static PosixSpace space;
    return space;
}

Reserve::Reserve(Space& space, const std::string& directory, std::function<void(bool)> growth)
    : space_(space), directory_(directory), path_(directory + "/reserve"),
      growth_(std::move(growth)) {}

bool Reserve::low() {
    const std::lock_guard lock(mutex_);
    return low_;
}

void Reserve::give_up() {
    const std::lock_guard lock(mutex_);
    const auto disk = space_.look(directory_);
    give_up_locked(disk ? disk->free : 0);
}

void Reserve::give_up_locked(std::uint64_t free) {
    if (!low_)
        log::error(
            "store.disk_low",
            {{"free", free},
             {"text", "the disk is almost full: nothing new is taken until there is room"}}
        );
    low_ = true;
    growth_(false);
    if (const auto given = space_.give(path_); !given)
        log::error("store.reserve_kept", {{"reason", given.error().text}});
}

void Reserve::look() {
    const std::lock_guard lock(mutex_);
    const auto disk = space_.look(directory_);
    if (!disk) {
        log::warn("store.disk_unknown", {{"reason", disk.error().text}});
        return;
    }
    const auto wanted = reserve_bytes(*disk);
    if (disk->free < wanted / 4) {
        give_up_locked(disk->free);
        return;
    }
    // Back only when there is room for the reserve and as much again: no flutter at the edge.
    if (low_ && disk->free < 2 * wanted)
        return;
    if (const auto taken = space_.take(path_, wanted); !taken) {
        log::warn("store.no_reserve", {{"reason", taken.error().text}});
        if (low_)
            return;
    }
    if (low_)
        log::info("store.disk_ok", {{"free", disk->free}});
    low_ = false;
    growth_(true);
}

} // namespace lockstep::store
