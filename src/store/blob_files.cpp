// Writing, linking and reading content-addressed blob files.
// Invariants: the order of D3: content synced under a temporary name, directories made and synced
// from the top
//   down, rename, directory synced; only then is a Pin handed out. Whoever finds a blob there
//   already waits for its writer, and syncs the directory once if the name may date from a process
//   that died before its own sync.
// Errors: see blob_files.hpp.
#include "store/blob_files.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/ensure.hpp"
#include "base/limits.hpp"
#include "store/blob_table.hpp"

namespace lockstep::store {

BlobFiles::BlobFiles(FileSystem& disk, std::string directory)
    : disk_(disk), directory_(std::move(directory)), table_(std::make_shared<BlobTable>()) {}

BlobFiles::~BlobFiles() = default;

Result<std::unique_ptr<BlobFiles>> BlobFiles::open(FileSystem& disk, std::string directory) {
    std::unique_ptr<BlobFiles> files(new BlobFiles(disk, std::move(directory)));
    CHECK_OK(files->prepare());
    return files;
}

Result<> BlobFiles::prepare() {
    const auto temporary = directory_ + "/tmp";
    CHECK_OK(disk_.make_directories(temporary));
    // The names may be there without being durable, when the process that made them died in
    // between.
    CHECK_OK(disk_.sync_directory(parent_of(directory_)));
    CHECK_OK(disk_.sync_directory(directory_));
    TRY(const auto left_over, disk_.list(temporary));
    for (const auto& name : left_over)
        CHECK_OK(disk_.remove(temporary + "/" + name));
    return {};
}

std::string BlobFiles::path_of(const Hash& hash) const {
    const auto name = hash.hex();
    const std::string_view digits = name;
    return fmt::format("{}/{}/{}/{}", directory_, digits.substr(0, 2), digits.substr(2, 2), digits);
}

std::string BlobFiles::temporary_path() {
    return fmt::format("{}/tmp/{}", directory_, next_temporary_.fetch_add(1));
}

bool BlobFiles::writable() const { return !table_->is_closed(); }

Result<> BlobFiles::refuse_when_closed() const {
    if (writable())
        return {};
    return fail(Code::unavailable, "the blob files are closed for writing since the disk failed");
}

Result<> BlobFiles::refuse_when_low() const {
    if (growth_)
        return {};
    return fail(Code::unavailable, "the disk is almost full: nothing new is taken");
}

// D4: after an error that leaves the disk's state unknown nothing more is promised.
Result<> BlobFiles::noting(Result<> written) {
    if (!written && written.error().code == Code::corrupt)
        table_->close_for_writing();
    return written;
}

// `unavailable` means that the directory could not even be opened (R6: no descriptors left), so the
// sync may be tried again; every other failure is final.
Result<> BlobFiles::sync_directory(const std::string& path) {
    auto synced = disk_.sync_directory(path);
    if (!synced && synced.error().code != Code::unavailable)
        table_->close_for_writing();
    return synced;
}

Result<Pin> BlobFiles::put(std::string_view bytes) {
    return put(std::span<const std::string_view>(&bytes, 1));
}

Result<Pin> BlobFiles::put(std::span<const std::string_view> pieces) {
    CHECK_OK(refuse_when_low());
    Hasher hasher;
    std::uint64_t size = 0;
    for (const auto piece : pieces) {
        hasher.update(piece);
        size += piece.size();
    }
    return enter(hasher.finish(), size, [&]() -> Result<std::string> {
        auto path = temporary_path();
        CHECK_OK(noting(disk_.write_file(path, pieces)));
        return path;
    });
}

Result<Pin> BlobFiles::enter(const Hash& hash, std::uint64_t size, const Temporary& temporary) {
    CHECK_OK(refuse_when_closed());
    auto entered = table_->enter(hash);
    if (auto* pin = std::get_if<Pin>(&entered))
        return std::move(*pin);
    auto& turn = std::get<BlobTable::Turn>(entered);
    // Asked again: the writer we waited for may have met the failure.
    CHECK_OK(refuse_when_closed());
    CHECK_OK(place(hash, size, temporary));
    return turn.succeed(size);
}

Result<> BlobFiles::place(const Hash& hash, std::uint64_t size, const Temporary& temporary) {
    const auto path = path_of(hash);
    const auto there = disk_.size(path);
    if (!there && there.error().code != Code::not_found)
        return std::unexpected(there.error());
    // A file of another size is a damaged one: it is written anew.
    if (there && *there == size)
        return settle(hash);
    TRY(const auto written, temporary());
    auto placed = [&]() -> Result<> {
        CHECK_OK(make_path(hash));
        return noting(disk_.rename(written, path));
    }();
    if (!placed) {
        (void)disk_.remove(written);
        return placed;
    }
    if (auto synced = sync_directory(parent_of(path)); !synced) {
        // The name is visible, and the next put of this content would take it for durable.
        if (writable() && !disk_.remove(path))
            table_->close_for_writing();
        return synced;
    }
    table_->learn(BlobTable::Known::content, hash);
    return {};
}

// Another thread may just have made the same directory and not synced it yet, so "it exists" is not
// "it is durable": only the table's knowledge, set after a sync, counts.
Result<> BlobFiles::make_path(const Hash& hash) {
    const auto inner = parent_of(path_of(hash));
    const auto outer = parent_of(inner);
    if (!table_->knows(BlobTable::Known::outer, hash)) {
        CHECK_OK(noting(disk_.make_directory(outer)));
        CHECK_OK(sync_directory(directory_));
        table_->learn(BlobTable::Known::outer, hash);
    }
    if (!table_->knows(BlobTable::Known::inner, hash)) {
        CHECK_OK(noting(disk_.make_directory(inner)));
        CHECK_OK(sync_directory(outer));
        table_->learn(BlobTable::Known::inner, hash);
    }
    return {};
}

// For a file that was there when we came: its content is durable (it was synced before its rename),
// its name perhaps not.
Result<> BlobFiles::settle(const Hash& hash) {
    CHECK_OK(make_path(hash));
    if (table_->knows(BlobTable::Known::content, hash))
        return {};
    CHECK_OK(sync_directory(parent_of(path_of(hash))));
    table_->learn(BlobTable::Known::content, hash);
    return {};
}

Result<Pin> BlobFiles::pin(const Hash& hash) {
    CHECK_OK(refuse_when_closed());
    auto entered = table_->enter(hash);
    if (auto* pin = std::get_if<Pin>(&entered))
        return std::move(*pin);
    auto& turn = std::get<BlobTable::Turn>(entered);
    TRY(const auto bytes, disk_.size(path_of(hash)));
    CHECK_OK(settle(hash));
    return turn.succeed(bytes);
}

Result<std::string> BlobFiles::read(const Hash& hash, std::uint64_t offset, std::size_t length) {
    return disk_.read(path_of(hash), offset, length);
}

Result<std::string> BlobFiles::read(const Hash& hash) {
    TRY(auto bytes, disk_.read(path_of(hash), 0, std::string().max_size()));
    if (blake2b256(bytes) != hash)
        return fail(Code::corrupt, fmt::format("blob {} is damaged", hash.hex()));
    return bytes;
}

Result<std::uint64_t> BlobFiles::size(const Hash& hash) { return disk_.size(path_of(hash)); }

Result<> BlobFiles::verify(const Hash& hash) {
    const auto path = path_of(hash);
    Hasher hasher;
    for (std::uint64_t offset = 0;;) {
        TRY(const auto bytes, disk_.read(path, offset, limits::kBlobChunk));
        hasher.update(bytes);
        offset += bytes.size();
        if (bytes.size() < limits::kBlobChunk)
            break;
    }
    if (hasher.finish() != hash)
        return fail(Code::corrupt, fmt::format("blob {} is damaged", hash.hex()));
    return {};
}

Result<BlobWriter> BlobFiles::writer() {
    CHECK_OK(refuse_when_closed());
    CHECK_OK(refuse_when_low());
    auto path = temporary_path();
    TRY(auto file, disk_.create(path));
    return BlobWriter(*this, std::move(path), std::move(file));
}

BlobWriter::BlobWriter(BlobFiles& files, std::string path, std::unique_ptr<OutputFile> file)
    : files_(&files), path_(std::move(path)), file_(std::move(file)) {}

BlobWriter::BlobWriter(BlobWriter&& other) noexcept
    : files_(std::exchange(other.files_, nullptr)), path_(std::move(other.path_)),
      file_(std::move(other.file_)), hasher_(other.hasher_), size_(other.size_) {}

BlobWriter::~BlobWriter() {
    if (files_ == nullptr || path_.empty())
        return;
    file_.reset();
    // What stays is removed at the next start.
    (void)files_->disk_.remove(path_);
}

Result<> BlobWriter::append(std::string_view bytes) {
    ENSURE(file_ != nullptr);
    hasher_.update(bytes);
    size_ += bytes.size();
    return files_->noting(file_->append(bytes));
}

Result<Pin> BlobWriter::finish() {
    ENSURE(file_ != nullptr);
    const auto file = std::move(file_);
    return files_->enter(hasher_.finish(), size_, [&]() -> Result<std::string> {
        CHECK_OK(files_->noting(file->finish()));
        // From here the name belongs to place(), which renames or removes it.
        return std::exchange(path_, std::string());
    });
}

} // namespace lockstep::store
