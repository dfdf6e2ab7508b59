// The SQLite backend: one writer thread per file with group commit, a pool of reader threads with a
// connection per file. Invariants: the writer's connection alone writes and checkpoints; a job that
// fails spoils nobody else's (savepoint); after an I/O error at commit the file is closed for
// writing until the process starts again (a failed fsync is never retried).
#include <condition_variable>
#include <deque>
#include <thread>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/database.hpp"
#include "store/schema.hpp"
#include "store/sqlite_readers.hpp"

namespace lockstep::store {
namespace {

constexpr std::size_t kGroup = 256;     ///< jobs of one commit at most
constexpr int kCheckpointPages = 2'000; ///< of the log, from which on it is moved into its file
constexpr Sql kIntegrityCheck{"PRAGMA integrity_check(100)"};
constexpr Sql kPassiveCheckpoint{"PRAGMA wal_checkpoint(PASSIVE)"};
constexpr Sql kPageSize{"PRAGMA page_size"};

/// What the writers share, set before their first job.
struct Shared {
    std::function<void(std::span<const Change>)> committed;
    std::function<void()> full;
    Growth growth = true;
};

/// The writer of one file. In memory there is no second connection, so it serves the reads too,
/// between two commits.
class Writer {
public:
    Writer(std::unique_ptr<SqliteConnection> connection, std::size_t bound, const Shared& shared)
        : connection_(std::move(connection)), bound_(bound), shared_(shared),
          thread_([this] { run(); }) {}
    ~Writer() { close(); }

    void add(WriteJob job) {
        if (!enqueue([&] { writes_.push_back(std::move(job)); }))
            job.done(fail(Code::unavailable, "the write queue is full or closed"));
    }
    void add(ReadJob job) {
        if (!enqueue([&] { reads_.push_back(std::move(job)); }))
            job.done(fail(Code::unavailable, "the read queue is full or closed"));
    }
    /// Runs between two commits.
    void tidy(Engine::Done done) {
        if (!enqueue([&] { tidies_.push_back(std::move(done)); }))
            done(fail(Code::unavailable, "the write queue is full or closed"));
    }
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closing_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable())
            thread_.join();
    }

private:
    template <class F> bool enqueue(F&& push) {
        {
            const std::lock_guard lock(mutex_);
            if (closing_ || writes_.size() + reads_.size() >= bound_)
                return false;
            push();
        }
        changed_.notify_one();
        return true;
    }

    void run() {
        for (;;) {
            std::vector<WriteJob> group;
            std::deque<ReadJob> reads;
            std::vector<Engine::Done> tidies;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] {
                    return closing_ || !writes_.empty() || !reads_.empty() || !tidies_.empty();
                });
                if (writes_.empty() && reads_.empty() && tidies_.empty())
                    return;
                reads.swap(reads_);
                tidies.swap(tidies_);
                const auto count = std::min(writes_.size(), kGroup);
                group.assign(
                    std::make_move_iterator(writes_.begin()),
                    std::make_move_iterator(writes_.begin() + static_cast<std::ptrdiff_t>(count))
                );
                writes_.erase(
                    writes_.begin(), writes_.begin() + static_cast<std::ptrdiff_t>(count)
                );
            }
            for (auto& job : reads)
                job.done(run_read(*connection_, job.work));
            if (!group.empty())
                commit(group);
            // After the group was answered: nobody waits for it.
            if (tidies.empty() && !closed_for_writing_ &&
                connection_->log_pages() >= kCheckpointPages)
                std::ignore = shorten_log(); // what fails is logged there
            for (auto& done : tidies)
                done(shorten_log());
        }
    }

    /// The log grows only while a reader looks at an old state: then the next call does it. A
    /// reader that comes in between is waited for 100 ms at most, as all writes wait too.
    Result<> shorten_log() {
        if (closed_for_writing_)
            return fail(Code::unavailable, "the store is closed for writing after an I/O error");
        try {
            SqliteTxn plain(*connection_);
            std::int64_t pages = 0;
            {
                auto row = plain.query(kPassiveCheckpoint);
                pages = row.next() ? row.i64(1) : 0;
            }
            const auto page = plain.scalar(kPageSize).value_or(0);
            if (pages * page > static_cast<std::int64_t>(limits::kLogBytes)) {
                connection_->execute("PRAGMA busy_timeout = 100");
                connection_->execute("PRAGMA wal_checkpoint(TRUNCATE)");
                connection_->execute("PRAGMA busy_timeout = 5000");
            }
            return {};
        } catch (const SqlFailure& failure) {
            give_up(failure, "store.checkpoint_failed");
            return std::unexpected(as_error(failure));
        }
    }

    /// Runs the group's jobs in one transaction and tells each its result once the commit is
    /// durable.
    void commit(std::vector<WriteJob>& group) {
        std::vector<Result<>> results(group.size());
        std::vector<SqliteTxn> txns(group.size(), SqliteTxn(*connection_, &shared_.growth));
        Result<> whole;
        if (closed_for_writing_) {
            whole = fail(Code::unavailable, "the store is closed for writing after an I/O error");
        } else {
            try {
                connection_->execute("BEGIN IMMEDIATE");
                for (std::size_t i = 0; i < group.size(); ++i)
                    results[i] = run_job(txns[i], group[i]);
                connection_->execute("COMMIT");
            } catch (const SqlFailure& failure) {
                whole = std::unexpected(as_error(failure));
                give_up(failure, "store.commit_failed");
            }
        }
        if (whole)
            publish(txns, results);
        for (std::size_t i = 0; i < group.size(); ++i)
            group[i].done(whole ? std::move(results[i]) : whole);
    }

    Result<> run_job(SqliteTxn& txn, WriteJob& job) {
        txn.begin();
        connection_->execute("SAVEPOINT job");
        Result<> result;
        try {
            result = job.work(txn);
        } catch (const SqlFailure& failure) {
            result = std::unexpected(as_error(failure));
        } catch (const std::exception& failure) {
            result = fail(Code::internal, failure.what());
        }
        if (!result) {
            // A full disk or an I/O error may already have ended the whole transaction: then the
            // group fails together.
            if (!connection_->in_transaction())
                throw SqlFailure(result.error().code, result.error().text);
            connection_->execute("ROLLBACK TO job");
        }
        connection_->execute("RELEASE job");
        return result;
    }

    void give_up(const SqlFailure& failure, std::string_view event) {
        try {
            if (connection_->in_transaction())
                connection_->execute("ROLLBACK");
        } catch (const SqlFailure& second) {
            log::error("store.rollback_failed", {{"reason", second.what()}});
        }
        // A full disk is a state that passes; an I/O error leaves it unknown what the disk holds.
        const bool full = std::string_view(failure.what()).find("(13)") != std::string_view::npos;
        if (!full && (failure.code == Code::unavailable || failure.code == Code::corrupt))
            closed_for_writing_ = true;
        log::error(event, {{"reason", failure.what()}});
        if (full && shared_.full)
            shared_.full();
        if (closed_for_writing_)
            log::error("store.closed_for_writing", {{"reason", failure.what()}});
    }

    void publish(std::vector<SqliteTxn>& txns, const std::vector<Result<>>& results) {
        if (!shared_.committed)
            return;
        std::vector<Change> changes;
        for (std::size_t i = 0; i < txns.size(); ++i)
            if (results[i])
                changes.insert(changes.end(), txns[i].changes().begin(), txns[i].changes().end());
        if (!changes.empty())
            shared_.committed(changes);
    }

    std::unique_ptr<SqliteConnection> connection_;
    const std::size_t bound_;
    const Shared& shared_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<WriteJob> writes_;
    std::deque<ReadJob> reads_;
    std::vector<Engine::Done> tidies_;
    bool closing_ = false;
    bool closed_for_writing_ = false;
    std::thread thread_;
};

