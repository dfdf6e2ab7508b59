// Values.
#include "codec/sieve/values.hpp"

#include <chrono>

#include <fmt/core.h>

#include "base/text.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::sieve {

std::vector<std::string> field_values(std::string_view header, std::string_view name) {
    const mime::Headers headers(header);
    std::vector<std::string> values;
    for (const auto& field : headers.fields())
        if (iequals(field.name, name))
            values.emplace_back(trim(mime::decode_text(field.value)));
    return values;
}

std::optional<std::string> part_of(std::string_view address, AddressPart part) {
    const auto at = address.rfind('@');
    const auto local = address.substr(0, at);
    const auto plus = local.find('+');
    switch (part) {
    case AddressPart::all:
        return std::string(address);
    case AddressPart::localpart:
        return std::string(local);
    case AddressPart::domain:
        return at == std::string_view::npos ? std::string() : std::string(address.substr(at + 1));
    case AddressPart::user:
        return std::string(local.substr(0, plus));
    case AddressPart::detail:
        if (plus == std::string_view::npos)
            return std::nullopt;
        return std::string(local.substr(plus + 1));
    }
    return std::nullopt;
}

std::vector<std::string>
address_values(std::string_view header, std::string_view name, AddressPart part) {
    const mime::Headers headers(header);
    std::vector<std::string> values;
    for (const auto& field : headers.fields()) {
        if (!iequals(field.name, name))
            continue;
        for (const auto& address : mime::parse_addresses(field.value))
            if (auto value = part_of(address.text(), part); value && !address.text().empty())
                values.push_back(std::move(*value));
    }
    return values;
}

int zone_minutes(std::string_view zone) {
    const auto number = zone.size() == 5 ? parse_int<int>(zone.substr(1)) : std::nullopt;
    if (!number || (zone[0] != '+' && zone[0] != '-'))
        return 0;
    const int minutes = *number / 100 * 60 + *number % 100;
    return zone[0] == '-' ? -minutes : minutes;
}

std::string date_part(std::int64_t seconds, int minutes, std::string_view part) {
    using namespace std::chrono;
    // A date beyond the calendar of four digits is no date that anybody tests.
    constexpr std::int64_t most = 253'402'300'799 - 86'400;
    seconds = std::clamp<std::int64_t>(seconds, -most / 10, most) + minutes * 60;
    const sys_seconds time{std::chrono::seconds(seconds)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    const auto month_number = static_cast<unsigned>(date.month());
    const auto day_number = static_cast<unsigned>(date.day());
    const int year_number = static_cast<int>(date.year());
    const auto zone = fmt::format(
        "{}{:02}{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60
    );
    const auto ymd = fmt::format("{:04}-{:02}-{:02}", year_number, month_number, day_number);
    const auto hms = fmt::format(
        "{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(), clock.seconds().count()
    );
    if (part == "year")
        return ymd.substr(0, 4);
    if (part == "month")
        return ymd.substr(5, 2);
    if (part == "day")
        return ymd.substr(8);
    if (part == "date")
        return ymd;
    if (part == "julian")
        return std::to_string(day.time_since_epoch().count() + 40'587);
    if (part == "hour")
        return hms.substr(0, 2);
    if (part == "minute")
        return hms.substr(3, 2);
    if (part == "second")
        return hms.substr(6);
    if (part == "time")
        return hms;
    if (part == "iso8601")
        return ymd + "T" + hms + zone.substr(0, 3) + ":" + zone.substr(3);
    if (part == "std11")
        return mime::format_date(seconds - minutes * 60);
    if (part == "zone")
        return zone;
    return std::to_string(weekday(day).c_encoding());
}

} // namespace lockstep::sieve
