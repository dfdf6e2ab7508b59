// What the door remembers of a device between requests, in memory only: the last waiting requests,
// who is parked, and the order of its requests. All of it may be lost at a restart: the statuses
// for that are part of the protocol.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/locked.hpp"
#include "base/task.hpp"
#include "model/model.hpp"
#include "office/devices.hpp"
#include "office/sync_policy.hpp"

namespace lockstep::activesync {

class Session {
public:
    /// Requests of a device that read or move its sync keys run one after the other (W5).
    class Turn {
    public:
        explicit Turn(std::shared_ptr<Session> session) : session_(std::move(session)) {}
        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (session_)
                session_->end_turn();
        }

    private:
        std::shared_ptr<Session> session_;
    };
    [[nodiscard]] static Task<Turn> take_turn(std::shared_ptr<Session> session);

    /// Parks under this session: a parked request of the device that came before is woken at once
    /// (it ends quietly). Returns a number that stays current until the next request parks.
    [[nodiscard]] std::uint64_t supersede(std::function<void()> wake);
    /// Forgets the wake of request `number` if it is still the current one.
    void leave(std::uint64_t number);

    /// What the device used since `begin` (W7).
    struct Budget {
        SteadyTime begin{};
        std::int64_t requests = 0;
        std::int64_t writes = 0; ///< commands that change items
        std::int64_t bytes = 0;  ///< sent to it and received from it
    };
    /// The device's row and settings as they were at this age (sync::Hub::settings_age).
    struct Row {
        std::uint64_t age = 0;
        office::Device device;
        office::SyncPolicy policy;
    };
    /// What a folder was answered last, as far as it brought items (poison.hpp).
    struct Repeats {
        model::AccountId owner;
        model::CollectionId collection;
        std::string key{};         ///< that the device asked with
        std::uint8_t times = 0;    ///< repeats of it
        std::uint8_t singles = 0;  ///< answers under it that brought `single` alone
        std::uint16_t batch = 0;   ///< items of the last answer that brought several
        std::uint16_t careful = 0; ///< answers still to come that bring one item each
        model::Uid single{};
    };
    struct Memory {
        Budget budget;
        std::vector<Repeats> repeats;
        std::shared_ptr<const Row> row; ///< none: to be read
        std::string
            ping_request; ///< packed folder list and heartbeat of the last Ping (MS-ASCMD 2.2.1.13)
        std::string sync_request; ///< WBXML of the last full Sync (for empty and Partial requests)
        /// Of the account, by class (one_folder.hpp); none: not looked up yet.
        std::array<model::CollectionId, 5> default_folders{};
        SteadyTime seen{};
        std::int64_t seen_us = 0;
        bool seen_unwritten = false;
    };
    LockGuarded<Memory> memory;

private:
    void end_turn();
    struct Order {
        bool busy = false;
        std::vector<Resume> waiting; ///< in order; no deque, whose first block alone is 576 bytes
    };
    LockGuarded<Order> order_;
    struct Parked {
        std::uint64_t number = 0;
        std::function<void()> wake;
    };
    LockGuarded<Parked> parked_;
};

class Sessions {
public:
    /// The session of a device, made when it is new.
    [[nodiscard]] std::shared_ptr<Session>
    find(model::AccountId account, const std::string& device);
    /// None when the device was not here lately.
    [[nodiscard]] std::shared_ptr<Session>
    look(model::AccountId account, const std::string& device);
    /// All sessions that were seen since their last flush; used by Door::flush_seen.
    struct Seen {
        model::AccountId account;
        std::string device;
        std::int64_t at_us = 0;
    };
    [[nodiscard]] std::vector<Seen> take_seen();
    /// Drops what was idle for a day.
    void prune(SteadyTime now);

private:
    using Key = std::pair<model::AccountId, std::string>;
    LockGuarded<std::map<Key, std::shared_ptr<Session>>> sessions_;
};

} // namespace lockstep::activesync
