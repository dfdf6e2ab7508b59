// Migrations: stores of every released version open, an interrupted step runs again, a newer store
// is refused.
// Invariants: the data sets here are frozen: they are written in the words of their version.
#include "store/schema.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "store/verify_test_support.hpp"

namespace lockstep::store {
namespace {

constexpr const char* kControlRows1 = R"sql(
INSERT INTO domain (domain_id, name, created_us) VALUES (1, 'example.org', 5);
INSERT INTO account (account_id, domain_id, kind, local, name, language, zone, verifier, generation, doors,
  quota_bytes, status, default_right, created_us)
  VALUES (1, 1, 1, 'anna', 'Anna', 'de', 'Europe/Berlin', '', 1, 7, 0, 1, 0, 5);
INSERT INTO address (address, account_id) VALUES ('anna@example.org', 1), ('a.berg@example.org', 1);
INSERT INTO app_password (account_id, password_id, name, scope, verifier, created_us) VALUES (1, 1, 'phone', 7, x'01', 5);
INSERT INTO counter (name, value) VALUES ('domain', 1), ('account', 1), ('app_password', 1);
INSERT INTO secret (name, bytes) VALUES ('app-password-key', x'00112233');
INSERT INTO meta (name, value) VALUES ('shards', 1);
)sql";

constexpr const char* kShardRows1 = R"sql(
INSERT INTO account_state (account_id, modseq, next_collection, next_item, floor, epoch, used_bytes)
  VALUES (1, 9, 4, 4, 0, 77, 51);
INSERT INTO collection (account_id, coll_id, parent_id, class, role, name, uidvalidity, uidnext, created, modseq,
  highest, total, unseen, author) VALUES
  (1, 1, 0, 1, 1, 'Inbox', 79, 3, 2, 2, 8, 1, 1, 0), (1, 2, 0, 2, 10, 'Calendar', 80, 2, 2, 2, 7, 1, 0, 0);
INSERT INTO collection_tombstone (account_id, modseq, coll_id, created, class, author) VALUES (1, 9, 3, 2, 1, 0);
INSERT INTO item (account_id, coll_id, uid, item_id, class, modseq, placed, content, foreign_seq, author, creator,
  win_low, win_high, flags, received_us, size, blob_hash, uid_text, props, seen_seq, follow_up_seq, labels_seq, verb_seq)
  VALUES
  (1, 1, 1, 1, 1, 5, 3, 3, 3, 0, 0, 10, 10, 8, 10, 19, x'a2fd20cb784bd47ce78ab774cc9dda6d779f698a92a80ccd6de939f1b3c390fc', 'a@example.org', '', 3, 5, 3, 3),
  (1, 2, 1, 2, 2, 7, 4, 7, 0, 0, 0, 20, 30, 0, 10, 32, x'a39e7b287e6125df1568688a3b4cb80144df1e07fe3ec31c5ce9f77f6ca56ecb', 'e1', '', 4, 4, 4, 4);
INSERT INTO item_digest (account_id, item_id, digest) VALUES (1, 1, x'00');
INSERT INTO tombstone (account_id, coll_id, modseq, uid, item_id, placed, win_low, win_high, author, creator, moved)
  VALUES (1, 1, 8, 2, 3, 6, 11, 11, 0, 0, 0);
INSERT INTO window_move (account_id, coll_id, uid, modseq, win_low, win_high) VALUES (1, 2, 1, 7, 15, 25);
INSERT INTO blob (account_id, hash, size, refs, bytes) VALUES
  (1, x'a2fd20cb784bd47ce78ab774cc9dda6d779f698a92a80ccd6de939f1b3c390fc', 19, 1, CAST('Subject: hi' || x'0D0A0D0A' || 'hi' || x'0D0A' AS BLOB)),
  (1, x'a39e7b287e6125df1568688a3b4cb80144df1e07fe3ec31c5ce9f77f6ca56ecb', 32, 1, CAST('BEGIN:VCALENDAR' || x'0D0A' || 'END:VCALENDAR' || x'0D0A' AS BLOB));
INSERT INTO client_op (account_id, author, coll_id, client_id, uid, expires_us) VALUES (1, 5, 1, 'c1', 1, 900);
INSERT INTO delivered (account_id, source_id, job_id, expires_us) VALUES (1, 2, 3, 900);
)sql";

