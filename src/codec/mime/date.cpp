// Dates; see date.hpp.
#include "codec/mime/date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"

namespace lockstep::mime {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::size_t kDateBytes = 200; // longer is no date
constexpr std::size_t kDateWords = 16;

struct Moment {
    int year = -1, month = -1, day = -1;
    int hour = 0, minute = 0, second = 0;
    bool has_time = false;
    int zone_minutes = 0;
    bool has_zone = false;
};

/// Words without comments; commas separate like blanks.
std::vector<std::string> words_of(std::string_view raw) {
    std::vector<std::string> words;
    std::string word;
    std::size_t depth = 0;
    const auto flush = [&] {
        if (!word.empty() && words.size() < kDateWords)
            words.push_back(lower(word));
        word.clear();
    };
    for (const char c : raw.substr(0, kDateBytes)) {
        if (c == '(')
            ++depth;
        if (depth > 0 || is_space(c) || c == ',' || c == '"') {
            flush();
            if (c == ')' && depth > 0)
                --depth;
            continue;
        }
        word += c;
    }
    flush();
    return words;
}

int month_of(std::string_view word) {
    if (word.size() < 3)
        return -1;
    for (std::size_t i = 0; i < kMonths.size(); ++i)
        if (word.substr(0, 3) == kMonths[i])
            return static_cast<int>(i) + 1;
    return -1;
}

int full_year(int year, std::size_t digits) {
    if (digits >= 4)
        return year;
    if (digits == 3)
        return year + 1900; // RFC 5322 4.3
    return year < 50 ? year + 2000 : year + 1900;
}

bool take_time(std::string_view word, Moment& moment) {
    const auto parts = split(word.substr(0, word.find('.')), ':');
    if (parts.size() < 2 || parts.size() > 3)
        return false;
    std::array<int, 3> numbers{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = parts[i].size() <= 2 ? parse_int<int>(parts[i]) : std::nullopt;
        if (!number || *number < 0)
            return false;
        numbers[i] = *number;
    }
    if (numbers[0] > 24 || numbers[1] > 59 || numbers[2] > 60)
        return false;
    moment.hour = numbers[0];
    moment.minute = numbers[1];
    moment.second = numbers[2];
    moment.has_time = true;
    return true;
}

bool take_zone(std::string_view word, Moment& moment) {
    constexpr std::array<std::pair<std::string_view, int>, 14> kZones{{
        {"ut", 0},
        {"utc", 0},
        {"gmt", 0},
        {"z", 0},
        {"est", -300},
        {"edt", -240},
        {"cst", -360},
        {"cdt", -300},
        {"mst", -420},
        {"mdt", -360},
        {"pst", -480},
        {"pdt", -420},
        {"cet", 60},
        {"cest", 120},
    }};
    for (const auto& [name, minutes] : kZones) {
        if (word != name)
            continue;
        moment.zone_minutes = minutes;
        return moment.has_zone = true;
    }
    if (word.starts_with("gmt") || word.starts_with("utc"))
        word.remove_prefix(3);
    if (word.size() < 4 || (word.front() != '+' && word.front() != '-'))
        return false;
    auto digits = std::string(word.substr(1));
    std::erase(digits, ':');
    const auto number = digits.size() <= 4 ? parse_int<int>(digits) : std::nullopt;
    if (!number || *number < 0 || *number / 100 > 24 || *number % 100 > 59)
        return false;
    const int minutes = *number / 100 * 60 + *number % 100;
    moment.zone_minutes = word.front() == '-' ? -minutes : minutes;
    return moment.has_zone = true;
}

bool take_number(std::string_view word, Moment& moment) {
    const auto number = word.size() <= 4 ? parse_int<int>(word) : std::nullopt;
    if (!number || *number < 0)
        return false;
    if (moment.day < 0 && word.size() <= 2) {
        moment.day = *number;
    } else if (moment.year < 0) {
        moment.year = full_year(*number, word.size());
    } else {
        return false;
    }
    return true;
}

/// `2026-11-24` or `2026-11-24T11:40:08Z`, and RFC 850's `24-Nov-26`.
bool take_dashed(std::string_view word, Moment& moment) {
    const auto t = word.find('t', 8);
    const auto parts = split(word.substr(0, t), '-');
    if (parts.size() != 3 || parts[0].empty())
        return false;
    if (parts[0].size() == 4) {
        const auto year = parse_int<int>(parts[0]);
        const auto month = parse_int<int>(parts[1]);
        const auto day = parse_int<int>(parts[2]);
        if (!year || !month || !day)
            return false;
        moment.year = *year;
        moment.month = *month;
        moment.day = *day;
        if (t == std::string_view::npos)
            return true;
        const auto time = word.substr(t + 1);
        const auto zone = time.find_first_of("z+-");
        if (zone != std::string_view::npos && !take_zone(time.substr(zone), moment))
            return false;
        return take_time(time.substr(0, zone), moment);
    }
    moment.month = month_of(parts[1]);
    return moment.month > 0 && take_number(parts[0], moment) && take_number(parts[2], moment);
}

void take_word(std::string_view word, Moment& moment) {
    if (word.find('-', 1) != std::string_view::npos && is_digit(word.front())) {
        if (take_dashed(word, moment))
            return;
    }
    if (word.contains(':') && is_digit(word.front())) {
        if (take_time(word, moment))
            return;
    }
    if (const int month = month_of(word); month > 0 && moment.month < 0) {
        moment.month = month;
        return;
    }
    if (moment.has_time && !moment.has_zone && take_zone(word, moment))
        return;
    if (moment.has_time && (word == "pm" || word == "am")) {
        if (moment.hour == 12)
            moment.hour = 0;
        if (word == "pm")
            moment.hour += 12;
        return;
    }
    take_number(word, moment);
}

} // namespace

std::optional<std::int64_t> parse_date(std::string_view raw) {
    const auto date = parse_zoned_date(raw);
    return date ? std::optional(date->seconds) : std::nullopt;
}

std::optional<ZonedDate> parse_zoned_date(std::string_view raw) {
    Moment moment;
    for (const auto& word : words_of(raw))
        take_word(word, moment);
    if (moment.year < 1 || moment.year > 9999 || moment.month < 1 || moment.day < 1)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(moment.year), std::chrono::month(static_cast<unsigned>(moment.month)),
        std::chrono::day(static_cast<unsigned>(moment.day))
    };
    if (!date.ok())
        return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const auto local = days * 86'400 + moment.hour * 3'600 + moment.minute * 60 + moment.second;
    return ZonedDate{local - moment.zone_minutes * 60, moment.zone_minutes};
}

std::string format_date(std::int64_t unix_seconds) {
    const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::string month(kMonths[static_cast<unsigned>(date.month()) - 1]);
    month.front() = ascii_upper(month.front());
    return fmt::format(
        "{}, {} {} {:04} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()), month, static_cast<int>(date.year()),
        clock.hours().count(), clock.minutes().count(), clock.seconds().count()
    );
}

} // namespace lockstep::mime
