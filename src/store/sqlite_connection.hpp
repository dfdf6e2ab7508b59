// One SQLite connection with its prepared statements.
// Invariants: used by one thread at a time. Only the writer's connection may write or checkpoint
// (see docs/store.md).
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sql.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace lockstep::store {

class SqliteStatement final : public Statement {
public:
    SqliteStatement(sqlite3* db, const char* sql);
    ~SqliteStatement() override;
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;
    void bind(std::span<const Value> values);
    bool step() override;
    std::int64_t integer(int column) override;
    std::string_view text(int column) override;
    bool is_null(int column) override;
    std::int64_t changes() override;
    void reset() override;
    [[nodiscard]] bool busy() const { return busy_; }

private:
    sqlite3* db_;
    sqlite3_stmt* handle_ = nullptr;
    std::vector<int> positions_; ///< SQLite's index of $1, $2, ...
    bool busy_ = false;
};

class SqliteConnection {
public:
    enum class Mode { writer, reader };
    /// Throws SqlFailure. `file` may be ":memory:".
    SqliteConnection(const std::string& file, Mode mode, const std::string& vfs);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;
    /// A statement ready to step, from the cache; one that is still under way is not reused.
    SqliteStatement& prepare(const Sql& sql, std::span<const Value> values);
    /// Text that is run once (DDL, pragmas).
    void execute(const char* sql);
    void execute(const std::string& sql) { execute(sql.c_str()); }
    [[nodiscard]] bool in_transaction() const;
    /// Pages in the write-ahead log after this writer's last commit.
    [[nodiscard]] int log_pages() const { return log_pages_; }

private:
    void set_up(Mode mode);
    sqlite3* db_ = nullptr;
    int log_pages_ = 0;
    std::unordered_map<const Sql*, std::vector<std::unique_ptr<SqliteStatement>>> cache_;
};

} // namespace lockstep::store
