// BlobFiles: content-addressed files `<directory>/ab/cd/<64 hex digits>`, named by BLAKE2b-256 of
// their bytes. Invariants: (D3) put() and finish() return only when content, name and every
// directory above are durable, so a
//   row committed afterwards never dangles; a file is removed only by sweep(), only when it is
//   unreferenced in two generations running and unpinned; no clock is asked. After a failed fsync
//   nothing is written any more (D4).
// Errors: not_found, corrupt (content does not match its name; EIO), unavailable (disk full; closed
// for writing). All calls block: callers use worker threads. All functions may be called by several
// threads at once.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/crypto.hpp"
#include "base/file_system.hpp"
#include "base/result.hpp"

namespace lockstep::store {

class BlobTable;
class BlobFiles;

/// Keeps a blob safe from the sweep. Hold it until the row that references the blob is committed
/// (or given up). May outlive the BlobFiles it came from.
class Pin {
public:
    Pin() = default;
    Pin(Pin&& other) noexcept;
    Pin& operator=(Pin&& other) noexcept;
    ~Pin();
    [[nodiscard]] const Hash& hash() const { return hash_; }
    /// Bytes of the blob.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    explicit operator bool() const { return table_ != nullptr; }

private:
    friend class BlobTable;
    Pin(std::shared_ptr<BlobTable> table, const Hash& hash, std::uint64_t size)
        : table_(std::move(table)), hash_(hash), size_(size) {}
    std::shared_ptr<BlobTable> table_;
    Hash hash_;
    std::uint64_t size_ = 0;
};

/// A blob that is written in pieces, so that a big mail never lies in memory. Used by one thread at
/// a time. Must not outlive its BlobFiles. Without finish() the temporary file is removed at the
/// end of life.
class BlobWriter {
public:
    BlobWriter(BlobWriter&&) noexcept;
    BlobWriter& operator=(BlobWriter&&) = delete;
    ~BlobWriter();
    /// After an error only destruction is left.
    [[nodiscard]] Result<> append(std::string_view bytes);
    /// Makes the blob durable under its name. Call once; nothing may follow.
    [[nodiscard]] Result<Pin> finish();
    /// Bytes appended so far.
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    friend class BlobFiles;
    BlobWriter(BlobFiles& files, std::string path, std::unique_ptr<OutputFile> file);
    BlobFiles* files_;
    std::string path_;
    std::unique_ptr<OutputFile> file_;
    Hasher hasher_;
    std::uint64_t size_ = 0;
};

/// What one sweep leaves for the next. Keep it in memory between sweeps; losing it delays removals,
/// no more.
struct SweepState {
    std::uint64_t generation = 0;        ///< number of sweeps that ended well
    std::unordered_set<Hash> candidates; ///< unreferenced in generation `generation`
};

struct SweepReport {
    std::uint64_t generation = 0;
    std::uint64_t seen = 0;       ///< blobs found
    std::uint64_t removed = 0;    ///< files removed
    std::uint64_t bytes = 0;      ///< bytes that the removed files had
    std::uint64_t candidates = 0; ///< unreferenced for the first time; removed by the next sweep
    std::uint64_t pinned = 0;     ///< unreferenced, but just being written or linked
    std::uint64_t foreign = 0;    ///< names that are no blobs: left alone, reported to the operator
};

class BlobFiles {
public:
    /// Makes the directory where it is missing and removes temporary files that a crashed process
    /// left. Only one BlobFiles may be open on a directory; the store's lock file sees to that.
    [[nodiscard]] static Result<std::unique_ptr<BlobFiles>>
    open(FileSystem& disk, std::string directory);
    ~BlobFiles();

    /// Writes a blob, or finds that it is there already. Empty blobs are blobs too.
    [[nodiscard]] Result<Pin> put(std::string_view bytes);
    /// The same for bytes in several pieces (the blob is their concatenation).
    [[nodiscard]] Result<Pin> put(std::span<const std::string_view> pieces);
    /// Starts a blob that is written in pieces.
    [[nodiscard]] Result<BlobWriter> writer();
    /// Pins a blob that is there already, to reference it from another row. Error: not_found.
    [[nodiscard]] Result<Pin> pin(const Hash& hash);

    /// At most `length` bytes from `offset`; fewer only where the blob ends. Not checked against
    /// the name.
    [[nodiscard]] Result<std::string>
    read(const Hash& hash, std::uint64_t offset, std::size_t length);
    /// The whole blob, checked against its name (D10). Error: corrupt.
    [[nodiscard]] Result<std::string> read(const Hash& hash);
    [[nodiscard]] Result<std::uint64_t> size(const Hash& hash);
    /// Reads the blob through and compares it with its name (D10). Error: not_found, corrupt.
    [[nodiscard]] Result<> verify(const Hash& hash);
    /// Calls `visit` for each blob on the disk, in no order; an error of `visit` ends the walk and
    /// is returned.
    [[nodiscard]] Result<> each(const std::function<Result<>(const Hash&)>& visit);

    /// One generation of mark and sweep. `is_referenced` answers from committed rows; it is asked a
    /// second time for a blob that is about to go, after new references to it have been stopped.
    /// One sweep at a time.
    [[nodiscard]] Result<SweepReport>
    sweep(SweepState& state, const std::function<Result<bool>(const Hash&)>& is_referenced);

    /// False: new files are refused with Code::unavailable (store/reserve.hpp).
    void allow_growth(bool may) { growth_ = may; }
    /// False once an fsync failed: every later write is refused until the process starts anew (D4).
    [[nodiscard]] bool writable() const;

private:
    friend class BlobWriter;
    /// Makes the bytes durable under a temporary name and answers that name.
    using Temporary = std::function<Result<std::string>()>;
    struct Round;
    BlobFiles(FileSystem& disk, std::string directory);

    [[nodiscard]] std::string path_of(const Hash& hash) const;
    [[nodiscard]] std::string temporary_path();
    [[nodiscard]] Result<> prepare();
    [[nodiscard]] Result<Pin>
    enter(const Hash& hash, std::uint64_t size, const Temporary& temporary);
    [[nodiscard]] Result<> place(const Hash& hash, std::uint64_t size, const Temporary& temporary);
    [[nodiscard]] Result<> make_path(const Hash& hash);
    [[nodiscard]] Result<> settle(const Hash& hash);
    [[nodiscard]] Result<> sync_directory(const std::string& path);
    [[nodiscard]] Result<> noting(Result<> written);
    [[nodiscard]] Result<> refuse_when_closed() const;
    [[nodiscard]] Result<> refuse_when_low() const;
    [[nodiscard]] Result<> sweep_directory(Round& round, const std::string& path);
    [[nodiscard]] Result<bool> sweep_blob(Round& round, const Hash& hash);

    FileSystem& disk_;
    const std::string directory_;
    std::shared_ptr<BlobTable> table_;
    std::atomic<std::uint64_t> next_temporary_{0};
    std::atomic<bool> growth_{true};
};

} // namespace lockstep::store
