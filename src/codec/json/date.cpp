// Dates of JMAP, by the proleptic Gregorian calendar of std::chrono.
#include "codec/json/date.hpp"

#include <chrono>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::json {
namespace {

using std::chrono::microseconds;

/// `digits` decimal digits at the front of text, removed from it.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    if (text.size() < digits)
        return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (!is_digit(text[i]))
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

/// ".123" in microseconds; digits beyond those are dropped. A dot needs a digit, and the last one
/// must not be zero (RFC 8620 1.4).
std::optional<std::int64_t> take_fraction(std::string_view& text) {
    if (!take(text, '.'))
        return 0;
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
        if (digits < 6)
            value = value * 10 + (text[digits] - '0');
    }
    if (digits == 0 || text[digits - 1] == '0')
        return std::nullopt;
    text.remove_prefix(digits);
    for (; digits < 6; ++digits)
        value *= 10;
    return value;
}

struct Local {
    std::int64_t us = 0;
    std::string_view offset;
};

std::optional<Local> parse_local(std::string_view text) {
    using namespace std::chrono;
    const auto y = take_digits(text, 4);
    const auto m = take(text, '-') ? take_digits(text, 2) : std::nullopt;
    const auto d = take(text, '-') ? take_digits(text, 2) : std::nullopt;
    const auto hour = take(text, 'T') ? take_digits(text, 2) : std::nullopt;
    const auto minute = take(text, ':') ? take_digits(text, 2) : std::nullopt;
    const auto second = take(text, ':') ? take_digits(text, 2) : std::nullopt;
    if (!y || !m || !d || !hour || !minute || !second)
        return std::nullopt;
    const auto fraction = take_fraction(text);
    const year_month_day date(
        year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))
    );
    if (!fraction || !date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const auto at = sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute) +
                    seconds(*second) + microseconds(*fraction);
    return Local{duration_cast<microseconds>(at).count(), text};
}

} // namespace

std::string utc_date(std::int64_t unix_us) {
    using namespace std::chrono;
    const auto at = sys_time<microseconds>(microseconds(unix_us));
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    auto text = fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        time.hours().count(), time.minutes().count(), time.seconds().count()
    );
    if (const auto fraction = time.subseconds().count(); fraction != 0) {
        text += fmt::format(".{:06}", fraction);
        while (text.back() == '0')
            text.pop_back();
    }
    return text + 'Z';
}

std::optional<std::int64_t> parse_utc_date(std::string_view text) {
    const auto local = parse_local(text);
    if (!local || local->offset != "Z")
        return std::nullopt;
    return local->us;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
    const auto local = parse_local(text);
    if (!local || local->offset == "Z")
        return local ? std::optional(local->us) : std::nullopt;
    auto offset = local->offset;
    const bool east = take(offset, '+');
    if (!east && !take(offset, '-'))
        return std::nullopt;
    const auto hours = take_digits(offset, 2);
    const auto minutes = take(offset, ':') ? take_digits(offset, 2) : std::nullopt;
    if (!hours || !minutes || !offset.empty() || *hours > 23 || *minutes > 59)
        return std::nullopt;
    const auto shift = (*hours * 3600LL + *minutes * 60LL) * 1'000'000;
    return east ? local->us - shift : local->us + shift;
}

} // namespace lockstep::json
