// The queue's loop: what is due goes to the workers of its destination.
#include "mailflow/queue.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "base/limits_mail.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "mailflow/delivery.hpp"
#include "office/outbound.hpp"
#include "office/outgoing.hpp"

namespace lockstep::mailflow {
namespace {

constexpr std::size_t kBatch = 2'000;              ///< rows read at once
constexpr auto kLongest = std::chrono::minutes(5); ///< the loop looks at least so often
constexpr auto kAfterFailure = std::chrono::seconds(10);

struct Destination {
    std::deque<Job> jobs;
    std::size_t workers = 0;
};

using Place = std::tuple<std::int64_t, std::int64_t, std::int64_t>; ///< account, message, number

} // namespace

struct Queue::State : std::enable_shared_from_this<State> {
    State(
        office::Office& the_office, Resolver& the_resolver, net::IoThreads& the_threads,
        std::function<QueueOptions()> the_options, Sign the_sign
    )
        : office(the_office), resolver(the_resolver), threads(the_threads),
          options(std::move(the_options)), sign(std::move(the_sign)) {}

    office::Office& office;
    Resolver& resolver;
    net::IoThreads& threads;
    const std::function<QueueOptions()> options;
    const Sign sign;
    std::shared_ptr<const net::TlsClientContext> tls;

    // On the queue's thread only:
    std::map<std::string, Destination> destinations;
    std::set<Place> taken;

    std::atomic<bool> stopping = false;
    std::atomic<std::size_t> working = 0; ///< workers, and the loop
    std::mutex mutex;                     ///< of what follows
    bool stirred = false;
    std::optional<Resume> sleeper;
    std::condition_variable ended;