constexpr Sql kSchemaVersion{"SELECT value FROM meta WHERE name = 'schema'"};
constexpr Sql kHasExtra{"SELECT count(*) FROM sqlite_master WHERE name = 'extra'"};
constexpr Sql kDomainCount{"SELECT count(*) FROM domain"};

class Migration : public ::testing::Test {
protected:
    Migration() {
        std::string name = ::testing::TempDir() + "migration_XXXXXX";
        directory_ = ::mkdtemp(name.data());
    }
    ~Migration() override { std::filesystem::remove_all(directory_); }

    [[nodiscard]] std::string file(const char* name) const { return (directory_ / name).string(); }
    SqliteConnection open(const char* name) const {
        return {file(name), SqliteConnection::Mode::writer, ""};
    }
    /// A store as version 1 left it.
    void make_version_1() const {
        const auto first = schema_steps().first(1);
        auto control = open("control.db");
        migrate(control, first, &SchemaStep::control);
        control.execute(kControlRows1);
        auto shard = open("shard-0.db");
        migrate(shard, first, &SchemaStep::shard);
        shard.execute(kShardRows1);
    }
    std::int64_t number(const Sql& sql) const {
        auto connection = open("control.db");
        auto rows = Rows(connection.prepare(sql, {}));
        return rows.next() ? rows.i64(0) : -1;
    }

    std::filesystem::path directory_;
};

TEST_F(Migration, AStoreOfVersion1OpensAndIsSound) {
    make_version_1();
    auto engine = open_sqlite({.directory = directory_.string(), .shards = 3});
    ASSERT_TRUE(engine.has_value()) << engine.error().text;
    Database db(std::move(*engine));
    EXPECT_EQ(db.engine().shards(), 1) << "an existing store keeps its number";
    auto files = BlobFiles::open(posix_file_system(), (directory_ / "blobs").string());
    Workers workers(1);
    const auto report = block_on(verify(db, **files, workers, {}));
    ASSERT_TRUE(report.has_value()) << report.error().text;
    for (const auto& finding : report->findings)
        ADD_FAILURE() << finding.word << " " << finding.where << " " << finding.text;
    EXPECT_EQ(report->items, 2U);
    EXPECT_EQ(report->tombstones, 1U);
}

TEST_F(Migration, R12ResumesAnInterruptedMigration) {
    make_version_1();
    std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
    const auto known = static_cast<std::int64_t>(steps.size());
    // Fails half way, as a full disk or a power cut would.
    steps.push_back({"CREATE TABLE extra (a {I64}); CREATE TABLE extra (a {I64})", ""});
    {
        auto connection = open("control.db");
        EXPECT_THROW(migrate(connection, steps, &SchemaStep::control), SqlFailure);
    }
    EXPECT_EQ(number(kSchemaVersion), known) << "earlier steps stay done";
    EXPECT_EQ(number(kHasExtra), 0) << "half a step is none";
    steps.back().control = "CREATE TABLE extra (a {I64}, b {BLOB})";
    for (int again = 0; again < 2; ++again) {
        auto connection = open("control.db");
        migrate(connection, steps, &SchemaStep::control);
    }
    EXPECT_EQ(number(kSchemaVersion), known + 1);
    EXPECT_EQ(number(kHasExtra), 1);
    EXPECT_EQ(number(kDomainCount), 1);
}

TEST_F(Migration, R12ANewerStoreIsRefusedWithOneSentence) {
    make_version_1();
    auto newer = open("shard-0.db");
    newer.execute("UPDATE meta SET value = 99 WHERE name = 'schema'");
    const auto engine = open_sqlite({.directory = directory_.string()});
    ASSERT_FALSE(engine.has_value());
    EXPECT_EQ(engine.error().code, Code::unsupported);
    EXPECT_NE(engine.error().text.find("newer Lockstep"), std::string::npos);
}

} // namespace
} // namespace lockstep::store
