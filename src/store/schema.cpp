// DDL in the subset that SQLite and PostgreSQL share ({I64}, {BLOB}, {KEYED} and {WORDS} differ),
// one entry a version. Invariants: an entry that was released is never edited; every primary key of
// a shard begins with account_id.
#include "store/schema.hpp"

#include "base/text.hpp"
#include "store/schema_2.hpp"

namespace lockstep::store {
namespace {

constexpr const char* kControl1 = R"sql(
CREATE TABLE domain (domain_id {I64} NOT NULL, name TEXT NOT NULL, created_us {I64} NOT NULL, PRIMARY KEY (domain_id)){KEYED};
CREATE UNIQUE INDEX domain_name ON domain (name);
CREATE TABLE account (
  account_id {I64} NOT NULL, domain_id {I64} NOT NULL, kind {I64} NOT NULL, local TEXT NOT NULL, name TEXT NOT NULL,
  language TEXT NOT NULL, zone TEXT NOT NULL, verifier TEXT NOT NULL, generation {I64} NOT NULL, doors {I64} NOT NULL,
  quota_bytes {I64} NOT NULL, status {I64} NOT NULL, default_right {I64} NOT NULL, created_us {I64} NOT NULL,
  PRIMARY KEY (account_id)){KEYED};
CREATE UNIQUE INDEX account_local ON account (domain_id, local);
CREATE TABLE address (address TEXT NOT NULL, account_id {I64} NOT NULL, PRIMARY KEY (address)){KEYED};
CREATE INDEX address_account ON address (account_id);
CREATE TABLE member (owner_id {I64} NOT NULL, account_id {I64} NOT NULL, granted {I64} NOT NULL, PRIMARY KEY (owner_id, account_id)){KEYED};
CREATE INDEX member_account ON member (account_id, owner_id);
CREATE TABLE app_password (
  account_id {I64} NOT NULL, password_id {I64} NOT NULL, name TEXT NOT NULL, scope {I64} NOT NULL, verifier {BLOB} NOT NULL,
  created_us {I64} NOT NULL, PRIMARY KEY (account_id, password_id)){KEYED};
CREATE TABLE counter (name TEXT NOT NULL, value {I64} NOT NULL, PRIMARY KEY (name)){KEYED};
CREATE TABLE secret (name TEXT NOT NULL, bytes {BLOB} NOT NULL, PRIMARY KEY (name)){KEYED};
)sql";

constexpr const char* kShard1 = R"sql(
CREATE TABLE account_state (
  account_id {I64} NOT NULL, modseq {I64} NOT NULL, next_collection {I64} NOT NULL, next_item {I64} NOT NULL,
  floor {I64} NOT NULL, epoch {I64} NOT NULL, used_bytes {I64} NOT NULL, PRIMARY KEY (account_id)){KEYED};
CREATE TABLE collection (
  account_id {I64} NOT NULL, coll_id {I64} NOT NULL, parent_id {I64} NOT NULL, class {I64} NOT NULL, role {I64} NOT NULL,
  name TEXT NOT NULL, uidvalidity {I64} NOT NULL, uidnext {I64} NOT NULL, created {I64} NOT NULL, modseq {I64} NOT NULL,
  highest {I64} NOT NULL, total {I64} NOT NULL, unseen {I64} NOT NULL, author {I64} NOT NULL,
  PRIMARY KEY (account_id, coll_id)){KEYED};
CREATE UNIQUE INDEX collection_name ON collection (account_id, parent_id, class, name);
CREATE INDEX collection_change ON collection (account_id, modseq, coll_id);
CREATE TABLE collection_tombstone (
  account_id {I64} NOT NULL, modseq {I64} NOT NULL, coll_id {I64} NOT NULL, created {I64} NOT NULL, class {I64} NOT NULL,
  author {I64} NOT NULL, PRIMARY KEY (account_id, modseq, coll_id)){KEYED};
CREATE TABLE item (
  account_id {I64} NOT NULL, coll_id {I64} NOT NULL, uid {I64} NOT NULL, item_id {I64} NOT NULL, class {I64} NOT NULL,
  modseq {I64} NOT NULL, placed {I64} NOT NULL, content {I64} NOT NULL, foreign_seq {I64} NOT NULL,
  author {I64} NOT NULL, creator {I64} NOT NULL, win_low {I64} NOT NULL, win_high {I64} NOT NULL,
  flags {I64} NOT NULL, received_us {I64} NOT NULL, size {I64} NOT NULL, blob_hash {BLOB} NOT NULL,
  uid_text TEXT NOT NULL, props TEXT NOT NULL, seen_seq {I64} NOT NULL, follow_up_seq {I64} NOT NULL,
  labels_seq {I64} NOT NULL, verb_seq {I64} NOT NULL, PRIMARY KEY (account_id, coll_id, uid)){KEYED};
CREATE UNIQUE INDEX item_id ON item (account_id, item_id);
CREATE INDEX item_change ON item (account_id, coll_id, modseq, uid);
CREATE INDEX item_high ON item (account_id, coll_id, win_high, uid);
CREATE INDEX item_low ON item (account_id, coll_id, win_low, uid) WHERE class = 2;
CREATE INDEX item_uid_text ON item (account_id, coll_id, uid_text);
CREATE TABLE item_digest (account_id {I64} NOT NULL, item_id {I64} NOT NULL, digest {BLOB} NOT NULL, PRIMARY KEY (account_id, item_id)){KEYED};
CREATE TABLE tombstone (
  account_id {I64} NOT NULL, coll_id {I64} NOT NULL, modseq {I64} NOT NULL, uid {I64} NOT NULL, item_id {I64} NOT NULL,
  placed {I64} NOT NULL, win_low {I64} NOT NULL, win_high {I64} NOT NULL, author {I64} NOT NULL, creator {I64} NOT NULL,
  moved {I64} NOT NULL, PRIMARY KEY (account_id, coll_id, modseq, uid)){KEYED};
CREATE INDEX tombstone_uid ON tombstone (account_id, coll_id, uid);
CREATE TABLE window_move (
  account_id {I64} NOT NULL, coll_id {I64} NOT NULL, uid {I64} NOT NULL, modseq {I64} NOT NULL,
  win_low {I64} NOT NULL, win_high {I64} NOT NULL, PRIMARY KEY (account_id, coll_id, uid, modseq)){KEYED};
CREATE INDEX window_move_change ON window_move (account_id, modseq);
CREATE TABLE blob (
  account_id {I64} NOT NULL, hash {BLOB} NOT NULL, size {I64} NOT NULL, refs {I64} NOT NULL, bytes {BLOB},
  PRIMARY KEY (account_id, hash)){KEYED};
CREATE INDEX blob_file ON blob (hash) WHERE bytes IS NULL;
CREATE TABLE device (
  account_id {I64} NOT NULL, device_id TEXT NOT NULL, author {I64} NOT NULL, kind TEXT NOT NULL, agent TEXT NOT NULL,
  version {I64} NOT NULL, policy_key {I64} NOT NULL, policy_state {I64} NOT NULL, info TEXT NOT NULL, ping TEXT NOT NULL,
  status {I64} NOT NULL, created_us {I64} NOT NULL, seen_us {I64} NOT NULL, PRIMARY KEY (account_id, device_id)){KEYED};
CREATE TABLE sync_state (
  account_id {I64} NOT NULL, device_id TEXT NOT NULL, owner_id {I64} NOT NULL, coll_id {I64} NOT NULL,
  state {BLOB} NOT NULL, updated_us {I64} NOT NULL, PRIMARY KEY (account_id, device_id, owner_id, coll_id)){KEYED};
CREATE TABLE client_op (
  account_id {I64} NOT NULL, author {I64} NOT NULL, coll_id {I64} NOT NULL, client_id TEXT NOT NULL, uid {I64} NOT NULL,
  expires_us {I64} NOT NULL, PRIMARY KEY (account_id, author, coll_id, client_id)){KEYED};
CREATE INDEX client_op_expiry ON client_op (account_id, expires_us);
CREATE TABLE outbox (
  account_id {I64} NOT NULL, job_id {I64} NOT NULL, kind {I64} NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
  blob_hash {BLOB} NOT NULL, created_us {I64} NOT NULL, PRIMARY KEY (account_id, job_id)){KEYED};
CREATE TABLE delivered (
  account_id {I64} NOT NULL, source_id {I64} NOT NULL, job_id {I64} NOT NULL, expires_us {I64} NOT NULL,
  PRIMARY KEY (account_id, source_id, job_id)){KEYED};
)sql";

