// SQL of the blob rows.
#include "store/blobs.hpp"

#include "base/ensure.hpp"

namespace lockstep::store {
namespace {
constexpr Sql kLink{
    "INSERT INTO blob (account_id, hash, size, refs, bytes) VALUES ($1, $2, $3, 1, $4) "
    "ON CONFLICT (account_id, hash) DO UPDATE SET refs = blob.refs + 1"
};
constexpr Sql kRelink{"UPDATE blob SET refs = refs + 1 WHERE account_id = $1 AND hash = $2"};
constexpr Sql kUnlink{"UPDATE blob SET refs = refs - 1 WHERE account_id = $1 AND hash = $2"};
constexpr Sql kDropUnreferenced{"DELETE FROM blob WHERE account_id = $1 AND hash = $2 AND refs <= 0"
};
constexpr Sql kFindBlob{"SELECT size, bytes FROM blob WHERE account_id = $1 AND hash = $2"};
constexpr Sql kReferenced{"SELECT 1 FROM blob WHERE hash = $1 AND bytes IS NULL LIMIT 1"};
} // namespace

Result<Blob> make_blob(BlobFiles& files, std::string bytes) {
    Blob blob;
    blob.size = bytes.size();
    if (bytes.size() < kInlineBlob) {
        blob.hash = blake2b256(bytes);
        blob.bytes = std::make_shared<const std::string>(std::move(bytes));
        return blob;
    }
    TRY(auto pin, files.put(std::string_view(bytes)));
    blob.hash = pin.hash();
    blob.pin = std::make_shared<const Pin>(std::move(pin));
    return blob;
}

void link_blob(Txn& txn, model::AccountId account, const Blob& blob) {
    std::optional<Bytes> bytes;
    if (blob.bytes)
        bytes = Bytes{*blob.bytes};
    txn.exec(kLink, account, Bytes{blob.hash.raw()}, blob.size, bytes ? Value(*bytes) : Value());
    if (blob.pin)
        txn.keep(blob.pin);
}

void unlink_blob(Txn& txn, model::AccountId account, std::string_view hash) {
    txn.exec(kUnlink, account, Bytes{hash});
    txn.exec(kDropUnreferenced, account, Bytes{hash});
}

Result<> relink_blob(Txn& txn, model::AccountId account, std::string_view hash) {
    if (txn.exec(kRelink, account, Bytes{hash}) != 1)
        return fail(Code::not_found, "no such blob");
    return {};
}

Result<BlobPlace> find_blob(Snapshot& snapshot, model::AccountId account, std::string_view hash) {
    auto rows = snapshot.query(kFindBlob, account, Bytes{hash});
    if (!rows.next())
        return fail(Code::not_found, "no such blob");
    BlobPlace place;
    place.size = static_cast<std::uint64_t>(rows.i64(0));
    place.in_file = rows.null(1);
    if (!place.in_file)
        place.bytes = rows.str(1);
    return place;
}

Result<std::string> read_blob(
    Snapshot& snapshot, BlobFiles& files, model::AccountId account, std::string_view hash,
    std::uint64_t offset, std::uint64_t length
) {
    TRY(auto place, find_blob(snapshot, account, hash));
    if (place.in_file) {
        TRY(const auto name, Hash::from_raw(hash));
        const auto wanted =
            std::min<std::uint64_t>(length, place.size > offset ? place.size - offset : 0);
        return files.read(name, offset, static_cast<std::size_t>(wanted));
    }
    if (offset >= place.bytes.size())
        return std::string();
    if (offset == 0 && length >= place.bytes.size())
        return std::move(place.bytes);
    return place.bytes.substr(
        static_cast<std::size_t>(offset),
        static_cast<std::size_t>(std::min<std::uint64_t>(length, place.bytes.size()))
    );
}

bool blob_file_is_referenced(Snapshot& snapshot, std::string_view hash) {
    return snapshot.scalar(kReferenced, Bytes{hash}).has_value();
}

} // namespace lockstep::store