    void stir() {
        std::optional<Resume> wake;
        {
            const std::lock_guard lock(mutex);
            stirred = true;
            wake = std::exchange(sleeper, std::nullopt);
        }
        if (wake)
            (*wake)();
    }
    void end() {
        const std::lock_guard lock(mutex);
        --working;
        ended.notify_all();
    }
    Task<void> loop();
    Task<void> sleep_until(SteadyTime time);
    Task<SteadyTime> look();
    Task<Result<>> take_due(int shard);
    void add(const store::DueRecipient& due);
    Task<void> start_workers();
    std::optional<Job> next_of(const std::string& domain);
    void settled(const Job& job);
    static Task<void> run_worker(std::shared_ptr<State> state, std::string domain);
};

/// Until stirred, stopped, or it is `time`.
Task<void> Queue::State::sleep_until(SteadyTime time) {
    TimerId timer = 0;
    std::function<void(Resume)> start = [&](const Resume& wake) {
        {
            const std::lock_guard lock(mutex);
            if (stirred || stopping)
                return wake();
            sleeper = wake;
        }
        timer = office.clock.call_after(time - office.clock.steady(), [wake] { wake(); });
        // A clock that jumped since it was read armed the timer too late.
        if (office.clock.steady() >= time)
            wake();
    };
    co_await park(std::move(start));
    office.clock.cancel(timer);
    const std::lock_guard lock(mutex);
    sleeper.reset();
    stirred = false;
}

void Queue::State::add(const store::DueRecipient& due) {
    const Place place{due.account.value, due.id, due.number};
    if (taken.size() >= limits::kQueueTaken || !taken.insert(place).second)
        return;
    const auto at = due.address.rfind('@');
    auto& jobs = destinations[lower(due.address.substr(at + 1))].jobs;
    const bool same =
        !jobs.empty() && jobs.back().account == due.account && jobs.back().id == due.id;
    if (!same)
        jobs.push_back({due.account, due.id, {}});
    jobs.back().numbers.push_back(due.number);
}

Task<Result<>> Queue::State::take_due(int shard) {
    CO_TRY(const auto due, co_await office::due_outgoing(office, shard, taken.size() + kBatch));
    for (const auto& each : due)
        add(each);
    co_return Result<>();
}

/// Takes what is due, and says until when to sleep then.
Task<SteadyTime> Queue::State::look() {
    // Both are read before anything else: whatever falls due while this looks ends the sleep.
    const auto steady = office.clock.steady();
    const auto now_us = office.clock.now_us();
    std::chrono::nanoseconds time = kLongest;
    for (int shard = 0; shard < office.db.engine().shards(); ++shard) {
        const auto took = co_await take_due(shard);
        if (!took) {
            log::error("queue.unreadable", {{"shard", shard}, {"reason", took.error()}});
            time = std::min<std::chrono::nanoseconds>(time, kAfterFailure);
            continue;
        }
        const auto next = co_await office::next_outgoing(office, shard);
        if (!next || !*next)
            continue;
        const auto wait = std::chrono::microseconds(**next - now_us);
        // What was due before and is taken already is stirred by its worker's end.
        if (wait.count() > 0)
            time = std::min<std::chrono::nanoseconds>(time, wait);
    }
    co_return steady + time;
}

std::optional<Job> Queue::State::next_of(const std::string& domain) {
    auto& jobs = destinations[domain].jobs;
    if (jobs.empty() || stopping)
        return std::nullopt;
    auto job = std::move(jobs.front());
    jobs.pop_front();
    return job;
}

void Queue::State::settled(const Job& job) {
    for (const auto number : job.numbers)
        taken.erase({job.account.value, job.id, number});
}

Task<void> Queue::State::run_worker(std::shared_ptr<State> state, std::string domain) {
    {
        Worker worker{
            state->office,
            state->resolver,
            state->tls,
            state->options(),
            state->sign,
            domain,
            [state, domain] { return state->next_of(domain); },
            [state](const Job& job) { state->settled(job); }
        };
        co_await work(std::move(worker));
    }
    const auto found = state->destinations.find(domain);
    if (--found->second.workers == 0 && found->second.jobs.empty())
        state->destinations.erase(found);
    // A destination that had to wait for a free connection, or rows beyond what was read.
    state->stir();
    state->end();
}

Task<void> Queue::State::start_workers() {
    for (auto& [domain, destination] : destinations) {
        // A further connection is worth its handshake for a few messages, but what waits may not
        // have to wait for a worker that hangs (S14).
        const auto wanted = std::min(
            limits::kQueueWorkers, destination.workers + (destination.jobs.size() + 3) / 4
        );
        while (destination.workers < wanted && working <= limits::kQueueConnections) {
            ++destination.workers;
            ++working;
            threads.spawn(0, run_worker(shared_from_this(), domain));
        }
    }
    co_return;
}

Task<void> Queue::State::loop() {
    const auto self = shared_from_this();
    while (!stopping) {
        const auto time = co_await look();
        co_await start_workers();
        co_await sleep_until(time);
    }
    end();
}

Queue::Queue(
    office::Office& office, Resolver& resolver, net::IoThreads& threads,
    std::function<QueueOptions()> options, Sign sign
)
    : state_(std::make_shared<State>(office, resolver, threads, std::move(options), std::move(sign))
      ) {}

Queue::~Queue() = default;

Result<> Queue::start() {
    TRY(state_->tls, net::TlsClientContext::create({}));
    state_->office.outbound.on_queued([state = state_.get()] { state->stir(); });
    ++state_->working;
    state_->threads.spawn(0, state_->loop());
    return {};
}

void Queue::stir() { state_->stir(); }

bool Queue::stop(std::chrono::nanoseconds grace) {
    state_->stopping = true;
    state_->office.outbound.on_queued({});
    state_->stir();
    std::unique_lock lock(state_->mutex);
    return state_->ended.wait_for(lock, grace, [this] { return state_->working == 0; });
}

std::size_t Queue::connections() const {
    const auto working = state_->working.load();
    return working > 0 ? working - 1 : 0;
}

} // namespace lockstep::mailflow
