// Jobs on a SQLite connection: what the writer and the readers of the engine share.
// Invariants: as in sqlite_engine.cpp. Internal to it.
#pragma once
#include <atomic>
#include <functional>

#include "store/database.hpp"
#include "store/sqlite_connection.hpp"

namespace lockstep::store {

struct ReadJob {
    std::function<void(Snapshot&)> work;
    Engine::Done done;
};
struct WriteJob {
    std::function<Result<>(Txn&)> work;
    Engine::Done done;
};

/// Whether the store may take anything new.
using Growth = std::atomic<bool>;

class SqliteTxn final : public Txn {
public:
    explicit SqliteTxn(SqliteConnection& connection, const Growth* growth = nullptr)
        : connection_(connection), growth_(growth) {}
    void begin() { begin_job(); }

protected:
    Statement& start(const Sql& sql, std::span<const Value> values) override {
        return connection_.prepare(sql, values);
    }
    std::int64_t run(const Sql& sql, std::span<const Value> values) override {
        auto& statement = connection_.prepare(sql, values);
        while (statement.step()) {
        }
        const auto changed = statement.changes();
        statement.reset();
        return changed;
    }
    [[nodiscard]] bool may_grow() const override { return growth_ == nullptr || *growth_; }

private:
    SqliteConnection& connection_;
    const Growth* growth_;
};

[[nodiscard]] Error as_error(const SqlFailure& failure);

/// Runs a reader's work inside one read transaction.
[[nodiscard]] Result<>
run_read(SqliteConnection& connection, const std::function<void(Snapshot&)>& work);

} // namespace lockstep::store
