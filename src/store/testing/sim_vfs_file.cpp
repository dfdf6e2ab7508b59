// SimVfsFile: reading, writing and locking of one open file for SQLite.
// Invariants: see sim_vfs_file.hpp.
// Errors: SQLite's result codes.
#include "store/testing/sim_vfs_file.hpp"

#include <atomic>
#include <cstring>
#include <utility>

#include <sqlite3.h>

namespace lockstep::store::testing {
namespace {

int sqlite_code(const Error& error, int io_error) {
    if (error.code == Code::unavailable)
        return SQLITE_FULL;
    return io_error;
}

} // namespace

SimVfsFile::SimVfsFile(SimVfs& vfs, SimFile file, bool named, bool sync_directory)
    : vfs_(vfs), file_(std::move(file)), shared_(named ? vfs.shared_of(file_.path()) : nullptr),
      sync_directory_(sync_directory) {}

SimVfsFile::~SimVfsFile() {
    shm_unmap();
    release_locks();
}

int SimVfsFile::read(char* out, int count, std::int64_t offset) {
    const auto wanted = static_cast<std::size_t>(count);
    const auto got = file_.read(static_cast<std::uint64_t>(offset), {out, wanted});
    if (!got)
        return SQLITE_IOERR_READ;
    if (*got == wanted)
        return SQLITE_OK;
    std::memset(out + *got, 0, wanted - *got);
    return SQLITE_IOERR_SHORT_READ;
}

int SimVfsFile::write(const char* bytes, int count, std::int64_t offset) {
    const auto written =
        file_.write(static_cast<std::uint64_t>(offset), {bytes, static_cast<std::size_t>(count)});
    return written ? SQLITE_OK : sqlite_code(written.error(), SQLITE_IOERR_WRITE);
}

int SimVfsFile::truncate(std::int64_t size) {
    const auto done = file_.truncate(static_cast<std::uint64_t>(size));
    return done ? SQLITE_OK : sqlite_code(done.error(), SQLITE_IOERR_TRUNCATE);
}

int SimVfsFile::sync() {
    if (const auto done = file_.sync(); !done)
        return sqlite_code(done.error(), SQLITE_IOERR_FSYNC);
    if (!sync_directory_)
        return SQLITE_OK;
    if (const auto done = vfs_.disk().sync_directory(parent_of(file_.path())); !done)
        return SQLITE_IOERR_DIR_FSYNC;
    sync_directory_ = false;
    return SQLITE_OK;
}

int SimVfsFile::size(std::int64_t& out) {
    const auto size = file_.size();
    if (!size)
        return SQLITE_IOERR_FSTAT;
    out = static_cast<std::int64_t>(*size);
    return SQLITE_OK;
}

int SimVfsFile::lock(int level) {
    if (!shared_ || level <= level_)
        return SQLITE_OK;
    const std::lock_guard guard(vfs_.mutex_);
    auto& all = *shared_;
    if (all.pending != nullptr && all.pending != this)
        return SQLITE_BUSY;
    if (level_ == SQLITE_LOCK_NONE) {
        ++all.readers;
        level_ = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED)
        return SQLITE_OK;
    if (all.reserved != nullptr && all.reserved != this)
        return SQLITE_BUSY;
    if (level == SQLITE_LOCK_RESERVED) {
        all.reserved = this;
        level_ = level;
        return SQLITE_OK;
    }
    // New readers are kept out from here, whether or not the present ones have gone.
    all.pending = this;
    level_ = SQLITE_LOCK_PENDING;
    if (all.readers > 1)
        return SQLITE_BUSY;
    level_ = SQLITE_LOCK_EXCLUSIVE;
    return SQLITE_OK;
}

int SimVfsFile::unlock(int level) {
    if (!shared_ || level >= level_)
        return SQLITE_OK;
    const std::lock_guard guard(vfs_.mutex_);
    auto& all = *shared_;
    if (all.pending == this)
        all.pending = nullptr;
    if (all.reserved == this)
        all.reserved = nullptr;
    if (level == SQLITE_LOCK_NONE)
        --all.readers;
    level_ = level;
    return SQLITE_OK;
}

void SimVfsFile::release_locks() { (void)unlock(SQLITE_LOCK_NONE); }

int SimVfsFile::check_reserved(int& out) {
    if (!shared_)
        return SQLITE_OK;
    const std::lock_guard guard(vfs_.mutex_);
    out = shared_->reserved != nullptr || shared_->pending != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int SimVfsFile::shm_map(int region, int size, bool extend, void volatile** out) {
    *out = nullptr;
    if (!shared_ || vfs_.disk().is_off())
        return SQLITE_IOERR_SHMMAP;
    const std::lock_guard guard(vfs_.mutex_);
    auto& all = *shared_;
    if (!mapped_) {
        mapped_ = true;
        ++all.mapped;
    }
    const auto index = static_cast<std::size_t>(region);
    if (index >= all.regions.size() && !extend)
        return SQLITE_OK;
    while (index >= all.regions.size())
        all.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *out = all.regions[index].get();
    return SQLITE_OK;
}

int SimVfsFile::shm_lock(int offset, int count, int flags) {
    const unsigned mask = ((1U << static_cast<unsigned>(count)) - 1U)
                          << static_cast<unsigned>(offset);
    const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
    const std::lock_guard guard(vfs_.mutex_);
    return (flags & SQLITE_SHM_UNLOCK) != 0 ? shm_unlock(mask, shared) : shm_take(mask, shared);
}

int SimVfsFile::shm_unlock(unsigned mask, bool shared) {
    for (unsigned i = 0; i < SimVfs::kShmLocks; ++i) {
        const unsigned bit = 1U << i;
        if ((mask & bit) == 0)
            continue;
        if (shared && (shm_shared_ & bit) != 0) {
            --shared_->shm_readers[i];
            shm_shared_ &= ~bit;
        }
        if (!shared && (shm_exclusive_ & bit) != 0) {
            shared_->shm_writer[i] = nullptr;
            shm_exclusive_ &= ~bit;
        }
    }
    return SQLITE_OK;
}

int SimVfsFile::shm_take(unsigned mask, bool shared) {
    for (unsigned i = 0; i < SimVfs::kShmLocks; ++i) {
        if ((mask & (1U << i)) == 0)
            continue;
        if (shared_->shm_writer[i] != nullptr && shared_->shm_writer[i] != this)
            return SQLITE_BUSY;
        const int own = (shm_shared_ & (1U << i)) != 0 ? 1 : 0;
        if (!shared && shared_->shm_readers[i] > own)
            return SQLITE_BUSY;
    }
    for (unsigned i = 0; i < SimVfs::kShmLocks; ++i) {
        const unsigned bit = 1U << i;
        if ((mask & bit) == 0)
            continue;
        if (!shared) {
            shared_->shm_writer[i] = this;
            shm_exclusive_ |= bit;
        } else if ((shm_shared_ & bit) == 0) {
            ++shared_->shm_readers[i];
            shm_shared_ |= bit;
        }
    }
    return SQLITE_OK;
}

void SimVfsFile::shm_unmap() {
    if (!mapped_)
        return;
    const std::lock_guard guard(vfs_.mutex_);
    mapped_ = false;
    (void)shm_unlock(shm_shared_, true);
    (void)shm_unlock(shm_exclusive_, false);
    // The last one to leave takes the memory with it; the next to come recovers from the WAL.
    if (--shared_->mapped == 0)
        shared_->regions.clear();
}

} // namespace lockstep::store::testing