constexpr SchemaStep kSteps[] = {{kControl1, kShard1}, {kControl2, kShard2}};

constexpr Sql kReadMeta{"SELECT value FROM meta WHERE name = $1"};
constexpr Sql kWriteMeta{"INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO "
                         "UPDATE SET value = excluded.value"};

/// The word index; a rowid holds account and item (search.cpp). Texts come folded, without marks on
/// letters.
constexpr const char* kWordIndex =
    "CREATE VIRTUAL TABLE search_words USING fts5(sender, rcpt, cc, bcc, subject, body, "
    "attachment, content='', detail=column, columnsize=0, tokenize=\"unicode61 remove_diacritics "
    "2\");";

std::string in_dialect(const char* ddl) {
    auto text = replace_all(ddl, "{I64}", "INTEGER");
    text = replace_all(text, "{WORDS}", kWordIndex);
    text = replace_all(text, "{BLOB}", "BLOB");
    return replace_all(text, "{KEYED}", " WITHOUT ROWID");
}

std::int64_t read_meta(SqliteConnection& connection, std::string_view name) {
    const Value values[] = {name};
    auto rows = Rows(connection.prepare(kReadMeta, values));
    return rows.next() ? rows.i64(0) : 0;
}

void write_meta(SqliteConnection& connection, std::string_view name, std::int64_t value) {
    const Value values[] = {name, value};
    auto rows = Rows(connection.prepare(kWriteMeta, values));
    rows.next();
}

} // namespace

