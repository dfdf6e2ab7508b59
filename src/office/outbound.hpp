// Outbound: what of sending is known to the whole office: how much an account may send, and who is
// told that mail for other servers was committed.
// Invariants: thread-safe. The counters live in memory: a restart forgives an hour at most.
// Errors: throttled (the account has sent enough for now).
#pragma once
#include <cstdint>
#include <functional>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/limits_mail.hpp"
#include "base/locked.hpp"
#include "base/result.hpp"
#include "model/model.hpp"

namespace lockstep::office {

class Outbound {
public:
    struct Allowance {
        std::int64_t messages = limits::kSentPerHour;         ///< an hour and account
        std::int64_t recipients = limits::kRecipientsPerHour; ///< an hour and account
    };
    void set_allowance(Allowance allowance) {
        state_.with([&](State& state) { state.allowance = allowance; });
    }
    /// Counts a message about to be sent; refuses it when an hour's allowance is used up.
    [[nodiscard]] Result<> take(model::AccountId account, std::size_t recipients, SteadyTime now) {
        return state_.with([&](State& state) { return take(state, account, recipients, now); });
    }

    /// Called after each commit that queued mail; may be called from any thread. An empty function
    /// ends it.
    void on_queued(std::function<void()> listener) {
        state_.with([&](State& state) { state.listener = std::move(listener); });
    }
    void queued() {
        const auto listener = state_.with([](State& state) { return state.listener; });
        if (listener)
            listener();
    }

private:
    struct Used {
        SteadyTime since{};
        std::int64_t messages = 0;
        std::int64_t recipients = 0;
    };
    struct State {
        Allowance allowance;
        std::unordered_map<model::AccountId, Used> used;
        std::function<void()> listener;
    };
    static Result<>
    take(State& state, model::AccountId account, std::size_t recipients, SteadyTime now) {
        auto& used = state.used[account];
        if (now - used.since >= std::chrono::hours(1))
            used = Used{.since = now};
        const auto count = static_cast<std::int64_t>(recipients);
        if (used.messages + 1 > state.allowance.messages ||
            used.recipients + count > state.allowance.recipients)
            return fail(Code::throttled, "the account has sent enough for this hour");
        ++used.messages;
        used.recipients += count;
        return {};
    }

    LockGuarded<State> state_;
};

} // namespace lockstep::office
