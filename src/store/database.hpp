// Database: the asynchronous door to the store's files. One writer thread per file with group
// commit, readers on a pool. Spec: docs/store.md. Invariants: work runs on a database thread, is
// plain blocking SQL, may not suspend and has no other side effect; a write's result is handed out
// only after the commit is durable and has been published. Errors: unavailable (overload, closed,
// disk full, closed for writing after an I/O error), corrupt, and what work returns.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/task.hpp"
#include "model/model.hpp"
#include "store/sql.hpp"

namespace lockstep::store {

/// What a commit changed, as the wake-ups need it. Sent once for each (account, collection, author)
/// of a write.
struct Change {
    model::AccountId account;
    model::CollectionId
        collection; ///< none: the hierarchy (a collection was made, renamed, removed)
    model::ChangeSeq modseq;
    model::AuthorId author;
    /// Not content, but what the server keeps of the account's devices and settings: nobody is
    /// woken, and who remembers a row of them reads it again.
    bool settings = false;
    friend bool operator==(const Change&, const Change&) = default;
};

/// A Snapshot that may write. All rows that a job writes for one account share one ChangeSeq.
class Txn : public Snapshot {
public:
    /// Runs a statement without result rows (or ignoring them) and returns how many rows it
    /// changed.
    template <class... Args> std::int64_t exec(const Sql& sql, const Args&... args) {
        const std::array<Value, sizeof...(Args)> values{to_value(args)...};
        return run(sql, values);
    }
    /// The ChangeSeq of this job for the account: raised once, at the first call. Code::not_found
    /// is thrown as SqlFailure when the account has no state here (it lives in another file).
    model::ChangeSeq modseq(model::AccountId account);
    /// Notes a change for publication after the commit.
    void touched(const Change& change);
    /// Asked before anything new is put in: ends the job with Code::unavailable while the disk is
    /// almost full (store/reserve.hpp).
    void require_growth() const;
    /// Keeps an object alive until the commit is durable (pins of blobs).
    void keep(std::shared_ptr<const void> object) { kept_.push_back(std::move(object)); }
    [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

protected:
    virtual std::int64_t run(const Sql& sql, std::span<const Value> values) = 0;
    [[nodiscard]] virtual bool may_grow() const { return true; }
    void begin_job() {
        changes_.clear();
        raised_.clear();
        kept_.clear();
    }

private:
    std::vector<Change> changes_;
    std::vector<std::pair<model::AccountId, model::ChangeSeq>> raised_;
    std::vector<std::shared_ptr<const void>> kept_;
};

/// One of the store's files: the control file or a shard.
struct Plane {
    int index = -1; ///< -1: control
    friend bool operator==(const Plane&, const Plane&) = default;
};

/// What a backend implements. `done` is called exactly once, on any thread.
class Engine {
public:
    using Done = std::function<void(Result<>)>;
    virtual ~Engine() = default;
    [[nodiscard]] virtual int shards() const = 0;
    virtual void read(Plane plane, std::function<void(Snapshot&)> work, Done done) = 0;
    virtual void write(Plane plane, std::function<Result<>(Txn&)> work, Done done) = 0;
    /// What the engine itself finds wrong with the file of this snapshot (pages, indexes), one
    /// sentence each; nothing when it has no such check.
    [[nodiscard]] virtual std::vector<std::string> integrity(Snapshot& /*snapshot*/) { return {}; }
    /// Keeps the file's write-ahead log short: moves what is committed into the file, and gives the
    /// log's space back when it is above limits::kLogBytes and no reader needs it.
    virtual void tidy(Plane /*plane*/, Done done) { done({}); }
    /// Called on a writer thread after each commit that changed something, before `done`. Set once,
    /// before use.
    virtual void on_commit(std::function<void(std::span<const Change>)> listener) = 0;
    /// False: jobs that put in anything new are refused (Txn::require_growth), all others go on.
    virtual void allow_growth(bool /*may*/) {}
    /// Called on a writer thread when a commit found the disk full. Set once, before use.
    virtual void on_full(std::function<void()> /*listener*/) {}
    /// Finishes what was accepted, refuses the rest, and joins the threads.
    virtual void close() = 0;
};

/// Where the files lie and how they are opened.
struct SqliteOptions {
    std::string directory;      ///< empty: everything in memory (tests)
    int shards = 4;             ///< only for a new store; an existing one keeps its number
    int readers = 2;            ///< threads
    std::string vfs;            ///< SQLite VFS name; empty: the system's
    std::size_t queue = 10'000; ///< jobs waiting per file before `unavailable`
};
/// Opens or makes the store and brings its schema up to date. Errors: corrupt; unsupported when the
/// schema is newer than this program.
[[nodiscard]] Result<std::unique_ptr<Engine>> open_sqlite(const SqliteOptions& options);

class Database {
public:
    explicit Database(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
    [[nodiscard]] Engine& engine() { return *engine_; }
    [[nodiscard]] Plane plane_of(model::AccountId account) const {
        return Plane{static_cast<int>((account.value - 1) % engine_->shards())};
    }
    [[nodiscard]] bool same_file(model::AccountId a, model::AccountId b) const {
        return plane_of(a) == plane_of(b);
    }

    template <class T> Task<Result<T>> read(Plane plane, std::function<Result<T>(Snapshot&)> work) {
        auto out = std::make_shared<Result<T>>(fail(Code::internal, "read without result"));
        std::function<void(Promise<Result<>>)> start =
            [this, plane, out, work = std::move(work)](Promise<Result<>> promise) {
                engine_->read(
                    plane, [out, work](Snapshot& snapshot) { *out = work(snapshot); },
                    [promise](Result<> done) { promise.set(std::move(done)); }
                );
            };
        auto done = co_await await_value<Result<>>(std::move(start));
        if (!done)
            co_return std::unexpected(std::move(done).error());
        co_return std::move(*out);
    }
    template <class T> Task<Result<T>> write(Plane plane, std::function<Result<T>(Txn&)> work) {
        auto out = std::make_shared<Result<T>>(fail(Code::internal, "write without result"));
        std::function<void(Promise<Result<>>)> start =
            [this, plane, out, work = std::move(work)](Promise<Result<>> promise) {
                engine_->write(
                    plane,
                    [out, work](Txn& txn) -> Result<> {
                        *out = work(txn);
                        if (!*out)
                            return std::unexpected(out->error());
                        return {};
                    },
                    [promise](Result<> done) { promise.set(std::move(done)); }
                );
            };
        auto done = co_await await_value<Result<>>(std::move(start));
        if (!done)
            co_return std::unexpected(std::move(done).error());
        co_return std::move(*out);
    }
    template <class T>
    Task<Result<T>> read(model::AccountId account, std::function<Result<T>(Snapshot&)> work) {
        return read<T>(plane_of(account), std::move(work));
    }
    template <class T>
    Task<Result<T>> write(model::AccountId account, std::function<Result<T>(Txn&)> work) {
        return write<T>(plane_of(account), std::move(work));
    }
    template <class T> Task<Result<T>> read_control(std::function<Result<T>(Snapshot&)> work) {
        return read<T>(Plane{}, std::move(work));
    }
    template <class T> Task<Result<T>> write_control(std::function<Result<T>(Txn&)> work) {
        return write<T>(Plane{}, std::move(work));
    }

private:
    std::unique_ptr<Engine> engine_;
};

} // namespace lockstep::store
