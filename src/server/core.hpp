// Core: the store, the directory and the office of one data directory, opened in order and closed
// in reverse. Invariants: the data directory's lock is held as long as the object lives. Errors:
// conflict (another process has it open), corrupt, unsupported (a newer schema), unavailable.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/locked.hpp"
#include "base/workers.hpp"
#include "office/office.hpp"
#include "protocols/admin/commands.hpp"
#include "server/config.hpp"
#include "server/data_lock.hpp"
#include "store/blob_files.hpp"
#include "store/maintenance.hpp"
#include "store/reserve.hpp"

namespace lockstep::server {

class Core {
public:
    [[nodiscard]] static Result<std::unique_ptr<Core>>
    open(const std::filesystem::path& data, const Config& config);
    ~Core();

    [[nodiscard]] office::Office& office() { return *office_; }
    [[nodiscard]] directory::Directory& directory() { return *directory_; }
    [[nodiscard]] Clock& clock() { return *clock_; }
    [[nodiscard]] Workers& workers() { return *workers_; }
    /// Takes over what may change while the server runs.
    void follow(const Config& config);
    /// Ends verify and maintenance soon, so that the process can end. For good.
    void stop_long_work() { stopping_ = true; }
    /// Looks whether the disk has room, once a minute (store/reserve.hpp).
    [[nodiscard]] Task<void> look_at_disk();
    /// Whether the disk is almost full, so that nothing new is taken.
    [[nodiscard]] bool disk_low() { return reserve_->low(); }
    /// What is to be done now and then: old rows forgotten, unused files removed, logs kept short.
    [[nodiscard]] Task<Result<>> maintain();
    /// Brings the search index up to date. A call beside a running one does nothing.
    [[nodiscard]] Task<void> index();
    /// `due` is called, on any thread, when index() should be called some seconds later: at once,
    /// and after commits. Nothing is asked of a clock while nothing happens. Set once.
    void on_index_due(std::function<void()> due);
    /// What administration may do with this core, by the socket or on a stopped server.
    [[nodiscard]] admin::Lent lend();

private:
    [[nodiscard]] Task<Result<std::vector<admin::DeviceFacts>>> devices_of(model::AccountId account
    );
    [[nodiscard]] Task<Result<>> remove_device(model::AccountId account, std::string device);
    [[nodiscard]] Task<Result<admin::Answer>> verify(bool recount, bool repair);
    [[nodiscard]] Task<Result<admin::Answer>> make_demo();
    explicit Core(DataLock lock) : lock_(std::move(lock)) {}
    DataLock lock_;
    std::unique_ptr<Clock> clock_;
    ManualClock* manual_ = nullptr;
    std::atomic<bool> stopping_ = false;
    void mark_index_due();
    std::atomic<bool> index_due_ = false;
    std::atomic<bool> indexing_ = false;
    LockGuarded<std::function<void()>> tell_index_due_;
    store::Upkeep upkeep_;
    std::unique_ptr<Workers> workers_;
    std::unique_ptr<store::BlobFiles> files_;
    std::unique_ptr<store::Reserve> reserve_; ///< the engine tells it, so it goes after the engine
    std::unique_ptr<store::Database> db_;
    std::unique_ptr<sync::Hub> hub_;
    std::unique_ptr<directory::Directory> directory_;
    std::unique_ptr<office::Office> office_;
};

/// Fills an empty store with sample data. Errors: exists when there are accounts already.
[[nodiscard]] Task<Result<>> fill_demo(office::Office& office);
/// The people whom fill_demo makes, with the password they sign in with.
[[nodiscard]] admin::Answer demo_people_answer();
/// Password of every account that fill_demo makes.
inline constexpr std::string_view kDemoPassword = "lockstep";

} // namespace lockstep::server
