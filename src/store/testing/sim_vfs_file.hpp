// SimVfsFile: one connection's open file of a SimVfs, with its locks.
// Invariants: a connection's own locks never stand in its way; SQLite's order NONE < SHARED <
// RESERVED < PENDING <
//   EXCLUSIVE holds.
// Errors: SQLite's result codes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "store/testing/sim_vfs.hpp"

namespace lockstep::store::testing {

class SimVfsFile {
public:
    SimVfsFile(SimVfs& vfs, SimFile file, bool named, bool sync_directory);
    SimVfsFile(const SimVfsFile&) = delete;
    SimVfsFile& operator=(const SimVfsFile&) = delete;
    ~SimVfsFile();

    int read(char* out, int count, std::int64_t offset);
    int write(const char* bytes, int count, std::int64_t offset);
    int truncate(std::int64_t size);
    int sync();
    int size(std::int64_t& out);
    int lock(int level);
    int unlock(int level);
    int check_reserved(int& out);
    int shm_map(int region, int size, bool extend, void volatile** out);
    int shm_lock(int offset, int count, int flags);
    void shm_unmap();

private:
    using Shared = SimVfs::Shared;
    void release_locks();
    int shm_unlock(unsigned mask, bool shared);
    int shm_take(unsigned mask, bool shared);

    SimVfs& vfs_;
    SimFile file_;
    std::shared_ptr<Shared> shared_; ///< none for temporary files
    bool sync_directory_;            ///< at the next sync
    int level_ = 0;
    bool mapped_ = false;
    unsigned shm_shared_ = 0; ///< locks held, one bit each
    unsigned shm_exclusive_ = 0;
};

} // namespace lockstep::store::testing
