// Reserve: room on the disk that is kept back, so that a full disk can still be emptied.
// Spec: hardening R5. Invariants: the room is a file of its own, really allocated; it is given up
// when the disk is almost full, and from then on the store takes nothing new (mail, uploads, blob
// files), while removals, marks, moves and the keys of devices go on in the room set free. It is
// taken back when the disk has room again. Errors: none; what the disk refuses is logged, and
// growth is allowed as if there were no reserve.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "base/result.hpp"

namespace lockstep::store {

/// The disk below a directory, as far as a reserve needs it.
class Space {
public:
    struct Bytes {
        std::uint64_t free = 0; ///< for this process
        std::uint64_t total = 0;
    };
    Space() = default;
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;
    virtual ~Space() = default;
    [[nodiscard]] virtual Result<Bytes> look(const std::string& directory) = 0;
    /// Makes the file with blocks of its own; one of this size may be there already. What could be
    /// made only in part is removed again.
    [[nodiscard]] virtual Result<> take(const std::string& path, std::uint64_t bytes) = 0;
    /// Removes the file; none there is no error.
    [[nodiscard]] virtual Result<> give(const std::string& path) = 0;
};
/// The real disk. The object lives as long as the process.
[[nodiscard]] Space& posix_space();

class Reserve {
public:
    /// `growth` hears whether the store may take anything new, at each turn of it; it may be called
    /// on any thread and must not call back.
    Reserve(Space& space, const std::string& directory, std::function<void(bool)> growth);
    /// Gives the room up or takes it back as the disk's state asks. Blocks.
    void look();
    /// A commit found the disk full: the room is given up at once. Blocks.
    void give_up();
    /// Whether the disk is almost full.
    [[nodiscard]] bool low();

    static constexpr std::uint64_t kMostBytes = 32ULL << 20; ///< of the reserve
    static constexpr std::uint64_t kPartOfDisk = 64;         ///< of a small disk: total / 64

private:
    void give_up_locked(std::uint64_t free);

    Space& space_;
    const std::string directory_;
    const std::string path_;
    const std::function<void(bool)> growth_;
    std::mutex mutex_;
    bool low_ = false;
};

} // namespace lockstep::store
