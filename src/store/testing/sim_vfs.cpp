// SimVfs: the tables of C functions by which SQLite reaches a SimFileSystem.
// Invariants: pAppData of the VFS is its SimVfs; an open sqlite3_file holds a SimVfsFile right
// behind its head. Errors: SQLite's result codes.
#include "store/testing/sim_vfs.hpp"

#include <cstring>
#include <new>
#include <utility>

#include <fmt/core.h>
#include <sqlite3.h>

#include "base/ensure.hpp"
#include "store/testing/sim_vfs_file.hpp"

namespace lockstep::store::testing {
namespace {

/// What SQLite allocates for an open file.
struct OpenFile {
    sqlite3_file head;
    SimVfsFile* file;
};

SimVfsFile& file_of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->file; }
SimVfs& vfs_of(sqlite3_vfs* vfs) { return *static_cast<SimVfs*>(vfs->pAppData); }
sqlite3_vfs& system_vfs() { return *sqlite3_vfs_find("unix"); }

int close_file(sqlite3_file* file) {
    delete std::exchange(reinterpret_cast<OpenFile*>(file)->file, nullptr);
    file->pMethods = nullptr;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = [](sqlite3_file* file, void* out, int count, sqlite3_int64 offset
             ) { return file_of(file).read(static_cast<char*>(out), count, offset); },
    .xWrite = [](sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset
              ) { return file_of(file).write(static_cast<const char*>(bytes), count, offset); },
    .xTruncate = [](sqlite3_file* file,
                    sqlite3_int64 size) { return file_of(file).truncate(size); },
    .xSync = [](sqlite3_file* file, int) { return file_of(file).sync(); },
    .xFileSize =
        [](sqlite3_file* file, sqlite3_int64* out) {
            std::int64_t size = 0;
            const int code = file_of(file).size(size);
            *out = size;
            return code;
        },
    .xLock = [](sqlite3_file* file, int level) { return file_of(file).lock(level); },
    .xUnlock = [](sqlite3_file* file, int level) { return file_of(file).unlock(level); },
    .xCheckReservedLock =
        [](sqlite3_file* file, int* out) {
            *out = 0;
            return file_of(file).check_reserved(*out);
        },
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = [](sqlite3_file* file, int region, int size, int extend, void volatile** out
               ) { return file_of(file).shm_map(region, size, extend != 0, out); },
    .xShmLock = [](sqlite3_file* file, int offset, int count,
                   int flags) { return file_of(file).shm_lock(offset, count, flags); },
    .xShmBarrier = [](sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); },
    .xShmUnmap =
        [](sqlite3_file* file, int) {
            file_of(file).shm_unmap();
            return SQLITE_OK;
        },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& sim = vfs_of(vfs);
    auto* open = reinterpret_cast<OpenFile*>(file);
    open->head.pMethods = nullptr;
    open->file = nullptr;
    if (out_flags != nullptr)
        *out_flags = flags;
    if (name == nullptr || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
        open->file = new SimVfsFile(sim, sim.disk().open_anonymous(), false, false);
        open->head.pMethods = &kMethods;
        return SQLITE_OK;
    }
    const auto there = sim.disk().exists(name);
    if (!there)
        return SQLITE_CANTOPEN;
    if (*there && (flags & SQLITE_OPEN_EXCLUSIVE) != 0)
        return SQLITE_CANTOPEN;
    auto opened = sim.disk().open(name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!opened)
        return opened.error().code == Code::unavailable ? SQLITE_FULL : SQLITE_CANTOPEN;
    constexpr int kJournals =
        SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    open->file = new SimVfsFile(sim, std::move(*opened), true, !*there && (flags & kJournals) != 0);
    open->head.pMethods = &kMethods;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    auto& disk = vfs_of(vfs).disk();
    if (const auto removed = disk.remove(name); !removed) {
        return removed.error().code == Code::not_found ? SQLITE_IOERR_DELETE_NOENT
                                                       : SQLITE_IOERR_DELETE;
    }
    if (sync_directory != 0 && !disk.sync_directory(parent_of(name)))
        return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int, int* out) {
    const auto size = vfs_of(vfs).disk().size(name);
    *out = size && *size > 0 ? 1 : 0;
    return size || size.error().code == Code::not_found ? SQLITE_OK : SQLITE_IOERR_ACCESS;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    const auto length = std::strlen(name);
    if (name[0] != '/' || length >= static_cast<std::size_t>(size))
        return SQLITE_CANTOPEN;
    std::memcpy(out, name, length + 1);
    return SQLITE_OK;
}

std::string next_name() {
    static std::atomic<int> count{0};
    return fmt::format("sim-{}", ++count);
}

} // namespace

SimVfs::SimVfs(SimFileSystem& disk, std::uint64_t seed)
    : disk_(disk), name_(next_name()), vfs_(std::make_unique<sqlite3_vfs>()), random_(seed) {
    *vfs_ = sqlite3_vfs{};
    vfs_->iVersion = 2;
    vfs_->szOsFile = sizeof(OpenFile);
    vfs_->mxPathname = 512;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = open_file;
    vfs_->xDelete = delete_file;
    vfs_->xAccess = access_file;
    vfs_->xFullPathname = full_path;
    // From a seed, so that a failing run can be repeated.
    vfs_->xRandomness = [](sqlite3_vfs* vfs, int count, char* out) {
        vfs_of(vfs).fill_random(out, count);
        return count;
    };
    vfs_->xSleep = [](sqlite3_vfs*, int microseconds) {
        return system_vfs().xSleep(&system_vfs(), microseconds);
    };
    vfs_->xCurrentTime = [](sqlite3_vfs*, double* out) {
        return system_vfs().xCurrentTime(&system_vfs(), out);
    };
    vfs_->xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* out) {
        return system_vfs().xCurrentTimeInt64(&system_vfs(), out);
    };
    vfs_->xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
    ENSURE(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK);
}

SimVfs::~SimVfs() { sqlite3_vfs_unregister(vfs_.get()); }

void SimVfs::reboot() {
    const std::lock_guard lock(mutex_);
    // Files that are still open keep their old share, which nobody else looks at any more.
    shared_.clear();
}

std::shared_ptr<SimVfs::Shared> SimVfs::shared_of(const std::string& path) {
    const std::lock_guard lock(mutex_);
    auto& shared = shared_[path];
    if (!shared)
        shared = std::make_shared<Shared>();
    return shared;
}

void SimVfs::fill_random(char* out, int count) {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < count; ++i)
        out[i] = static_cast<char>(random_());
}

} // namespace lockstep::store::testing