class SqliteEngine final : public Engine {
public:
    explicit SqliteEngine(const SqliteOptions& options) {
        const bool in_memory = options.directory.empty();
        const auto file = [&](const std::string& name) {
            return in_memory ? ":memory:" : options.directory + "/" + name + ".db";
        };
        auto control = std::make_unique<SqliteConnection>(
            file("control"), SqliteConnection::Mode::writer, options.vfs
        );
        shards_ = migrate_control(*control, options.shards);
        std::vector<std::string> files{file("control")};
        writers_.push_back(std::make_unique<Writer>(std::move(control), options.queue, shared_));
        for (int i = 0; i < shards_; ++i) {
            files.push_back(file("shard-" + std::to_string(i)));
            auto shard = std::make_unique<SqliteConnection>(
                files.back(), SqliteConnection::Mode::writer, options.vfs
            );
            migrate_shard(*shard);
            writers_.push_back(std::make_unique<Writer>(std::move(shard), options.queue, shared_));
        }
        if (!in_memory)
            readers_ = std::make_unique<Readers>(
                std::move(files), options.readers, options.vfs, options.queue
            );
    }
    ~SqliteEngine() override { close(); }

    int shards() const override { return shards_; }
    void read(Plane plane, std::function<void(Snapshot&)> work, Done done) override {
        const auto index = static_cast<std::size_t>(plane.index + 1);
        ReadJob job{std::move(work), std::move(done)};
        if (readers_)
            readers_->add(index, std::move(job));
        else
            writers_[index]->add(std::move(job));
    }
    void write(Plane plane, std::function<Result<>(Txn&)> work, Done done) override {
        writers_[static_cast<std::size_t>(plane.index + 1)]->add(
            WriteJob{std::move(work), std::move(done)}
        );
    }
    std::vector<std::string> integrity(Snapshot& snapshot) override {
        std::vector<std::string> wrong;
        for (auto row = snapshot.query(kIntegrityCheck); row.next();)
            if (row.view(0) != "ok")
                wrong.push_back(row.str(0));
        return wrong;
    }
    void tidy(Plane plane, Done done) override {
        writers_[static_cast<std::size_t>(plane.index + 1)]->tidy(std::move(done));
    }
    void on_commit(std::function<void(std::span<const Change>)> listener) override {
        shared_.committed = std::move(listener);
    }
    void on_full(std::function<void()> listener) override { shared_.full = std::move(listener); }
    void allow_growth(bool may) override { shared_.growth = may; }
    void close() override {
        if (readers_)
            readers_->close();
        for (auto& writer : writers_)
            writer->close();
    }

private:
    Shared shared_;
    int shards_ = 0;
    std::vector<std::unique_ptr<Writer>> writers_; ///< [0] control, [1 + i] shard i
    std::unique_ptr<Readers> readers_;             ///< none in memory
};

} // namespace

Result<std::unique_ptr<Engine>> open_sqlite(const SqliteOptions& options) {
    try {
        return std::make_unique<SqliteEngine>(options);
    } catch (const SqlFailure& failure) {
        return std::unexpected(as_error(failure));
    }
}

} // namespace lockstep::store