std::span<const SchemaStep> schema_steps() { return kSteps; }

void migrate(
    SqliteConnection& connection, std::span<const SchemaStep> steps, const char* SchemaStep::* part
) {
    connection.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT NOT NULL PRIMARY KEY, value "
                       "INTEGER NOT NULL) WITHOUT ROWID");
    const auto version = read_meta(connection, "schema");
    const auto newest = static_cast<std::int64_t>(steps.size());
    if (version > newest)
        throw SqlFailure(
            Code::unsupported, "the store was written by a newer Lockstep (schema " +
                                   std::to_string(version) + "; this one knows " +
                                   std::to_string(newest) + "): please run that version"
        );
    for (auto next = version; next < newest; ++next) {
        connection.execute("BEGIN IMMEDIATE");
        connection.execute(in_dialect(steps[static_cast<std::size_t>(next)].*part));
        write_meta(connection, "schema", next + 1);
        connection.execute("COMMIT");
    }
}

int migrate_control(SqliteConnection& connection, int wanted) {
    migrate(connection, kSteps, &SchemaStep::control);
    auto shards = read_meta(connection, "shards");
    if (shards == 0) {
        shards = std::clamp(wanted, 1, 64);
        write_meta(connection, "shards", shards);
    }
    return static_cast<int>(shards);
}

void migrate_shard(SqliteConnection& connection) {
    migrate(connection, kSteps, &SchemaStep::shard);
}

std::int64_t control_schema_version() { return std::size(kSteps); }
std::int64_t shard_schema_version() { return std::size(kSteps); }

} // namespace lockstep::store
