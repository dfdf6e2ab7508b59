// SimVfs: an SQLite VFS whose files lie on a SimFileSystem, so that a database meets the same
// crashes as blob files. Invariants: locks and the shared memory of WAL are those of one process,
// and vanish at a reboot as they do at the
//   end of a process. Like the system's VFS: a new journal's or WAL's directory is synced at its
//   first sync, xAccess takes an empty file for absent, sectors promise powersafe overwrite. Unlike
//   it: a failure of that directory sync is reported and not swallowed.
// Errors: IOERR (power off, EIO), FULL, CANTOPEN, BUSY, as SQLite's VFS interface names them.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/testing/sim_file_system.hpp"

struct sqlite3_vfs;

namespace lockstep::store::testing {

class SimVfs {
public:
    /// Registers a VFS under a name of its own. The disk must outlive it.
    explicit SimVfs(SimFileSystem& disk, std::uint64_t seed = 1);
    SimVfs(const SimVfs&) = delete;
    SimVfs& operator=(const SimVfs&) = delete;
    /// Every connection through it must be closed before.
    ~SimVfs();
    /// What to hand to sqlite3_open_v2. Lives as long as this object.
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] SimFileSystem& disk() { return disk_; }
    /// Ends the process, so to say: locks and shared memory are gone. Call it with
    /// SimFileSystem::reboot, when no connection is in use any more (open ones may be closed
    /// later).
    void reboot();

private:
    friend class SimVfsFile;
    static constexpr int kShmLocks = 8;
    /// What all connections to one file of one process share.
    struct Shared {
        int readers = 0;                ///< connections at SHARED or above
        const void* reserved = nullptr; ///< who holds RESERVED
        const void* pending = nullptr;  ///< who waits for the readers to go, or holds EXCLUSIVE
        int mapped = 0;                 ///< connections that use the shared memory
        std::vector<std::unique_ptr<char[]>> regions;
        std::array<int, kShmLocks> shm_readers{};
        std::array<const void*, kShmLocks> shm_writer{};
    };
    [[nodiscard]] std::shared_ptr<Shared> shared_of(const std::string& path);
    void fill_random(char* out, int count);

    SimFileSystem& disk_;
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::mutex mutex_; ///< of everything below and of what Shared holds
    std::map<std::string, std::shared_ptr<Shared>> shared_;
    std::mt19937_64 random_;
};

} // namespace lockstep::store::testing
