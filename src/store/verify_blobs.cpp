// verify: blob rows against those who refer to them, and small bodies against their hash (D10).
// Invariants: references are counted in ranges of the hash, so that memory stays bounded however
// many items there are.
#include <unordered_map>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/blobs.hpp"
#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kExamReferences{
    "SELECT blob_hash FROM item WHERE account_id = $1 AND blob_hash >= $2 AND blob_hash < $3 "
    "UNION ALL "
    "SELECT blob_hash FROM outbox WHERE account_id = $1 AND blob_hash >= $2 AND blob_hash < $3 "
    "UNION ALL "
    "SELECT blob_hash FROM upload WHERE account_id = $1 AND blob_hash >= $2 AND blob_hash < $3 "
    "UNION ALL "
    "SELECT blob_hash FROM buried WHERE account_id = $1 AND blob_hash >= $2 AND blob_hash < $3 "
    "UNION ALL "
    "SELECT blob_hash FROM queue WHERE account_id = $1 AND blob_hash >= $2 AND blob_hash < $3"
};
constexpr Sql kExamBlobs{"SELECT hash, size, refs, bytes FROM blob WHERE account_id = $1 AND hash "
                         ">= $2 AND hash < $3"};
constexpr Sql kMendReferences{"UPDATE blob SET refs = $3 WHERE account_id = $1 AND hash = $2"};
constexpr Sql kMendBlobSize{"UPDATE blob SET size = $3 WHERE account_id = $1 AND hash = $2"};
constexpr Sql kMendDropBlob{"DELETE FROM blob WHERE account_id = $1 AND hash = $2"};
constexpr Sql kMendRelink{
    "INSERT INTO blob (account_id, hash, size, refs, bytes) VALUES ($1, $2, $3, $4, NULL)"
};

/// The lower bound of part `part` of `parts` of all hashes: two bytes are fine enough.
std::string hash_bound(std::uint64_t part, std::uint64_t parts) {
    if (part == 0)
        return {};
    if (part == parts)
        return std::string(Hash::kBytes + 1, '\xFF');
    const auto at = part * 0x10000 / parts;
    return {static_cast<char>(at >> 8U), static_cast<char>(at & 0xFFU)};
}

std::string hex_of(const std::string& hash) {
    const auto read = Hash::from_raw(hash);
    return read ? read->hex() : fmt::format("of {} bytes", hash.size());
}

} // namespace

void AccountExam::check_blobs() {
    const auto parts = std::min<std::uint64_t>(1 + items_ / limits::kVerifyReferences, 0x10000);
    for (std::uint64_t part = 0; part < parts; ++part)
        check_blob_range(hash_bound(part, parts), hash_bound(part + 1, parts));
}

void AccountExam::check_blob_range(const std::string& from, const std::string& to) {
    std::unordered_map<std::string, std::int64_t> references;
    for (auto row = snapshot_.query(kExamReferences, account_, Bytes{from}, Bytes{to}); row.next();)
        ++references[row.str(0)];
    for (auto row = snapshot_.query(kExamBlobs, account_, Bytes{from}, Bytes{to}); row.next();) {
        ++out_.tally.blobs;
        const auto hash = row.str(0);
        const auto found = references.find(hash);
        const auto counted = found == references.end() ? 0 : found->second;
        if (found != references.end())
            references.erase(found);
        check_blob(row, hash, counted, here("blob " + hex_of(hash)));
    }
    for (const auto& [hash, count] : references)
        missing_blob(hash, count);
}

void AccountExam::check_blob(
    const Rows& row, const std::string& hash, std::int64_t references, const std::string& where
) {
    if (row.i64(2) != references)
        out_.add(
            "blob-refs", where, fmt::format("stored {}, counted {}", row.i64(2), references),
            Remedy::recount,
            [account = account_, hash, references](Txn& txn) {
                if (references == 0)
                    txn.exec(kMendDropBlob, account, Bytes{hash});
                else
                    txn.exec(kMendReferences, account, Bytes{hash}, references);
            }
        );
    if (row.null(3))
        return;
    const auto bytes = row.view(3);
    if (blake2b256(bytes).raw() != hash) {
        out_.add("blob-damaged", where, "the stored body is not what its hash says");
        return;
    }
    if (static_cast<std::int64_t>(bytes.size()) != row.i64(1))
        out_.add(
            "blob-size", where, fmt::format("stored {}, has {}", row.i64(1), bytes.size()),
            Remedy::recount,
            [account = account_, hash, size = bytes.size()](Txn& txn) {
                txn.exec(kMendBlobSize, account, Bytes{hash}, size);
            }
        );
}

/// A body in a file may be found again by its name.
void AccountExam::missing_blob(const std::string& hash, std::int64_t references) {
    const auto where = here("blob " + hex_of(hash));
    const auto name = Hash::from_raw(hash);
    if (!name || !files_.size(*name)) {
        out_.add("blob-missing", where, fmt::format("{} rows refer to it", references));
        return;
    }
    out_.add(
        "blob-missing", where, fmt::format("{} rows refer to it; its file is there", references),
        Remedy::repair,
        [account = account_, name = *name, references, &files = files_](Txn& txn) {
            auto pin = files.pin(name);
            if (!pin)
                return;
            const auto kept = std::make_shared<const Pin>(std::move(*pin));
            txn.exec(kMendRelink, account, Bytes{name.raw()}, kept->size(), references);
            txn.keep(kept);
        }
    );
}

} // namespace lockstep::store
