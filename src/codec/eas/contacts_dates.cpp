// Dates of contacts.
// Spec and invariants: contacts_dates.hpp.
#include "codec/eas/contacts_dates.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/ical/zone.hpp"

namespace lockstep::eas {

namespace {

using std::chrono::year_month_day;

std::optional<year_month_day> checked_date(int year, unsigned month, unsigned day) {
    const year_month_day date{
        std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)
    };
    if (!date.ok() || year < 1 || year > 9999)
        return std::nullopt;
    return date;
}

std::optional<int> all_digits(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, is_digit))
        return std::nullopt;
    return parse_int<int>(text);
}

/// YYYYMMDD or YYYY-MM-DD, and the same with "--" for the year.
std::optional<year_month_day> whole_date(std::string_view text) {
    std::string_view year = "1604";
    if (text.starts_with("--")) {
        text.remove_prefix(2);
    } else {
        if (text.size() < 8)
            return std::nullopt;
        year = text.substr(0, 4);
        text.remove_prefix(4);
        if (text.starts_with('-'))
            text.remove_prefix(1);
    }
    if (text.size() == 5 && text[2] == '-') {
        const auto y = all_digits(year), m = all_digits(text.substr(0, 2)),
                   d = all_digits(text.substr(3));
        if (y && m && d)
            return checked_date(*y, static_cast<unsigned>(*m), static_cast<unsigned>(*d));
        return std::nullopt;
    }
    if (text.size() != 4)
        return std::nullopt;
    const auto y = all_digits(year), m = all_digits(text.substr(0, 2)),
               d = all_digits(text.substr(2));
    if (y && m && d)
        return checked_date(*y, static_cast<unsigned>(*m), static_cast<unsigned>(*d));
    return std::nullopt;
}

/// Seconds of the day of "HHMMSS" or "HH:MM:SS[.mmm]", each with or without Z.
std::optional<int> time_of_day(std::string_view text) {
    std::string digits;
    for (const char c : text.substr(0, text.find('.'))) {
        if (is_digit(c))
            digits += c;
        if (!is_digit(c) && c != ':' && c != 'Z')
            return std::nullopt;
    }
    if (digits.size() != 6)
        return std::nullopt;
    const auto value = all_digits(digits);
    const int hours = *value / 10'000, minutes = *value / 100 % 100, seconds = *value % 100;
    if (hours > 24 || minutes > 59 || seconds > 60)
        return std::nullopt;
    return hours * 3600 + minutes * 60 + seconds;
}

} // namespace

std::optional<year_month_day> card_date(const vcard::Property& property) {
    const auto text = property.text();
    std::string_view value = trim(text);
    value = value.substr(0, value.find('T'));
    const auto date = whole_date(value);
    const auto omitted = property.parameter("X-APPLE-OMIT-YEAR");
    if (date && !omitted.empty() && value.starts_with(omitted))
        return checked_date(kNoYear, unsigned(date->month()), unsigned(date->day()));
    return date;
}

void set_card_date(vcard::Property& property, year_month_day date, vcard::Version version) {
    const int year = int(date.year());
    const unsigned month = unsigned(date.month()), day = unsigned(date.day());
    std::vector<vcard::Parameter> parameters;
    if (version == vcard::Version::v4_0) {
        property.set_value(
            year == kNoYear ? fmt::format("--{:02}{:02}", month, day)
                            : fmt::format("{:04}{:02}{:02}", year, month, day)
        );
    } else {
        if (year == kNoYear)
            parameters.push_back({"X-APPLE-OMIT-YEAR", {"1604"}});
        property.set_value(fmt::format("{:04}-{:02}-{:02}", year, month, day));
    }
    property.set_parameters(std::move(parameters));
}

std::string wire_date(year_month_day date) {
    return fmt::format(
        "{:04}-{:02}-{:02}T00:00:00.000Z", int(date.year()), unsigned(date.month()),
        unsigned(date.day())
    );
}

std::optional<year_month_day> date_meant(std::string_view text, std::string_view zone) {
    text = trim(text);
    const auto separator = text.find('T');
    const auto date = whole_date(text.substr(0, separator));
    if (!date || text.starts_with('-') || separator == std::string_view::npos)
        return date;
    const auto seconds = time_of_day(text.substr(separator + 1));
    if (!seconds)
        return std::nullopt;
    if (*seconds != 0 && !zone.empty()) {
        constexpr std::int64_t kDay = 86'400;
        const auto days = std::chrono::sys_days(*date).time_since_epoch().count();
        const auto civil = ical::zone_or_utc(zone)->to_civil(days * kDay + *seconds);
        if (civil % kDay == 0)
            return year_month_day(std::chrono::sys_days(std::chrono::days(civil / kDay)));
    }
    constexpr int kNoon = 12 * 3600;
    if (*seconds <= kNoon)
        return date;
    return year_month_day(std::chrono::sys_days(*date) + std::chrono::days(1));
}

} // namespace lockstep::eas
