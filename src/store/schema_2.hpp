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
)sql";

} // namespace lockstep::store
