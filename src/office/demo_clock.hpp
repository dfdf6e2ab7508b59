// Dates relative to one instant, in the office's zone.
// Invariants: no process state, no clock: everything follows from `now`.
#pragma once
#include <cstdint>
#include <string>

namespace lockstep::office {

class DemoClock {
public:
    /// `now`: unix seconds. The office is in Europe/Berlin.
    explicit DemoClock(std::int64_t now);

    [[nodiscard]] std::int64_t now() const { return now_; }
    /// Unix seconds of a local time, `day` days from today.
    [[nodiscard]] std::int64_t at(int day, int hour, int minute) const;
    /// The same, but never after now: for mail that has arrived. Today's mail keeps its order.
    [[nodiscard]] std::int64_t past(int day, int hour, int minute) const;
    /// 0 Monday to 6 Sunday.
    [[nodiscard]] int weekday(int day) const;
    /// The offset of the working day that is `count` working days away (negative: past); 0 is
    /// today, or the next working day at a weekend.
    [[nodiscard]] int working_day(int count) const;
    /// The offset of this week's Monday plus `weeks`.
    [[nodiscard]] int monday(int weeks = 0) const;

    /// "20261124T091500", local.
    [[nodiscard]] std::string local(int day, int hour, int minute) const;
    /// "20261124".
    [[nodiscard]] std::string date(int day) const;
    /// "Tuesday 24 November".
    [[nodiscard]] std::string spoken(int day) const;
    /// "Dienstag, 24. November".
    [[nodiscard]] std::string spoken_german(int day) const;
    [[nodiscard]] int year(int day) const;

private:
    std::int64_t now_;
    std::int64_t today_; ///< days since 1970 of the local date
};

/// "Tue, 24 Nov 2026 09:15:00 +0100" in the office's zone.
[[nodiscard]] std::string demo_mail_date(std::int64_t at);
/// "20261124T081500Z".
[[nodiscard]] std::string demo_utc(std::int64_t at);

} // namespace lockstep::office
