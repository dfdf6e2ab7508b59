// Several clients at once, and the sizes of a short run.
#include "base/locked.hpp"
#include "bench/scenarios.hpp"

namespace lockstep::bench {

Scale short_scale() {
    Scale scale;
    scale.mails = 500;
    scale.objects = 200;
    scale.folders = {100, 5'000};
    scale.seconds = 1;
    scale.changes = 20;
    scale.parked = 400;
    scale.settle_seconds = 0;
    scale.idle_seconds = 2;
    scale.waiting = 100;
    scale.pushes = 40;
    scale.messages = 500;
    return scale;
}

Result<> on_threads(std::size_t count, const std::function<Result<>(std::size_t)>& work) {
    LockGuarded<Result<>> outcome;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            auto done = work(i);
            if (!done)
                outcome.with([&](Result<>& first) {
                    if (first)
                        first = std::move(done);
                });
        });
    for (auto& thread : threads)
        thread.join();
    return outcome.with([](const Result<>& first) { return first; });
}

} // namespace lockstep::bench
