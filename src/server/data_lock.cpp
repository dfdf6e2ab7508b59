// flock() on a file that is never removed: removing it would let two processes lock two files of
// one name.
#include "server/data_lock.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/file_system.hpp"

namespace lockstep::server {

Result<DataLock> DataLock::take(const std::filesystem::path& data) {
    CHECK_OK(posix_file_system().make_directories(data.string()));
    const auto path = data / "lock";
    net::OwnedDescriptor file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)
    );
    if (!file)
        return fail(
            Code::unavailable,
            fmt::format("{}: {}", path.string(), std::generic_category().message(errno))
        );
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(
            Code::conflict,
            fmt::format("another process has the data directory {} open", data.string())
        );
    }
    return DataLock(std::move(file));
}

} // namespace lockstep::server
