// SQL of uploads.
#include "store/uploads.hpp"

#include <cstring>
#include <vector>

#include "base/crypto.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kAddUpload{"INSERT INTO upload (account_id, upload_id, type, blob_hash, size, "
                         "expires_us) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Sql kFindUpload{"SELECT upload_id, type, blob_hash, size, expires_us FROM upload WHERE "
                          "account_id = $1 AND upload_id = $2"};
constexpr Sql kExpiredUploads{
    "SELECT upload_id, blob_hash FROM upload WHERE account_id = $1 AND expires_us < $2 LIMIT $3"
};
constexpr Sql kDropUpload{"DELETE FROM upload WHERE account_id = $1 AND upload_id = $2"};

std::int64_t random_id() {
    std::int64_t value = 0;
    const auto bytes = random_bytes(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return (value & 0x1FFFFFFFFFFFFF) + 1;
}

} // namespace

Upload add_upload(
    Txn& txn, model::AccountId account, const Blob& blob, const std::string& type,
    std::int64_t expires_us
) {
    txn.require_growth();
    Upload upload{
        random_id(), type, std::string(blob.hash.raw()), static_cast<std::int64_t>(blob.size),
        expires_us
    };
    link_blob(txn, account, blob);
    txn.exec(
        kAddUpload, account, upload.id, type, Bytes{upload.blob}, upload.size, upload.expires_us
    );
    return upload;
}

std::optional<Upload> find_upload(Snapshot& snapshot, model::AccountId account, std::int64_t id) {
    auto rows = snapshot.query(kFindUpload, account, id);
    if (!rows.next())
        return std::nullopt;
    return Upload{rows.i64(0), rows.str(1), rows.str(2), rows.i64(3), rows.i64(4)};
}

bool has_expired_uploads(Snapshot& snapshot, model::AccountId account, std::int64_t now_us) {
    return snapshot.query(kExpiredUploads, account, now_us, 1).next();
}

std::uint64_t
expire_uploads(Txn& txn, model::AccountId account, std::int64_t now_us, std::size_t most) {
    std::vector<std::pair<std::int64_t, std::string>> expired;
    for (auto rows = txn.query(kExpiredUploads, account, now_us, most); rows.next();)
        expired.emplace_back(rows.i64(0), rows.str(1));
    for (const auto& [id, hash] : expired) {
        txn.exec(kDropUpload, account, id);
        unlink_blob(txn, account, hash);
    }
    return expired.size();
}

} // namespace lockstep::store
