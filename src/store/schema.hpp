// The schema of the control file and of the shard files, and the migrations that lead to it.
// Spec: docs/store.md. Invariants: forward only; each step is one transaction, so an interrupted
// migration resumes.
#pragma once
#include <cstdint>
#include <span>

#include "store/sqlite_connection.hpp"

namespace lockstep::store {

/// What leads from one version to the next, in each kind of file; {I64}, {BLOB} and {KEYED} stand
/// for the engine's words.
struct SchemaStep {
    const char* control;
    const char* shard;
};
/// All steps: version n is what the first n make.
[[nodiscard]] std::span<const SchemaStep> schema_steps();
/// Runs those of `steps` that the file does not have yet, each in a transaction with the new
/// version. Throws as below; the file is then as after the last whole step, once the connection is
/// closed.
void migrate(
    SqliteConnection& connection, std::span<const SchemaStep> steps, const char* SchemaStep::* part
);

/// Brings the control file up to date and returns the number of shards (`wanted` for a new store).
/// Throws SqlFailure; Code::unsupported when the file was written by a newer program.
int migrate_control(SqliteConnection& connection, int wanted);
/// The same for a shard file.
void migrate_shard(SqliteConnection& connection);

/// Versions that this program writes.
[[nodiscard]] std::int64_t control_schema_version();
[[nodiscard]] std::int64_t shard_schema_version();

} // namespace lockstep::store
