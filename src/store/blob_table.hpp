// BlobTable: which blobs are pinned, being written or being removed just now; shared by puts, pins
// and the sweep. Invariants: a blob has at most one writer or one remover at a time, never both;
// one that is pinned is not removed.
//   Holding a Turn or a removal blocks others only for the same blob.
#pragma once
#include <atomic>
#include <bitset>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/crypto.hpp"
#include "store/blob_files.hpp"

namespace lockstep::store {

class BlobTable : public std::enable_shared_from_this<BlobTable> {
public:
    /// The right to be the one who writes a blob; given back at the end of life, with its pin.
    class Turn {
    public:
        Turn(BlobTable& table, const Hash& hash) : table_(&table), hash_(hash) {}
        Turn(Turn&& other) noexcept
            : table_(std::exchange(other.table_, nullptr)), hash_(other.hash_) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn();
        /// The blob is durable: the turn becomes a pin, and whoever waits for the blob joins it.
        [[nodiscard]] Pin succeed(std::uint64_t size);

    private:
        BlobTable* table_;
        Hash hash_;
    };

    /// Waits until nobody writes or removes the blob. Answers a pin when it is known to be durable,
    /// else the turn.
    [[nodiscard]] std::variant<Pin, Turn> enter(const Hash& hash);
    /// Marks the blob as being removed. False, and nothing done, when it is pinned or being
    /// written.
    [[nodiscard]] bool begin_removal(const Hash& hash);
    void end_removal(const Hash& hash);
    [[nodiscard]] bool is_busy(const Hash& hash);

    /// What is known to be durable of the directory tree. Once set, never unset: directories are
    /// never removed.
    enum class Known {
        outer,   ///< the name `ab` in the top directory
        inner,   ///< the name `cd` in `ab`
        content, ///< the names in `cd` that were there when this process started
    };
    [[nodiscard]] bool knows(Known what, const Hash& hash);
    void learn(Known what, const Hash& hash);

    void close_for_writing() { closed_.store(true); }
    [[nodiscard]] bool is_closed() const { return closed_.load(); }

private:
    friend class Pin;
    struct Entry {
        std::uint32_t pins = 0;
        bool writing = false;
        bool dying = false;
        std::optional<std::uint64_t> durable_size;
    };
    void release(const Hash& hash);
    void end_turn(const Hash& hash);
    void forget_if_idle(std::unordered_map<Hash, Entry>::iterator entry);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::unordered_map<Hash, Entry> entries_;
    std::bitset<256> outer_;
    std::bitset<65536> inner_;
    std::bitset<65536> content_;
    std::atomic<bool> closed_{false};
};

} // namespace lockstep::store
