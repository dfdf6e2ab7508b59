// The real disk, by POSIX calls.
// Invariants: every descriptor is O_CLOEXEC; EINTR repeats the call; a short write goes on where it
// stopped. Errors: as in file_system.hpp. ENOSPC and EDQUOT are `unavailable`, since the disk's
// state is known and may get
//   better; EIO is `corrupt`. A failed fsync is `corrupt` unless the disk says that it is full.
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>

#include "base/file_system.hpp"

namespace lockstep {
namespace {

/// Linux moves at most this many bytes in one call; a round number below that limit.
constexpr std::size_t kCallBytes = std::size_t{1} << 30U;

enum class Step { reading, writing, syncing, syncing_names };

Code code_of(int number, Step step) {
    // A file that could not be synced is thrown away, so a full disk is only a full disk. A name
    // cannot be.
    if (step == Step::syncing_names)
        return Code::corrupt;
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return Code::not_found;
    case EEXIST:
        return Code::exists;
    case EIO:
        return Code::corrupt;
    case ENOSPC:
    case EDQUOT:
        return Code::unavailable;
    default:
        return step == Step::syncing ? Code::corrupt : Code::unavailable;
    }
}

std::unexpected<Error> file_error(
    Step step, std::string_view what, const std::string& path, int number = errno,
    std::source_location where = std::source_location::current()
) {
    return fail(
        code_of(number, step),
        fmt::format("{} {}: {}", what, path, std::generic_category().message(number)), where
    );
}

template <class Call> auto retried(Call call) {
    for (;;) {
        const auto result = call();
        if (result != -1 || errno != EINTR)
            return result;
    }
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }
    /// Closes and tells whether that failed. EINTR is success: Linux has closed the descriptor by
    /// then.
    [[nodiscard]] bool close() {
        const int number = std::exchange(number_, -1);
        return ::close(number) == 0 || errno == EINTR;
    }

private:
    int number_;
};

class PosixOutputFile final : public OutputFile {
public:
    PosixOutputFile(Descriptor descriptor, std::string path)
        : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

    Result<> append(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto count = retried([&] {
                return ::write(descriptor_.get(), bytes.data(), std::min(bytes.size(), kCallBytes));
            });
            if (count < 0)
                return file_error(Step::writing, "cannot write", path_);
            // A write of nothing that is no error would repeat for ever.
            if (count == 0)
                return file_error(Step::writing, "cannot write", path_, EIO);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }

    Result<> finish() override {
        if (retried([&] { return ::fsync(descriptor_.get()); }) != 0) {
            return file_error(Step::syncing, "cannot sync", path_);
        }
        if (!descriptor_.close())
            return file_error(Step::syncing, "cannot close", path_);
        return {};
    }

private:
    Descriptor descriptor_;
    std::string path_;
};

class PosixFileSystem final : public FileSystem {
public:
    Result<std::unique_ptr<OutputFile>> create(const std::string& path) override {
        const int number = retried([&] {
            return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        });
        if (number < 0)
            return file_error(Step::writing, "cannot make", path);
        return std::make_unique<PosixOutputFile>(Descriptor(number), path);
    }

    Result<std::string>
    read(const std::string& path, std::uint64_t offset, std::size_t length) override {
        const Descriptor file(retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
        if (file.get() < 0)
            return file_error(Step::reading, "cannot open", path);
        struct stat status{};
        if (::fstat(file.get(), &status) != 0)
            return file_error(Step::reading, "cannot stat", path);
        const auto size = static_cast<std::uint64_t>(status.st_size);
        const std::uint64_t there = offset < size ? size - offset : 0;
        std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(length, there)), '\0');
        std::size_t done = 0;
        while (done < bytes.size()) {
            const auto count = retried([&] {
                return ::pread(
                    file.get(), bytes.data() + done, std::min(bytes.size() - done, kCallBytes),
                    static_cast<off_t>(offset + done)
                );
            });
            if (count < 0)
                return file_error(Step::reading, "cannot read", path);
            if (count == 0)
                break;
            done += static_cast<std::size_t>(count);
        }
        bytes.resize(done);
        return bytes;
    }

    Result<std::uint64_t> size(const std::string& path) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) != 0)
            return file_error(Step::reading, "cannot stat", path);
        if (!S_ISREG(status.st_mode))
            return fail(Code::not_found, fmt::format("{} is no file", path));
        return static_cast<std::uint64_t>(status.st_size);
    }

    Result<> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0)
            return file_error(Step::writing, "cannot rename to", to);
        return {};
    }

    Result<> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0)
            return file_error(Step::writing, "cannot remove", path);
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& directory) override {
        // NOLINTNEXTLINE(misc-const-correctness)
        const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), ::closedir);
        if (!open)
            return file_error(Step::reading, "cannot list", directory);
        std::vector<std::string> names;
        for (;;) {
            errno = 0;
            const dirent* entry = ::readdir(open.get());
            if (entry == nullptr)
                break;
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..")
                names.emplace_back(name);
        }
        if (errno != 0)
            return file_error(Step::reading, "cannot list", directory);
        return names;
    }

    Result<> make_directory(const std::string& path) override {
        if (::mkdir(path.c_str(), 0700) == 0)
            return {};
        const int number = errno;
        struct stat status{};
        if (number == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
            return {};
        return file_error(Step::writing, "cannot make directory", path, number);
    }

    Result<> sync_directory(const std::string& path) override {
        Descriptor directory(retried([&] {
            return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }));
        if (directory.get() < 0)
            return file_error(Step::reading, "cannot open directory", path);
        if (retried([&] { return ::fsync(directory.get()); }) != 0) {
            return file_error(Step::syncing_names, "cannot sync directory", path);
        }
        return {};
    }

    Result<bool> exists(const std::string& path) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0)
            return true;
        if (errno == ENOENT || errno == ENOTDIR)
            return false;
        return file_error(Step::reading, "cannot stat", path);
    }
};

} // namespace

FileSystem& posix_file_system() {
    static PosixFileSystem disk;
    return disk;
}

} // namespace lockstep
