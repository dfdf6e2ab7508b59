// SQLite's C interface, wrapped; the only file besides sqlite_engine.cpp and the tests' VFS that
// knows it. Errors: every failure becomes SqlFailure with the Code that doors can map.
#include "store/sqlite_connection.hpp"

#include <sqlite3.h>

#include "base/ensure.hpp"

namespace lockstep::store {
namespace {

Code code_of(int extended) {
    switch (extended & 0xFF) {
    case SQLITE_CONSTRAINT:
        return Code::exists;
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return Code::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return Code::corrupt;
    default:
        return Code::internal;
    }
}

[[noreturn]] void fail_with(sqlite3* db, int status, const char* sql) {
    const int extended = db != nullptr ? sqlite3_extended_errcode(db) : status;
    const std::string text = std::string("sqlite: ") +
                             (db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(status)) + " (" +
                             std::to_string(extended) + ") in: " + std::string(sql).substr(0, 200);
    throw SqlFailure(code_of(extended), text);
}

/// sqlite3_wal_hook: called after each commit.
int note_log_pages(void* pages, sqlite3* /*db*/, const char* /*file*/, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

} // namespace

SqliteStatement::SqliteStatement(sqlite3* db, const char* sql) : db_(db) {
    const int status =
        sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (status != SQLITE_OK)
        fail_with(db, status, sql);
    for (int n = 1;; ++n) {
        const int position =
            sqlite3_bind_parameter_index(handle_, ("$" + std::to_string(n)).c_str());
        if (position == 0)
            break;
        positions_.push_back(position);
    }
    ENSURE(static_cast<int>(positions_.size()) == sqlite3_bind_parameter_count(handle_));
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(handle_); }

void SqliteStatement::bind(std::span<const Value> values) {
    ENSURE(values.size() == positions_.size());
    busy_ = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int position = positions_[i];
        int status = SQLITE_OK;
        if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
            status = sqlite3_bind_int64(handle_, position, *number);
        } else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
            status = sqlite3_bind_text64(
                handle_, position, text->empty() ? "" : text->data(), text->size(),
                SQLITE_TRANSIENT, SQLITE_UTF8
            );
        } else if (const auto* bytes = std::get_if<Bytes>(&values[i])) {
            status = sqlite3_bind_blob64(
                handle_, position, bytes->view.empty() ? "" : bytes->view.data(),
                bytes->view.size(), SQLITE_TRANSIENT
            );
        } else {
            status = sqlite3_bind_null(handle_, position);
        }
        if (status != SQLITE_OK)
            fail_with(db_, status, sqlite3_sql(handle_));
    }
}

bool SqliteStatement::step() {
    const int status = sqlite3_step(handle_);
    if (status == SQLITE_ROW)
        return true;
    if (status == SQLITE_DONE)
        return false;
    // Read the message before reset() replaces it, and leave the statement usable.
    try {
        fail_with(db_, status, sqlite3_sql(handle_));
    } catch (...) {
        reset();
        throw;
    }
}

std::int64_t SqliteStatement::integer(int column) { return sqlite3_column_int64(handle_, column); }

std::string_view SqliteStatement::text(int column) {
    const void* data = sqlite3_column_blob(handle_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return data == nullptr ? std::string_view{}
                           : std::string_view(static_cast<const char*>(data), size);
}

bool SqliteStatement::is_null(int column) {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::changes() { return sqlite3_changes64(db_); }

void SqliteStatement::reset() {
    sqlite3_reset(handle_);
    busy_ = false;
}

SqliteConnection::SqliteConnection(const std::string& file, Mode mode, const std::string& vfs) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                      (mode == Mode::writer ? SQLITE_OPEN_CREATE : 0);
    const int status =
        sqlite3_open_v2(file.c_str(), &db_, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (status != SQLITE_OK) {
        const std::string text =
            "cannot open " + file + ": " + (db_ != nullptr ? sqlite3_errmsg(db_) : "out of memory");
        sqlite3_close(db_);
        throw SqlFailure(Code::unavailable, text);
    }
    try {
        set_up(mode);
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

void SqliteConnection::set_up(Mode mode) {
    sqlite3_extended_result_codes(db_, 1);
    // A reader may meet the writer's short exclusive moments (recovery, WAL reset); the writer
    // meets nobody.
    sqlite3_busy_timeout(db_, 5'000);
    execute("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000");
    if (mode == Mode::writer) {
        // No checkpoints of SQLite's own: their errors would be swallowed, and a failed sync of
        // the file would be tried again (D4). The engine makes them.
        execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = "
                "0; PRAGMA journal_size_limit = 67108864");
        sqlite3_wal_hook(db_, note_log_pages, &log_pages_);
    } else {
        // Two connections that write or checkpoint at once can corrupt a WAL of this SQLite
        // version: readers do neither.
        execute("PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON");
    }
}

SqliteConnection::~SqliteConnection() {
    cache_.clear();
    sqlite3_close(db_);
}

SqliteStatement& SqliteConnection::prepare(const Sql& sql, std::span<const Value> values) {
    auto& copies = cache_[&sql];
    for (auto& copy : copies) {
        if (!copy->busy()) {
            copy->bind(values);
            return *copy;
        }
    }
    copies.push_back(std::make_unique<SqliteStatement>(db_, sql.text));
    copies.back()->bind(values);
    return *copies.back();
}

void SqliteConnection::execute(const char* sql) {
    const int status = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (status != SQLITE_OK)
        fail_with(db_, status, sql);
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

} // namespace lockstep::store
