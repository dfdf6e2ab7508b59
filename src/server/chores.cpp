// The timers, and what they begin.
#include "server/chores.hpp"

#include "base/log.hpp"
#include "office/delivery.hpp"
#include "office/detained.hpp"
#include "office/scheduling.hpp"

namespace lockstep::server {
namespace {

constexpr auto kTidyEvery = std::chrono::hours(1);
constexpr auto kIndexAfter = std::chrono::seconds(2); ///< the search index is so far behind

} // namespace

Chores::Chores(Core& core, net::IoThreads& threads, activesync::Door& phones)
    : core_(core), threads_(threads), phones_(phones) {}

void Chores::finish_what_was_begun() { run_to_end(finish_deliveries()); }

void Chores::start() {
    {
        const std::lock_guard lock(gate_->mutex);
        tidy_at_ = core_.clock().steady() + kTidyEvery;
        tick();
    }
    core_.on_index_due([this, gate = gate_] {
        const std::lock_guard lock(gate->mutex);
        // What is committed while the server stops is indexed after its next start.
        if (!gate->stopped)
            index_timer_ = later(kIndexAfter, &Chores::want_index);
    });
}

void Chores::stop() {
    core_.on_index_due({});
    const std::lock_guard lock(gate_->mutex);
    gate_->stopped = true;
    core_.clock().cancel(timer_);
    core_.clock().cancel(index_timer_);
}

TimerId Chores::later(std::chrono::nanoseconds delay, void (Chores::*call)()) {
    return core_.clock().call_after(delay, [this, gate = gate_, call] {
        const std::lock_guard lock(gate->mutex);
        if (!gate->stopped)
            (this->*call)();
    });
}

void Chores::tick() { timer_ = later(std::chrono::minutes(1), &Chores::come_by); }

void Chores::come_by() {
    want(minute_);
    const auto now = core_.clock().steady();
    if (now >= tidy_at_) {
        tidy_at_ = now + kTidyEvery;
        want(hour_);
    }
    tick();
}

void Chores::want(Chore& chore) {
    if (chore.wanted.fetch_add(1) > 0)
        return;
    // By post: a task that is spawned on its own thread may run at once, under this lock.
    threads_.post(0, [this, &chore] { threads_.spawn(0, repeat(chore)); });
}

Task<void> Chores::repeat(Chore& chore) {
    unsigned done = 0;
    do {
        done = chore.wanted;
        co_await (this->*chore.work)();
    } while (chore.wanted.fetch_sub(done) != done);
}

/// What may be written late is written.
Task<void> Chores::each_minute() {
    co_await core_.look_at_disk();
    co_await phones_.flush_seen();
    co_await finish_deliveries();
}

Task<void> Chores::each_hour() {
    const auto tidied = co_await core_.maintain();
    if (!tidied && tidied.error().code != Code::closed)
        log::warn("store.maintenance_failed", {{"reason", tidied.error()}});
    const auto expired = co_await office::expire_detained(core_.office());
    if (!expired)
        log::warn("detained.not_expired", {{"reason", expired.error()}});
}

Task<void> Chores::index() { co_await core_.index(); }

/// Copies that a full disk or a crash held up.
Task<void> Chores::finish_deliveries() {
    const auto meetings = co_await office::resume_meetings(core_.office());
    if (!meetings)
        log::error("meeting.resume_failed", {{"reason", meetings.error()}});
    const auto left = co_await office::resume_fan_out(core_.office());
    if (!left)
        log::error("mail.resume_failed", {{"reason", left.error()}});
    else if (*left > 0)
        log::warn("mail.copies_waiting", {{"jobs", *left}});
}

} // namespace lockstep::server
