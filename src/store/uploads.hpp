// Uploads: bytes that a client sent ahead of the item that will hold them.
// Spec: RFC 8620 6. Invariants: an upload holds one reference of its blob until it expires; what
// took its bytes over holds its own.
#pragma once
#include <optional>
#include <string>

#include "model/model.hpp"
#include "store/blobs.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct Upload {
    std::int64_t id = 0;
    std::string type; ///< media type as the client named it
    std::string blob; ///< 32-byte hash
    std::int64_t size = 0;
    std::int64_t expires_us = 0;
};

/// Adds an upload with a random id and returns it.
[[nodiscard]] Upload add_upload(
    Txn& txn, model::AccountId account, const Blob& blob, const std::string& type,
    std::int64_t expires_us
);
[[nodiscard]] std::optional<Upload>
find_upload(Snapshot& snapshot, model::AccountId account, std::int64_t id);
[[nodiscard]] bool
has_expired_uploads(Snapshot& snapshot, model::AccountId account, std::int64_t now_us);
/// Removes at most `most` expired uploads and answers how many.
std::uint64_t
expire_uploads(Txn& txn, model::AccountId account, std::int64_t now_us, std::size_t most);

} // namespace lockstep::store
