// SimFileSystem: a disk in memory that forgets what was not synced, and that fails or loses its
// power at operation N. Invariants: file content is durable after sync of the file, a name after
// sync of its directory, nothing earlier.
//   Every operation that changes the disk is counted, from 1; reads are not. A failed sync makes
//   its writes undurable for ever, as Linux does: trying again answers success and saves nothing.
// Errors: closed while the power is off (and for handles from before a reboot), corrupt for an
// injected EIO,
//   unavailable for an injected full disk; else as in base/file_system.hpp.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"
#include "base/result.hpp"

namespace lockstep::store::testing {

/// What a crash does to changes that were not synced. Which ones is drawn from a seed.
enum class Forget {
    everything,   ///< only what was synced is left
    nothing,      ///< as after the end of a process whose kernel lives on; a later crash may still
                  ///< forget it
    after_prefix, ///< the first k changes of each file, the last of them cut, and the first n names
    torn,         ///< each 512-byte sector and each name lives or dies alone, in no order
};
inline constexpr Forget kForgets[] = {
    Forget::everything, Forget::nothing, Forget::after_prefix, Forget::torn
};
[[nodiscard]] std::string_view name_of(Forget forget);

enum class Fault {
    power_off,  ///< this operation may still reach the disk's cache; every later one fails until
                ///< reboot()
    io_error,   ///< EIO
    no_handles, ///< EMFILE, for operations that open something; no change is made
    no_space,   ///< ENOSPC, for operations that need room
};

class SimFileSystem;

/// One file's bytes: as they are seen, as they are durable, and the changes in between.
struct SimInode {
    struct Change {
        std::uint64_t offset = 0; ///< of a write; the new size of a truncation
        std::string bytes;
        bool truncates = false;
    };
    std::string now;
    std::string durable;
    std::vector<Change> pending;
};

/// An open file with random access, as a database needs it. Threads may share it.
class SimFile {
public:
    SimFile(
        SimFileSystem& disk, std::shared_ptr<SimInode> inode, std::string path, std::uint64_t epoch,
        bool anonymous
    )
        : disk_(&disk), inode_(std::move(inode)), path_(std::move(path)), epoch_(epoch),
          anonymous_(anonymous) {}
    /// Copies at most out.size() bytes; answers how many there were.
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, std::span<char> out);
    [[nodiscard]] Result<> write(std::uint64_t offset, std::string_view bytes);
    [[nodiscard]] Result<> append(std::string_view bytes);
    [[nodiscard]] Result<> truncate(std::uint64_t size);
    [[nodiscard]] Result<> sync();
    [[nodiscard]] Result<std::uint64_t> size();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    SimFileSystem* disk_;
    std::shared_ptr<SimInode> inode_;
    std::string path_;
    std::uint64_t epoch_;
    bool anonymous_; ///< a temporary file without a name: never counted, never failing
};

class SimFileSystem final : public FileSystem {
public:
    [[nodiscard]] Result<std::unique_ptr<OutputFile>> create(const std::string& path) override;
    [[nodiscard]] Result<std::string>
    read(const std::string& path, std::uint64_t offset, std::size_t length) override;
    [[nodiscard]] Result<std::uint64_t> size(const std::string& path) override;
    [[nodiscard]] Result<> rename(const std::string& from, const std::string& to) override;
    [[nodiscard]] Result<> remove(const std::string& path) override;
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string& directory) override;
    [[nodiscard]] Result<> make_directory(const std::string& path) override;
    [[nodiscard]] Result<> sync_directory(const std::string& path) override;
    [[nodiscard]] Result<bool> exists(const std::string& path) override;

    /// Opens a file for reading and writing; makes it when `create` is set. Error: not_found.
    [[nodiscard]] Result<SimFile> open(const std::string& path, bool create);
    /// A file without a name, outside of all counting and failing.
    [[nodiscard]] SimFile open_anonymous();

    /// Lets operation number `at` (1 = the first of all) fail; with `lasting`, every later one too
    /// until clear_fault().
    void inject(Fault fault, std::uint64_t at, bool lasting = false);
    void clear_fault();
    /// Operations counted so far.
    [[nodiscard]] std::uint64_t operations() const;
    [[nodiscard]] bool is_off() const;
    /// Whether an injected fault has struck.
    [[nodiscard]] bool has_failed() const;
    /// Called before each counted operation, outside of any lock, in the thread that does the
    /// operation. Set it while no other thread uses the disk.
    void on_operation(std::function<void(std::uint64_t number)> observer) {
        observer_ = std::move(observer);
    }

    /// The disk that a crash at this moment would leave, as a disk of its own. This one goes on.
    [[nodiscard]] std::unique_ptr<SimFileSystem> image(Forget forget, std::uint64_t seed) const;
    /// Crashes (if that has not happened) and starts again: handles that are open now stay dead.
    void reboot(Forget forget, std::uint64_t seed);
    /// Flips one bit of a file, in the cache and on the disk. Error: not_found, bad_value.
    [[nodiscard]] Result<> flip_bit(const std::string& path, std::uint64_t offset, unsigned bit);

private:
    friend class SimFile;
    using Names = std::map<std::string, std::shared_ptr<SimInode>>; ///< a directory has no inode
    /// A change of names: `set` names `inode` (nullptr: a directory), and `unset` stops to name it.
    struct NameChange {
        std::string directory; ///< whose sync makes the change durable
        std::optional<std::string> set;
        std::optional<std::string> unset;
        std::shared_ptr<SimInode> inode;
    };
    enum class Kind { makes, grows, syncs_names, other };

    [[nodiscard]] Result<> begin(std::unique_lock<std::mutex>& lock, Kind kind);
    [[nodiscard]] Result<> powered() const;
    [[nodiscard]] Result<> alive(std::uint64_t epoch) const;
    [[nodiscard]] Result<> end();
    [[nodiscard]] bool is_directory(const std::string& path) const;
    void change_names(NameChange change);
    static void apply(Names& names, const NameChange& change);
    [[nodiscard]] Names names_after(Forget forget, std::mt19937_64& random) const;
    void leave(Forget forget, std::uint64_t seed, SimFileSystem& target) const;

    mutable std::mutex mutex_;
    std::function<void(std::uint64_t)> observer_;
    Names now_;
    Names durable_;
    std::vector<NameChange> pending_;
    std::uint64_t operations_ = 0;
    std::uint64_t epoch_ = 1;
    std::optional<Fault> fault_;
    std::uint64_t fault_at_ = 0;
    bool lasting_ = false;
    bool failed_ = false;
    bool dying_ = false; ///< the power goes off when the current operation ends
    bool off_ = false;
};

/// Names starting with `directory` + "/" and their sizes, for messages of failed tests.
[[nodiscard]] std::string describe(SimFileSystem& disk, const std::string& directory);

} // namespace lockstep::store::testing
