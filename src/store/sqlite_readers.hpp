// The readers of the SQLite backend: a pool of threads, each with a connection per file.
// Invariants: as in sqlite_engine.cpp. Internal to it.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/sqlite_jobs.hpp"

namespace lockstep::store {

/// Reader threads; each opens its own connection to a file when it first needs it.
class Readers {
public:
    Readers(std::vector<std::string> files, int threads, std::string vfs, std::size_t bound)
        : files_(std::move(files)), vfs_(std::move(vfs)), bound_(bound) {
        for (int i = 0; i < threads; ++i)
            threads_.emplace_back([this] { run(); });
    }
    ~Readers() { close(); }
    void add(std::size_t file, ReadJob job);
    void close();

private:
    void run();

    const std::vector<std::string> files_;
    const std::string vfs_;
    const std::size_t bound_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::pair<std::size_t, ReadJob>> jobs_;
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace lockstep::store
