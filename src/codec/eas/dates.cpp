// The two date forms of the protocol.
// Spec: MS-ASDTYPE 2.3, 2.7.5.
#include "codec/eas/dates.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "codec/ical/value.hpp"

namespace lockstep::eas {

std::string compact_date(std::int64_t utc) {
    return ical::format_moment({ical::TimeKind::utc, utc, {}});
}

std::string iso_date(std::int64_t utc) {
    const auto c = ical::civil_of(utc);
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.000Z", c.year, c.month, c.day, c.hour, c.minute,
        c.second
    );
}

Result<std::int64_t> parse_wire_date(std::string_view text) {
    // Both forms are the compact one once dashes, colons and the fraction are gone.
    std::string compact;
    text = trim(text);
    if (text.empty() || !is_digit(text.front()))
        return fail(Code::bad_value, "not a date");
    for (std::size_t i = 0; i < text.size() && compact.size() <= 16; ++i) {
        if (text[i] == '-' || text[i] == ':')
            continue;
        if (text[i] == '.') {
            while (i + 1 < text.size() && is_digit(text[i + 1]))
                ++i;
            continue;
        }
        compact += ascii_upper(text[i]);
    }
    TRY(const auto moment, ical::parse_moment(compact));
    return moment.civil;
}

} // namespace lockstep::eas
