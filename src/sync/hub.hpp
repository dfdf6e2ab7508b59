// Hub: tells parked requests that something they wait for has changed.
// Invariants: publish() is called after the commit, from writer threads; a watcher's call runs on
// the publishing thread and must only resume. A watcher is not told of changes by its own device.
// Hints may be late or spurious, never missing.
#pragma once
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "store/database.hpp"

namespace lockstep::sync {

class Hub {
public:
    /// Ends the watch when it is destroyed.
    class Watch {
    public:
        Watch() = default;
        Watch(Watch&&) noexcept = default;
        Watch& operator=(Watch&& other) noexcept;
        ~Watch();

    private:
        friend class Hub;
        struct Entry;
        std::shared_ptr<Entry> entry_;
        Hub* hub_ = nullptr;
    };

    /// Calls `changed` for each commit by anyone but `device` that touches one of the owners'
    /// collections (or their hierarchies), until the watch ends. It may be called while watch()
    /// still runs, and once more while it ends.
    [[nodiscard]] Watch watch(
        std::vector<model::AccountId> owners, model::AuthorId device,
        std::function<void(const store::Change&)> changed
    );
    void publish(std::span<const store::Change> changes);
    /// A number that moves with each commit that touches the account's devices or settings (and
    /// sometimes without one): what was read while it stood still is what holds. Take it before
    /// reading.
    [[nodiscard]] std::uint64_t settings_age(model::AccountId account) const {
        return ages_[std::hash<model::AccountId>{}(account) % ages_.size()].load();
    }
    /// Watches that stand now.
    [[nodiscard]] std::size_t watching() const { return watching_; }

private:
    struct Stripe {
        std::mutex mutex;
        std::unordered_map<model::AccountId, std::vector<std::shared_ptr<Watch::Entry>>> waiting;
    };
    Stripe& stripe_of(model::AccountId account) {
        return stripes_[std::hash<model::AccountId>{}(account) % stripes_.size()];
    }
    void end(const Watch::Entry& entry);
    std::array<Stripe, 64> stripes_;
    std::array<std::atomic<std::uint64_t>, 1024> ages_{};
    std::atomic<std::size_t> watching_ = 0;
};

struct Hub::Watch::Entry {
    std::vector<model::AccountId> owners;
    model::AuthorId device;
    std::function<void(const store::Change&)> changed;
};

} // namespace lockstep::sync
