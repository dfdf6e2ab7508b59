// One shared state that the hub, the clock, the connection and the session fire into; the first
// reason counts.
#include "protocols/activesync/parking.hpp"

namespace lockstep::activesync {

struct Parking::State {
    std::mutex mutex;
    std::optional<Woken> reason;
    Resume resume;
    std::set<FolderRef> folders;

    void fire(Woken why) {
        Resume waiting;
        {
            const std::lock_guard lock(mutex);
            // An end outweighs a change: nobody is there to hear of it.
            if (!reason || why == Woken::gone || why == Woken::superseded)
                reason = why;
            waiting = std::exchange(resume, Resume());
        }
        waiting();
    }
    void heard(const office::Change& change) {
        if (!change.collection)
            fire(Woken::hierarchy);
        else if (folders.contains({change.account, change.collection}))
            fire(Woken::changed);
    }
};

Parking::Parking(Exchange& exchange, std::set<FolderRef> folders)
    : exchange_(exchange), state_(std::make_shared<State>()) {
    std::set<model::AccountId> owners;
    for (const auto& folder : folders)
        owners.insert(folder.owner);
    state_->folders = std::move(folders);
    const auto state = state_;
    number_ = exchange.session->supersede([state] { state->fire(Woken::superseded); });
    watch_ = exchange.office().hub.watch(
        {owners.begin(), owners.end()}, exchange.actor.author,
        [state](const office::Change& change) { state->heard(change); }
    );
}

Parking::~Parking() { exchange_.session->leave(number_); }

const std::set<FolderRef>& Parking::folders() const { return state_->folders; }

Task<Woken> Parking::wait(SteadyTime until) {
    auto& clock = exchange_.office().clock;
    const auto state = state_;
    const auto now = clock.now_us();
    const auto slide = std::chrono::microseconds(
        office::next_slide(exchange_.actor.account.zone, exchange_.actor.author, now) - now
    );
    const auto left = std::max(until - clock.steady(), SteadyTime::zero());
    const auto reason = slide < left ? Woken::slid : Woken::timeout;
    const auto timer = clock.call_after(std::min<SteadyTime>(slide, left), [state, reason] {
        state->fire(reason);
    });
    exchange_.connection.watch_close([state](net::Stir stir) {
        state->fire(stir == net::Stir::stopping ? Woken::stopping : Woken::gone);
    });
    std::function<void(Resume)> start = [state](Resume resume) {
        {
            const std::lock_guard lock(state->mutex);
            if (!state->reason) {
                state->resume = std::move(resume);
                return;
            }
        }
        resume();
    };
    co_await park(std::move(start));
    exchange_.connection.unwatch();
    clock.cancel(timer);
    const std::lock_guard lock(state->mutex);
    co_return *std::exchange(state->reason, std::nullopt);
}

} // namespace lockstep::activesync
