// One shared state that the hub, the clock, the connection and the session fire into; the first
// reason counts.
#include "protocols/activesync/parking.hpp"

#include "base/waiter.hpp"

namespace lockstep::activesync {

struct Parking::State : Waiter<Woken> {
    std::set<FolderRef> folders;

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
    // A parked device holds nothing twice: the exchange has its row.
    exchange.session->memory.with([](Session::Memory& memory) { memory.row.reset(); });
    number_ = exchange.session->supersede([state] { state->fire(Woken::superseded, true); });
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
        // An end outweighs a change: nobody is there to hear of it.
        if (stir == net::Stir::stopping)
            state->fire(Woken::stopping);
        else
            state->fire(Woken::gone, true);
    });
    co_await park(state->start());
    exchange_.connection.unwatch();
    clock.cancel(timer);
    co_return state->take();
}

} // namespace lockstep::activesync
