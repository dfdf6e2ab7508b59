// The order of a device's requests, and who of them is parked.
#include "protocols/activesync/session.hpp"

#include "base/text.hpp"

namespace lockstep::activesync {

Task<Session::Turn> Session::take_turn(std::shared_ptr<Session> session) {
    std::function<void(Resume)> start = [session](Resume resume) {
        const bool mine = session->order_.with([&](Order& order) {
            if (order.busy) {
                order.waiting.push_back(resume);
                return false;
            }
            order.busy = true;
            return true;
        });
        if (mine)
            resume();
    };
    co_await park(std::move(start));
    co_return Turn(std::move(session));
}

void Session::end_turn() {
    // Handing over keeps `busy`: nobody can slip in between.
    const auto next = order_.with([](Order& order) {
        Resume resume;
        if (order.waiting.empty()) {
            order.busy = false;
        } else {
            resume = std::move(order.waiting.front());
            order.waiting.erase(order.waiting.begin());
        }
        return resume;
    });
    next();
}

std::uint64_t Session::supersede(std::function<void()> wake) {
    std::function<void()> older;
    const auto number = parked_.with([&](Parked& parked) {
        older = std::exchange(parked.wake, std::move(wake));
        return ++parked.number;
    });
    if (older)
        older();
    return number;
}

void Session::leave(std::uint64_t number) {
    parked_.with([&](Parked& parked) {
        if (parked.number == number)
            parked.wake = nullptr;
    });
}

std::shared_ptr<Session> Sessions::find(model::AccountId account, const std::string& device) {
    return sessions_.with([&](auto& sessions) {
        auto& session = sessions[Key(account, upper(device))];
        if (!session)
            session = std::make_shared<Session>();
        return session;
    });
}

std::shared_ptr<Session> Sessions::look(model::AccountId account, const std::string& device) {
    return sessions_.with([&](auto& sessions) -> std::shared_ptr<Session> {
        const auto found = sessions.find(Key(account, upper(device)));
        return found == sessions.end() ? nullptr : found->second;
    });
}

std::vector<Sessions::Seen> Sessions::take_seen() {
    std::vector<Seen> seen;
    sessions_.with([&](auto& sessions) {
        for (auto& [key, session] : sessions)
            session->memory.with([&](Session::Memory& memory) {
                if (std::exchange(memory.seen_unwritten, false))
                    seen.push_back({key.first, key.second, memory.seen_us});
            });
    });
    return seen;
}

void Sessions::prune(SteadyTime now) {
    sessions_.with([&](auto& sessions) {
        std::erase_if(sessions, [&](auto& entry) {
            // One that is in use elsewhere (a parked request) stays.
            if (entry.second.use_count() > 1)
                return false;
            return entry.second->memory.with([&](const Session::Memory& memory) {
                return now - memory.seen > std::chrono::hours(24);
            });
        });
    });
}

} // namespace lockstep::activesync
