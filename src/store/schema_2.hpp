// Version 2 of the schema: what was added after the first store. One block a subject, in the order
// of their coming. Invariants: as schema.cpp says; this entry is open until the next release, then
// frozen.
#pragma once

namespace lockstep::store {

inline constexpr const char* kControl2 = R"sql(
)sql";

inline constexpr const char* kShard2 =
    // What an account, or one of its devices, was set to (settings.hpp).
    R"sql(
CREATE TABLE setting (
  account_id {I64} NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (account_id, scope, name)){KEYED};
)sql"
    // Messages about meetings that are on their way out, and what was last told to whom
    // (office/scheduling_queue.hpp).
    R"sql(
CREATE TABLE meeting_out (
  account_id {I64} NOT NULL, job_id {I64} NOT NULL, sender_id {I64} NOT NULL, letter {BLOB} NOT NULL,
  created_us {I64} NOT NULL, PRIMARY KEY (account_id, job_id)){KEYED};
CREATE TABLE meeting_told (
  account_id {I64} NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, at_us {I64} NOT NULL,
  PRIMARY KEY (account_id, name)){KEYED};
)sql"
    // Bytes that a client sent and has not yet put into an item (uploads.hpp).
    R"sql(
CREATE TABLE upload (
  account_id {I64} NOT NULL, upload_id {I64} NOT NULL, type TEXT NOT NULL, blob_hash {BLOB} NOT NULL, size {I64} NOT NULL,
  expires_us {I64} NOT NULL, PRIMARY KEY (account_id, upload_id)){KEYED};
)sql";

} // namespace lockstep::store
