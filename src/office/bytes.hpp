// Bytes as doors hand them in and out: uploads, and the stored forms of items and their parts.
// Invariants: one permission check a call; large bytes are streamed, never gathered. Errors:
// not_found (no such bytes, or none that the actor may read), too_large, over_quota, unavailable.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "office/folders.hpp"
#include "store/items.hpp"
#include "store/uploads.hpp"

namespace lockstep::office {

/// Takes bytes as they come: little ones in memory, more into a file. Unless they are kept nothing
/// is left behind.
class Spool {
public:
    /// `office` must outlive the object.
    explicit Spool(Office& office) : office_(office) {}
    /// Blocks on the disk for large ones. Errors: unavailable.
    [[nodiscard]] Result<> append(std::string_view piece);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// The bytes, durable. Call once. Blocks on the disk.
    [[nodiscard]] Result<store::Blob> finish();

private:
    Office& office_;
    std::string held_;
    std::uint64_t size_ = 0;
    std::unique_ptr<store::BlobWriter> file_;
};

/// Keeps the bytes as an upload into the owner's account for limits::kJmapUploadLife.
[[nodiscard]] Task<Result<store::Upload>>
keep_upload(Office& office, const Owner& owner, std::shared_ptr<Spool> spool, std::string type);

/// A range of stored bytes of an account.
struct Span {
    std::string blob; ///< 32-byte hash
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string type; ///< as far as known
};
[[nodiscard]] Task<Result<Span>> find_upload(Office& office, const Owner& owner, std::int64_t id);
/// An item that lies in a collection which the actor may read.
[[nodiscard]] Task<Result<model::Item>>
find_readable(Office& office, const Actor& actor, const Owner& owner, model::ItemId id);
/// At most `length` bytes of the span from `offset` in it.
[[nodiscard]] Task<Result<std::string>> read_span(
    Office& office, const Owner& owner, Span span, std::uint64_t offset, std::uint64_t length
);

} // namespace lockstep::office
