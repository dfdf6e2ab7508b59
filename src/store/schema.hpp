// The schema of the control file and of the shard files, and the migrations that lead to it.
// Spec: docs/store.md. Invariants: forward only; each step is one transaction, so an interrupted
// migration resumes.
#pragma once
#include <cstdint>

#include "store/sqlite_connection.hpp"

namespace lockstep::store {

/// Brings the control file up to date and returns the number of shards (`wanted` for a new store).
/// Throws SqlFailure; Code::unsupported when the file was written by a newer program.
int migrate_control(SqliteConnection& connection, int wanted);
/// The same for a shard file.
void migrate_shard(SqliteConnection& connection);

/// Versions that this program writes.
[[nodiscard]] std::int64_t control_schema_version();
[[nodiscard]] std::int64_t shard_schema_version();

} // namespace lockstep::store
