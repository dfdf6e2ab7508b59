// Time: what the wall says, a steady time that never jumps, and calls at a later steady time.
// Invariants: order and expiry of anything that matters come from sequence numbers or the steady
// time, never from the wall.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/task.hpp"

namespace lockstep {

using SteadyTime = std::chrono::nanoseconds; ///< since an arbitrary start
using TimerId = std::uint64_t;

class Clock {
public:
    virtual ~Clock() = default;
    /// UTC microseconds since 1970, for display and stored dates.
    [[nodiscard]] virtual std::int64_t now_us() const = 0;
    [[nodiscard]] virtual SteadyTime steady() const = 0;
    /// Calls `call` once, on a thread of the clock's, not before `delay` has passed. It must not
    /// block.
    virtual TimerId call_after(std::chrono::nanoseconds delay, std::function<void()> call) = 0;
    /// Forgets a call that has not begun. Harmless for a finished or unknown one.
    virtual void cancel(TimerId id) = 0;
};

/// The real clock, with one thread for its calls.
[[nodiscard]] std::unique_ptr<Clock> system_clock();

/// A clock that stands still until told otherwise; calls run inside advance().
class ManualClock : public Clock {
public:
    virtual void advance(std::chrono::nanoseconds by) = 0;
};
[[nodiscard]] std::unique_ptr<ManualClock> manual_clock(std::int64_t start_us);

/// Suspends the caller for `delay` of the clock's steady time.
[[nodiscard]] Task<void> sleep_for(Clock& clock, std::chrono::nanoseconds delay);

} // namespace lockstep
