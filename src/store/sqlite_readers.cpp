// Reading: a queue, its threads, and their connections.
#include "store/sqlite_readers.hpp"

namespace lockstep::store {

Error as_error(const SqlFailure& failure) { return Error{failure.code, failure.what()}; }

Result<> run_read(SqliteConnection& connection, const std::function<void(Snapshot&)>& work) {
    try {
        SqliteTxn snapshot(connection);
        connection.execute("BEGIN");
        try {
            work(snapshot);
        } catch (...) {
            connection.execute("ROLLBACK");
            throw;
        }
        connection.execute("COMMIT");
        return {};
    } catch (const SqlFailure& failure) {
        return std::unexpected(as_error(failure));
    } catch (const std::exception& failure) {
        return fail(Code::internal, failure.what());
    }
}

void Readers::add(std::size_t file, ReadJob job) {
    {
        const std::lock_guard lock(mutex_);
        if (!closing_ && jobs_.size() < bound_) {
            jobs_.emplace_back(file, std::move(job));
            changed_.notify_one();
            return;
        }
    }
    job.done(fail(Code::unavailable, "the read queue is full or closed"));
}

void Readers::close() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable())
            thread.join();
}

void Readers::run() {
    std::vector<std::unique_ptr<SqliteConnection>> connections(files_.size());
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
        if (jobs_.empty())
            return;
        auto [file, job] = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        try {
            if (!connections[file])
                connections[file] = std::make_unique<SqliteConnection>(
                    files_[file], SqliteConnection::Mode::reader, vfs_
                );
            job.done(run_read(*connections[file], job.work));
        } catch (const SqlFailure& failure) {
            job.done(std::unexpected(as_error(failure)));
        }
    }
}

} // namespace lockstep::store
