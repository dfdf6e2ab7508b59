// Reads and writes the values of administration commands.
#include "protocols/admin/values.hpp"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::admin {

namespace {

using directory::Door;
using model::AccountKind;
using model::Right;

constexpr std::array kDoors = {Door::activesync, Door::imap, Door::web, Door::dav, Door::smtp};
constexpr std::array kRights = {Right::none, Right::free_busy, Right::read,    Right::add,
                                Right::edit, Right::own,       Right::delegate};

struct Unit {
    char letter;
    std::int64_t factor;
};
constexpr std::array kSizeUnits = {
    Unit{'K', 1LL << 10}, Unit{'M', 1LL << 20}, Unit{'G', 1LL << 30}, Unit{'T', 1LL << 40}
};
constexpr std::array kTimeUnits = {
    Unit{'s', 1}, Unit{'m', 60}, Unit{'h', 3'600}, Unit{'d', 86'400}
};

std::optional<std::int64_t> with_unit(std::string_view text, std::span<const Unit> units) {
    std::int64_t factor = 1;
    if (!text.empty() && !is_digit(text.back())) {
        const auto unit = std::ranges::find(units, text.back(), &Unit::letter);
        if (unit == units.end())
            return std::nullopt;
        factor = unit->factor;
        text.remove_suffix(1);
    }
    const auto number = parse_int(text);
    if (!number || *number < 0 || *number > std::numeric_limits<std::int64_t>::max() / factor)
        return std::nullopt;
    return *number * factor;
}

} // namespace

Result<std::int64_t> parse_size(std::string_view text) {
    if (const auto size = with_unit(text, kSizeUnits))
        return *size;
    return fail(Code::bad_value, fmt::format("'{}' is not a size such as 300M or 5G", text));
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
    // A hundred years keep every sum of times within 64 bits of nanoseconds.
    constexpr std::int64_t kMost = 100LL * 365 * 86'400;
    if (const auto time = with_unit(text, kTimeUnits); time && *time <= kMost)
        return std::chrono::seconds(*time);
    return fail(Code::bad_value, fmt::format("'{}' is not a time such as 90s, 15m or 2h", text));
}

std::optional<Door> door_named(std::string_view name) {
    for (const auto door : kDoors) {
        if (directory::name_of(door) == name)
            return door;
    }
    return std::nullopt;
}

Result<std::int64_t> parse_doors(std::string_view names) {
    std::int64_t doors = 0;
    for (const auto name : split(names, ',')) {
        const auto door = door_named(trim(name));
        if (!door)
            return fail(
                Code::bad_value, fmt::format(
                                     "'{}' is none of: {}", trim(name),
                                     replace_all(doors_text(directory::kAllDoors), ",", ", ")
                                 )
            );
        doors |= static_cast<std::int64_t>(*door);
    }
    return doors;
}

std::string doors_text(std::int64_t doors) {
    std::string text;
    for (const auto door : kDoors) {
        if ((doors & static_cast<std::int64_t>(door)) == 0)
            continue;
        if (!text.empty())
            text += ',';
        text += directory::name_of(door);
    }
    return text;
}

Result<Right> parse_right(std::string_view name) {
    for (const auto right : kRights) {
        if (right_name(right) == name)
            return right;
    }
    return fail(
        Code::bad_value,
        fmt::format("'{}' is none of: free-busy, read, add, edit, own, delegate", name)
    );
}

std::string_view right_name(Right right) {
    switch (right) {
    case Right::none:
        return "none";
    case Right::free_busy:
        return "free-busy";
    case Right::read:
        return "read";
    case Right::add:
        return "add";
    case Right::edit:
        return "edit";
    case Right::own:
        return "own";
    case Right::delegate:
        return "delegate";
    }
    return "none";
}

std::string_view kind_name(AccountKind kind) {
    switch (kind) {
    case AccountKind::person:
        return "person";
    case AccountKind::group:
        return "group";
    case AccountKind::resource:
        return "resource";
    case AccountKind::shared:
        return "shared";
    case AccountKind::global:
        return "global";
    }
    return "person";
}

std::string time_text(std::int64_t microseconds) {
    using namespace std::chrono;
    if (microseconds == 0)
        return "";
    const sys_seconds moment(floor<seconds>(std::chrono::microseconds(microseconds)));
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss time(moment - day);
    return fmt::format(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        time.hours().count(), time.minutes().count(), time.seconds().count()
    );
}

} // namespace lockstep::admin
