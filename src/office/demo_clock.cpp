// Dates relative to one instant.
// Spec: demo_clock.hpp.
#include "office/demo_clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "codec/ical/zone.hpp"

namespace lockstep::office {

namespace {

constexpr std::int64_t kDemoDaySeconds = 86'400;

std::int64_t floor_days(std::int64_t seconds) {
    const auto days = seconds / kDemoDaySeconds;
    return seconds % kDemoDaySeconds < 0 ? days - 1 : days;
}

const ical::Zone& demo_zone() {
    static const auto zone = ical::zone_or_utc("Europe/Berlin");
    return *zone;
}

std::chrono::year_month_day demo_date(std::int64_t days) {
    return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days)));
}

constexpr std::array kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                              "Friday", "Saturday", "Sunday"};
constexpr std::array kGermanDays = {"Montag",  "Dienstag", "Mittwoch", "Donnerstag",
                                    "Freitag", "Samstag",  "Sonntag"};
constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                "May",       "June",     "July",     "August",
                                "September", "October",  "November", "December"};
constexpr std::array kGermanMonths = {"Januar",    "Februar", "M\xC3\xA4rz", "April",
                                      "Mai",       "Juni",    "Juli",        "August",
                                      "September", "Oktober", "November",    "Dezember"};

} // namespace

DemoClock::DemoClock(std::int64_t now) : now_(now), today_(floor_days(demo_zone().to_civil(now))) {}

std::int64_t DemoClock::at(int day, int hour, int minute) const {
    return demo_zone().to_utc((today_ + day) * kDemoDaySeconds + hour * 3600 + minute * 60);
}

std::int64_t DemoClock::past(int day, int hour, int minute) const {
    const auto wanted = at(day, hour, minute);
    if (wanted <= now_)
        return wanted;
    // The rest of the day is pressed into the last hour, in order.
    return now_ - std::max<std::int64_t>(0, 3600 - (hour * 60 + minute) * 3600 / 1440);
}

int DemoClock::weekday(int day) const {
    // 1970-01-01 was a Thursday.
    return static_cast<int>(((today_ + day + 3) % 7 + 7) % 7);
}

int DemoClock::working_day(int count) const {
    int day = 0;
    while (weekday(day) >= 5)
        ++day;
    const int step = count < 0 ? -1 : 1;
    for (int left = count < 0 ? -count : count; left > 0; --left) {
        day += step;
        while (weekday(day) >= 5)
            day += step;
    }
    return day;
}

int DemoClock::monday(int weeks) const { return -weekday(0) + 7 * weeks; }

std::string DemoClock::date(int day) const {
    const auto date = demo_date(today_ + day);
    return fmt::format(
        "{:04}{:02}{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day())
    );
}

std::string DemoClock::local(int day, int hour, int minute) const {
    return fmt::format("{}T{:02}{:02}00", date(day), hour, minute);
}

std::string DemoClock::spoken(int day) const {
    const auto date = demo_date(today_ + day);
    return fmt::format(
        "{} {} {}", kDays[static_cast<std::size_t>(weekday(day))], unsigned(date.day()),
        kMonths[unsigned(date.month()) - 1]
    );
}

std::string DemoClock::spoken_german(int day) const {
    const auto date = demo_date(today_ + day);
    return fmt::format(
        "{}, {}. {}", kGermanDays[static_cast<std::size_t>(weekday(day))], unsigned(date.day()),
        kGermanMonths[unsigned(date.month()) - 1]
    );
}

int DemoClock::year(int day) const { return int(demo_date(today_ + day).year()); }

std::string demo_mail_date(std::int64_t at) {
    const auto civil = demo_zone().to_civil(at);
    const auto days = floor_days(civil);
    const auto seconds = civil - days * kDemoDaySeconds;
    const auto date = demo_date(days);
    const auto offset = (civil - at) / 60;
    const auto weekday = static_cast<std::size_t>(((days + 3) % 7 + 7) % 7);
    return fmt::format(
        "{:.3}, {} {:.3} {} {:02}:{:02}:{:02} {}{:02}{:02}", kDays[weekday], unsigned(date.day()),
        kMonths[unsigned(date.month()) - 1], int(date.year()), seconds / 3600, seconds / 60 % 60,
        seconds % 60, offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60
    );
}

std::string demo_utc(std::int64_t at) {
    const auto days = floor_days(at);
    const auto seconds = at - days * kDemoDaySeconds;
    const auto date = demo_date(days);
    return fmt::format(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z", int(date.year()), unsigned(date.month()),
        unsigned(date.day()), seconds / 3600, seconds / 60 % 60, seconds % 60
    );
}

} // namespace lockstep::office
