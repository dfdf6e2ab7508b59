// verify: every blob file against its name, and every row against its file (D3, D10).
#include <future>

#include <fmt/format.h>

#include "store/blob_references.hpp"
#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr std::size_t kFilePage = 500; ///< rows looked at together

constexpr Sql kExamFileRows{
    "SELECT hash, size, account_id FROM blob WHERE bytes IS NULL AND hash > "
    "$1 ORDER BY hash, account_id LIMIT $2"
};
constexpr Sql kStillThere{"SELECT 1 FROM blob WHERE account_id = $1 AND hash = $2 AND bytes IS NULL"
};

struct FileRow {
    std::string hash;
    std::int64_t size = 0;
    model::AccountId account;
};

/// Rows of the next hashes, all of a hash together; the page ends with a whole hash.
std::vector<FileRow> file_rows(Snapshot& snapshot, const std::string& after, std::size_t limit) {
    std::vector<FileRow> page;
    for (auto row = snapshot.query(kExamFileRows, Bytes{after}, limit); row.next();)
        page.push_back({row.str(0), row.i64(1), row.id<model::AccountId>(2)});
    return page;
}

Result<>
examine_row(Database& db, Plane plane, BlobFiles& files, const FileRow& row, Examined& out) {
    const auto name = Hash::from_raw(row.hash);
    const auto size = name ? files.size(*name) : Result<std::uint64_t>(std::unexpect, name.error());
    if (size && static_cast<std::int64_t>(*size) == row.size)
        return {};
    // Written, used and removed meanwhile, all of it in order.
    TRY(const auto there, wait_for_read<bool>(db, plane, [&](Snapshot& snapshot) -> Result<bool> {
            return snapshot.scalar(kStillThere, row.account, Bytes{row.hash}).has_value();
        }));
    if (!there)
        return {};
    const auto where = fmt::format(
        "account {} blob {}", row.account.value, name ? name->hex() : std::string("without name")
    );
    if (!size && size.error().code != Code::not_found && size.error().code != Code::bad_syntax)
        return std::unexpected(size.error());
    if (!size)
        out.add("file-missing", where, "there is no such file");
    else
        out.add(
            "file-size", where, fmt::format("the row says {}, the file has {}", row.size, *size)
        );
    return {};
}

Result<> examine_rows(
    Database& db, Plane plane, BlobFiles& files, const VerifyOptions& options, Examined& out
) {
    std::string after;
    for (std::size_t limit = kFilePage;;) {
        if (options.stopping && options.stopping())
            return fail(Code::closed, "stopping");
        TRY(auto page, wait_for_read<std::vector<FileRow>>(
                           db, plane,
                           [&](Snapshot& snapshot) -> Result<std::vector<FileRow>> {
                               return file_rows(snapshot, after, limit);
                           }
                       ));
        const bool last = page.size() < limit;
        // A hash whose rows do not all fit belongs to the next page.
        if (!last)
            std::erase_if(page, [end = page.back().hash](const FileRow& row) {
                return row.hash == end;
            });
        if (page.empty() && !last) {
            limit *= 2;
            continue;
        }
        for (const auto& row : page)
            CHECK_OK(examine_row(db, plane, files, row, out));
        if (last)
            return {};
        after = page.back().hash;
        limit = kFilePage;
    }
}

} // namespace

Result<>
examine_files(Database& db, BlobFiles& files, const VerifyOptions& options, Examined& out) {
    for (int shard = 0; shard < db.engine().shards(); ++shard)
        CHECK_OK(examine_rows(db, Plane{shard}, files, options, out));
    return files.each([&](const Hash& hash) -> Result<> {
        if (options.stopping && options.stopping())
            return fail(Code::closed, "stopping");
        TRY(const bool referenced, blob_is_referenced(db, hash));
        if (!referenced) {
            ++out.tally.orphans;
            return {};
        }
        ++out.tally.files;
        const auto sound = files.verify(hash);
        if (sound || sound.error().code == Code::not_found)
            return {}; // one that is not there any more was a row's end, or was found above
        if (sound.error().code != Code::corrupt)
            return sound;
        out.add("file-damaged", "blob " + hash.hex(), sound.error().text);
        return {};
    });
}

} // namespace lockstep::store
