// Asks one shard file after the other.
#include "store/blob_references.hpp"

#include "store/blobs.hpp"

namespace lockstep::store {

Result<bool> blob_is_referenced(Database& db, const Hash& hash) {
    const std::function<Result<bool>(Snapshot&)> look = [&](Snapshot& snapshot) -> Result<bool> {
        return blob_file_is_referenced(snapshot, hash.raw());
    };
    for (int shard = 0; shard < db.engine().shards(); ++shard) {
        TRY(const bool here, wait_for_read<bool>(db, Plane{shard}, look));
        if (here)
            return true;
    }
    return false;
}

} // namespace lockstep::store
