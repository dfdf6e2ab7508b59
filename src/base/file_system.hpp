// FileSystem: the file operations that durable storage needs, so that tests can put a failing disk
// below them. Invariants: nothing is durable before sync() of the file AND sync_directory() of the
// directory that names it. Errors: not_found (ENOENT), exists (EEXIST), unavailable (no space, no
// descriptors, no permission: may pass),
//   corrupt (EIO and every other failed fsync: the disk's state is unknown, the store must close
//   for writing).
// All calls block: callers use worker threads. All functions may be called by several threads at
// once.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep {

/// A new file that is being written from its start to its end by one thread.
class OutputFile {
public:
    OutputFile() = default;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    /// Closes the file; what was not synced may be lost.
    virtual ~OutputFile() = default;
    /// Appends all bytes or fails; after a failure the file is only good for removal.
    [[nodiscard]] virtual Result<> append(std::string_view bytes) = 0;
    /// Makes the content durable and closes the file. No call may follow. A failure must never be
    /// retried: the kernel may have dropped the pages and would report success.
    [[nodiscard]] virtual Result<> finish() = 0;
};

class FileSystem {
public:
    FileSystem() = default;
    FileSystem(const FileSystem&) = delete;
    FileSystem& operator=(const FileSystem&) = delete;
    virtual ~FileSystem() = default;

    /// Makes a new empty file, readable by the owner only. Error exists when the name is taken.
    [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> create(const std::string& path) = 0;
    /// At most `length` bytes from `offset`; fewer only where the file ends, none beyond its end.
    [[nodiscard]] virtual Result<std::string>
    read(const std::string& path, std::uint64_t offset, std::size_t length) = 0;
    /// Bytes of a regular file. Error: not_found.
    [[nodiscard]] virtual Result<std::uint64_t> size(const std::string& path) = 0;
    /// Atomically gives the file another name on the same disk; an existing file of that name is
    /// replaced.
    [[nodiscard]] virtual Result<> rename(const std::string& from, const std::string& to) = 0;
    /// Removes a file. Error: not_found.
    [[nodiscard]] virtual Result<> remove(const std::string& path) = 0;
    /// Names (not paths) in a directory, without "." and "..", in no order.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
    /// Makes one directory (mode 0700); one that exists already is no error. The parent must exist.
    [[nodiscard]] virtual Result<> make_directory(const std::string& path) = 0;
    /// Makes the names in the directory durable: files created, renamed into and removed from it.
    [[nodiscard]] virtual Result<> sync_directory(const std::string& path) = 0;

    /// Whether a file or directory of this name is there.
    [[nodiscard]] virtual Result<bool> exists(const std::string& path) = 0;
    /// create, append each piece, finish. On failure the file is removed again.
    [[nodiscard]] Result<>
    write_file(const std::string& path, std::span<const std::string_view> pieces);
    /// Makes a directory with its missing parents, and makes each new name durable (also the name
    /// of one that was there, as far as its parent may be opened).
    [[nodiscard]] Result<> make_directories(const std::string& path);
};

/// The directory part of a path: "." when it has none, "/" for a name in the root.
[[nodiscard]] std::string parent_of(std::string_view path);

/// The real disk. The object lives as long as the process.
[[nodiscard]] FileSystem& posix_file_system();

} // namespace lockstep
