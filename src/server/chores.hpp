// What the server does by itself: each minute, each hour, and some seconds after a commit.
// Invariants: a chore never runs twice at a time, and once more when it was wanted meanwhile, so a
// slow one never piles up; after stop() none begins.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "net/io.hpp"
#include "protocols/activesync/door.hpp"
#include "server/core.hpp"

namespace lockstep::server {

class Chores {
public:
    /// All three outlive it, and `threads` ends before it does.
    Chores(Core& core, net::IoThreads& threads, activesync::Door& phones);
    /// Mail and messages about meetings that a crash held up; blocks, to be called before start().
    void finish_what_was_begun();
    void start();
    void stop();

private:
    using Work = Task<void> (Chores::*)();
    struct Chore {
        Work work;
        std::atomic<unsigned> wanted = 0;
    };

    /// Outlives the object: a timer that has just come due may call after stop().
    struct Gate {
        std::mutex mutex;
        bool stopped = false;
    };

    // These three are called with the gate's mutex held.
    void tick();
    void come_by();
    void want(Chore& chore);
    /// Calls after a while, unless stop() came first.
    TimerId later(std::chrono::nanoseconds delay, void (Chores::*call)());
    void want_index() { want(index_); }
    Task<void> repeat(Chore& chore);
    Task<void> each_minute();
    Task<void> each_hour();
    Task<void> index();
    Task<void> finish_deliveries();

    Core& core_;
    net::IoThreads& threads_;
    activesync::Door& phones_;
    Chore minute_{&Chores::each_minute};
    Chore hour_{&Chores::each_hour};
    Chore index_{&Chores::index};
    std::shared_ptr<Gate> gate_ = std::make_shared<Gate>(); ///< of what follows
    TimerId timer_ = 0;
    TimerId index_timer_ = 0;
    SteadyTime tidy_at_{};
};

} // namespace lockstep::server
