// Zone files of the system's tzdata, and the POSIX rule in their footers.
// Spec: RFC 8536 3 (TZif versions 1 to 4), 3.3.1 (hours -167..167 in rules).
// Errors: corrupt (sizes that do not add up, transitions that do not ascend), bad_value (not a
// POSIX rule).
#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/zone.hpp"

namespace lockstep::ical {
namespace {

/// Consumes a view from the front; every read is checked.
class Bytes {
public:
    explicit Bytes(std::string_view rest) : rest_(rest) {}
    bool skip(std::size_t count) {
        if (count > rest_.size())
            return false;
        rest_.remove_prefix(count);
        return true;
    }
    std::optional<std::int64_t> big_endian(std::size_t width) {
        if (width > rest_.size())
            return std::nullopt;
        std::uint64_t value =
            (static_cast<unsigned char>(rest_[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
        for (std::size_t i = 0; i < width; ++i)
            value = value << 8U | static_cast<unsigned char>(rest_[i]);
        rest_.remove_prefix(width);
        return static_cast<std::int64_t>(value);
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

struct TzifHeader {
    char version = 0;
    std::size_t ut = 0, std = 0, leap = 0, times = 0, types = 0, chars = 0;
};

std::unexpected<Error> no_zone_file(std::string_view why) {
    return fail(Code::corrupt, "zone file: " + std::string(why));
}

Result<TzifHeader> read_header(Bytes& in) {
    if (in.rest().size() < 44 || !in.rest().starts_with("TZif"))
        return no_zone_file("no header");
    TzifHeader header;
    header.version = in.rest()[4];
    (void)in.skip(20);
    for (auto* count :
         {&header.ut, &header.std, &header.leap, &header.times, &header.types, &header.chars}) {
        const auto value = in.big_endian(4);
        if (!value || *value < 0 || *value > static_cast<std::int64_t>(limits::kZoneTransitions))
            return no_zone_file("counts");
        *count = static_cast<std::size_t>(*value);
    }
    if (header.types == 0)
        return no_zone_file("no types");
    return header;
}

std::size_t body_size(const TzifHeader& h, std::size_t time_size) {
    return h.times * (time_size + 1) + h.types * 6 + h.chars + h.leap * (time_size + 4) + h.std +
           h.ut;
}

struct TzifBody {
    std::vector<Transition> transitions;
    std::int64_t before = 0;
};

Result<TzifBody> read_body(Bytes& in, const TzifHeader& header, std::size_t time_size) {
    if (in.rest().size() < body_size(header, time_size))
        return no_zone_file("cut short");
    TzifBody body;
    for (std::size_t i = 0; i < header.times; ++i) {
        body.transitions.push_back({in.big_endian(time_size).value_or(0), 0});
        if (i > 0 && body.transitions[i].at <= body.transitions[i - 1].at)
            return no_zone_file("order");
    }
    std::vector<std::size_t> kinds;
    for (std::size_t i = 0; i < header.times; ++i)
        kinds.push_back(static_cast<std::size_t>(in.big_endian(1).value_or(0) & 0xFF));
    std::vector<std::int64_t> offsets;
    for (std::size_t i = 0; i < header.types; ++i) {
        const auto offset = in.big_endian(4).value_or(0);
        if (offset <= -2 * kDay || offset >= 2 * kDay)
            return no_zone_file("offset");
        offsets.push_back(offset);
        (void)in.skip(2);
    }
    for (std::size_t i = 0; i < header.times; ++i) {
        if (kinds[i] >= offsets.size())
            return no_zone_file("type");
        body.transitions[i].offset = offsets[kinds[i]];
    }
    body.before = offsets.front();
    (void)in.skip(header.chars + header.leap * (time_size + 4) + header.std + header.ut);
    return body;
}

/// Reads a POSIX TZ string from the front.
class PosixReader {
public:
    explicit PosixReader(std::string_view rest) : rest_(rest) {}

    bool name() {
        if (rest_.starts_with('<')) {
            const auto end = rest_.find('>');
            if (end == std::string_view::npos)
                return false;
            rest_.remove_prefix(end + 1);
            return true;
        }
        std::size_t size = 0;
        while (size < rest_.size() && ascii_lower(rest_[size]) >= 'a' &&
               ascii_lower(rest_[size]) <= 'z')
            ++size;
        rest_.remove_prefix(size);
        return size >= 3;
    }
    bool take(char c) {
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::optional<int> number() {
        std::size_t size = 0;
        while (size < rest_.size() && size < 4 && is_digit(rest_[size]))
            ++size;
        const auto value = parse_int<int>(rest_.substr(0, size));
        if (value)
            rest_.remove_prefix(size);
        return value;
    }
    /// [+-]hh[:mm[:ss]] in seconds.
    std::optional<std::int64_t> time() {
        const bool negative = take('-');
        if (!negative)
            (void)take('+');
        std::int64_t seconds = 0;
        for (std::int64_t unit = 3600; unit > 0; unit /= 60) {
            if (unit < 3600 && !take(':'))
                break;
            const auto value = number();
            if (!value || *value > 167)
                return std::nullopt;
            seconds += *value * unit;
        }
        return negative ? -seconds : seconds;
    }
    std::optional<YearDay> day() {
        YearDay day;
        std::optional<int> a;
        if (take('M')) {
            a = number();
            const auto week = take('.') ? number() : std::nullopt;
            const auto weekday = take('.') ? number() : std::nullopt;
            if (!a || !week || !weekday || *a < 1 || *a > 12 || *week < 1 || *week > 5 ||
                *weekday > 6)
                return std::nullopt;
            day.month = *a;
            day.week = *week;
            day.weekday = *weekday;
        } else {
            day.kind = take('J') ? YearDay::Kind::julian : YearDay::Kind::zero_based;
            a = number();
            if (!a || *a > 365 || (day.kind == YearDay::Kind::julian && *a < 1))
                return std::nullopt;
            day.day = *a;
        }
        if (take('/')) {
            const auto second = time();
            if (!second)
                return std::nullopt;
            day.second = *second;
        }
        return day;
    }
    [[nodiscard]] bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

} // namespace

Result<YearRule> parse_posix_rule(std::string_view text) {
    const auto bad = [&] {
        return fail(Code::bad_value, "not a POSIX zone rule: " + std::string(text.substr(0, 60)));
    };
    PosixReader in(text);
    YearRule rule;
    if (!in.name())
        return bad();
    const auto standard = in.time();
    if (!standard)
        return bad();
    rule.standard = -*standard; // POSIX counts westwards
    if (in.done())
        return rule;
    if (!in.name())
        return bad();
    rule.daylight = rule.standard + 3600;
    if (!in.take(',')) {
        const auto daylight = in.time();
        if (!daylight || !in.take(','))
            return bad();
        rule.daylight = -*daylight;
    }
    const auto to_daylight = in.day();
    if (!to_daylight || !in.take(','))
        return bad();
    const auto to_standard = in.day();
    if (!to_standard || !in.done())
        return bad();
    rule.to_daylight = *to_daylight;
    rule.to_standard = *to_standard;
    return rule;
}

Result<Zone> Zone::parse_tzif(std::string name, std::string_view bytes) {
    Bytes in(bytes);
    TRY(auto header, read_header(in));
    std::size_t time_size = 4;
    if (header.version >= '2') {
        if (!in.skip(body_size(header, 4)))
            return no_zone_file("cut short");
        TRY(header, read_header(in));
        time_size = 8;
    }
    TRY(auto body, read_body(in, header, time_size));
    std::optional<YearRule> rule;
    if (time_size == 8) {
        auto footer = in.rest();
        if (!footer.starts_with('\n') || footer.find('\n', 1) == std::string_view::npos)
            return no_zone_file("footer");
        footer = footer.substr(1, footer.find('\n', 1) - 1);
        if (!footer.empty()) {
            TRY(rule, parse_posix_rule(footer));
        }
    }
    return Zone(std::move(name), body.before, std::move(body.transitions), std::move(rule));
}

} // namespace lockstep::ical
