// Stored forms: under 8 KiB inside the shard file, larger ones as content-addressed files; one
// reference count per account. Invariants: a file is durable before its row (D3); the row lives as
// long as an item or outbox entry refers to it. Errors: not_found, corrupt, unavailable (disk full,
// closed for writing).
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "model/model.hpp"
#include "store/blob_files.hpp"
#include "store/database.hpp"

namespace lockstep::store {

inline constexpr std::size_t kInlineBlob =
    8'192; ///< bytes below which a stored form lies in the shard file

/// Bytes ready to be linked: either small and held here, or durable in a file and pinned.
struct Blob {
    Hash hash;
    std::uint64_t size = 0;
    std::shared_ptr<const std::string> bytes; ///< small ones
    std::shared_ptr<const Pin> pin;           ///< large ones
};

/// Makes a blob ready. Blocks on the disk when the bytes are large: call it on a worker thread.
[[nodiscard]] Result<Blob> make_blob(BlobFiles& files, std::string bytes);

/// Adds one reference of the account (and the row, at the first one).
void link_blob(Txn& txn, model::AccountId account, const Blob& blob);
/// Takes one reference back; the row goes with the last one, the file with a later sweep.
void unlink_blob(Txn& txn, model::AccountId account, std::string_view hash);
/// Adds a reference to a blob that the account already has. Error: not_found.
[[nodiscard]] Result<> relink_blob(Txn& txn, model::AccountId account, std::string_view hash);

/// Where a blob's bytes are, as read from its row.
struct BlobPlace {
    std::uint64_t size = 0;
    bool in_file = false;
    std::string bytes; ///< those of a small one
};
[[nodiscard]] Result<BlobPlace>
find_blob(Snapshot& snapshot, model::AccountId account, std::string_view hash);
/// At most `length` bytes from `offset`. Blocks on the disk.
[[nodiscard]] Result<std::string> read_blob(
    Snapshot& snapshot, BlobFiles& files, model::AccountId account, std::string_view hash,
    std::uint64_t offset = 0, std::uint64_t length = UINT64_MAX
);
/// Whether any account of this file refers to the blob's file (for the sweep).
[[nodiscard]] bool blob_file_is_referenced(Snapshot& snapshot, std::string_view hash);

} // namespace lockstep::store
