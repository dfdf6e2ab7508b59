// TimeZone structures: bytes, rules, and the search for the zone they mean.
// Spec: MS-ASDTYPE 2.7.4.
#include "codec/eas/time_zone.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/zone_names.hpp"

namespace lockstep::eas {
namespace {

constexpr std::size_t kBlobBytes = 172;
constexpr std::size_t kNameUnits = 32;

/// Little-endian fields from the front of a blob that has been checked for its size.
class BlobBytes {
public:
    explicit BlobBytes(std::string_view bytes) : bytes_(bytes) {}
    std::int32_t number(std::size_t width) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < width; ++i)
            value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[at_ + i]))
                     << (8U * i);
        at_ += width;
        return static_cast<std::int32_t>(value);
    }
    std::string name() {
        std::string out;
        bool ended = false;
        for (std::size_t i = 0; i < kNameUnits; ++i) {
            const auto unit = static_cast<char32_t>(number(2));
            ended = ended || unit == 0;
            if (!ended)
                append_utf8(out, unit);
        }
        return out;
    }
    ZoneChange change() {
        ZoneChange out;
        out.year = number(2);
        out.month = number(2);
        out.weekday = number(2);
        out.week = number(2);
        out.hour = number(2);
        out.minute = number(2);
        out.second = number(2);
        // Windows writes the end of a day as its last millisecond.
        if (number(2) >= 999 && out.second == 59 && out.minute == 59) {
            out.second = out.minute = 0;
            ++out.hour;
        }
        return out;
    }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

void put(std::string& out, std::uint32_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i)
        out += static_cast<char>(value >> (8U * i) & 0xFFU);
}

/// Names are ASCII in every zone table; other characters are left out.
void put_name(std::string& out, std::string_view name) {
    std::size_t units = 0;
    for (const char c : name)
        if (static_cast<unsigned char>(c) < 0x80U && units < kNameUnits - 1) {
            put(out, static_cast<std::uint32_t>(c), 2);
            ++units;
        }
    for (; units < kNameUnits; ++units)
        put(out, 0, 2);
}

void put_change(std::string& out, const ZoneChange& change) {
    const bool day_end = change.hour == 24;
    for (const int field :
         {change.year, change.month, change.weekday, change.week, day_end ? 23 : change.hour,
          day_end ? 59 : change.minute, day_end ? 59 : change.second, day_end ? 999 : 0})
        put(out, static_cast<std::uint32_t>(field), 2);
}

bool is_change(const ZoneChange& c) {
    return c.month >= 1 && c.month <= 12 && c.weekday >= 0 && c.weekday <= 6 && c.week >= 1 &&
           c.week <= (c.year == 0 ? 5 : 31) && c.hour >= 0 && c.hour <= 24 && c.minute >= 0 &&
           c.minute <= 59 && c.second >= 0 && c.second <= 59;
}

/// The civil time of a change in a year; none when an absolute date names another year.
std::optional<std::int64_t> civil_of_change(const ZoneChange& change, int year) {
    const std::int64_t second = change.hour * 3600 + change.minute * 60 + change.second;
    if (change.year != 0) {
        if (change.year != year ||
            !ical::is_day(
                year, static_cast<unsigned>(change.month), static_cast<unsigned>(change.week)
            ))
            return std::nullopt;
        return ical::civil_from(
            year, static_cast<unsigned>(change.month), static_cast<unsigned>(change.week), second
        );
    }
    ical::YearDay day;
    day.month = change.month;
    day.week = change.week;
    day.weekday = change.weekday;
    day.second = second;
    return ical::civil_of(day, year);
}

bool has_seasons(const ZoneBlob& blob) {
    return is_change(blob.to_standard) && is_change(blob.to_daylight) &&
           blob.daylight_bias != blob.standard_bias;
}

struct YearChanges {
    std::int64_t offset = 0; ///< at the begin of the year
    std::vector<ical::Transition> changes;
    friend bool operator==(const YearChanges&, const YearChanges&) = default;
};

YearChanges changes_of_blob(const ZoneBlob& blob, int year) {
    const std::int64_t standard = -60LL * (blob.bias + blob.standard_bias),
                       daylight = -60LL * (blob.bias + blob.daylight_bias);
    if (!has_seasons(blob))
        return {-60LL * blob.bias, {}};
    YearChanges out{standard, {}};
    if (const auto civil = civil_of_change(blob.to_daylight, year))
        out.changes.push_back({*civil - standard, daylight});
    if (const auto civil = civil_of_change(blob.to_standard, year))
        out.changes.push_back({*civil - daylight, standard});
    std::ranges::sort(out.changes, {}, &ical::Transition::at);
    if (!out.changes.empty())
        out.offset = out.changes.front().offset == standard ? daylight : standard;
    return out;
}

std::int64_t year_begin(int year) { return ical::civil_from(year, 1, 1); }

YearChanges changes_of_zone(const ical::Zone& zone, int year) {
    const auto from = year_begin(year) - 14 * 3600, to = year_begin(year + 1) - 14 * 3600;
    return {zone.offset_at(from), zone.changes(from, to)};
}

/// The same changes in the year of the item and the two after it: one year alone does not tell week
/// 4 from the last week.
bool fits(const ical::Zone& zone, const ZoneBlob& blob, int year) {
    const int years = blob.to_standard.year != 0 || blob.to_daylight.year != 0 ? 1 : 3;
    for (int y = year; y < year + years; ++y)
        if (changes_of_zone(zone, y) != changes_of_blob(blob, y))
            return false;
    return true;
}

/// Zones whose changes no rule tells (Morocco's follow the moon) fit when the year of the item
/// does.
bool fits_year(const ical::Zone& zone, const ZoneBlob& blob, int year) {
    return changes_of_zone(zone, year) == changes_of_blob(blob, year);
}

/// A change as "nth weekday of a month"; the week is the last one when the date is among the last
/// seven.
ZoneChange change_at(std::int64_t civil) {
    const auto c = ical::civil_of(civil);
    ZoneChange out;
    out.month = static_cast<int>(c.month);
    out.weekday = static_cast<int>(c.weekday);
    out.week = c.day + 7 > ical::days_in_month(c.year, c.month)
                   ? 5
                   : static_cast<int>((c.day - 1) / 7 + 1);
    out.hour = static_cast<int>(c.hour);
    out.minute = static_cast<int>(c.minute);
    out.second = static_cast<int>(c.second);
    return out;
}

/// The same from the zone's rule, which knows whether the 22nd of 30 days is week 4 or the last
/// one.
std::optional<ZoneChange> change_of(const ical::YearDay& day) {
    if (day.kind != ical::YearDay::Kind::nth_weekday || day.second < 0 || day.second > ical::kDay)
        return std::nullopt;
    ZoneChange out;
    out.month = day.month;
    out.week = day.week;
    out.weekday = day.weekday;
    out.hour = static_cast<int>(day.second / 3600);
    out.minute = static_cast<int>(day.second / 60 % 60);
    out.second = static_cast<int>(day.second % 60);
    return out;
}

/// Whether it is what we say of that zone ourselves: in years of change a structure says less than
/// the zone's truth.
bool says_of(const ical::Zone& zone, const ZoneBlob& blob, std::int64_t at) {
    const auto ours = blob_of_zone(zone, at);
    return ours.bias == blob.bias && ours.standard_bias == blob.standard_bias &&
           ours.daylight_bias == blob.daylight_bias && ours.to_standard == blob.to_standard &&
           ours.to_daylight == blob.to_daylight;
}

void name_blob(ZoneBlob& blob, const ical::Zone& zone) {
    const auto windows = ical::windows_of_iana(zone.name());
    const auto name = windows.empty() ? std::string_view(zone.name()) : windows;
    blob.standard_name = name;
    blob.daylight_name = name;
    if (const auto at = blob.daylight_name.find("Standard"); at != std::string::npos)
        blob.daylight_name.replace(at, 8, "Daylight");
}

} // namespace

bool ZoneBlob::empty() const {
    return bias == 0 && standard_bias == 0 && daylight_bias == 0 && to_standard.month == 0 &&
           to_daylight.month == 0 && standard_name.empty() && daylight_name.empty();
}

Result<ZoneBlob> parse_zone_blob(std::string_view base64_text) {
    std::string compact;
    for (const char c : base64_text)
        if (!is_space(c) && compact.size() < 2 * kBlobBytes)
            compact += c;
    const auto bytes = unbase64(compact);
    if (!bytes || bytes->size() != kBlobBytes)
        return fail(Code::bad_value, "not a TimeZone structure");
    BlobBytes in(*bytes);
    ZoneBlob blob;
    blob.bias = in.number(4);
    blob.standard_name = in.name();
    blob.to_standard = in.change();
    blob.standard_bias = in.number(4);
    blob.daylight_name = in.name();
    blob.to_daylight = in.change();
    blob.daylight_bias = in.number(4);
    for (const auto bias : {blob.bias, blob.standard_bias, blob.daylight_bias})
        if (bias < -24 * 60 || bias > 24 * 60)
            return fail(Code::bad_value, "TimeZone bias out of range");
    return blob;
}

std::string format_zone_blob(const ZoneBlob& blob) {
    std::string out;
    put(out, static_cast<std::uint32_t>(blob.bias), 4);
    put_name(out, blob.standard_name);
    put_change(out, blob.to_standard);
    put(out, static_cast<std::uint32_t>(blob.standard_bias), 4);
    put_name(out, blob.daylight_name);
    put_change(out, blob.to_daylight);
    put(out, static_cast<std::uint32_t>(blob.daylight_bias), 4);
    return base64(out);
}

ZoneBlob blob_of_zone(const ical::Zone& zone, std::int64_t at) {
    ZoneBlob blob;
    name_blob(blob, zone);
    const int year = ical::civil_of(zone.to_civil(at)).year;
    const auto [begin, changes] = changes_of_zone(zone, year);
    if (changes.size() != 2 || changes[1].offset != begin) {
        // No seasons, or a year in which the zone itself changed: the offset that holds at the
        // item's time.
        blob.bias = static_cast<std::int32_t>(-zone.offset_at(at) / 60);
        return blob;
    }
    const bool daylight_first = changes[0].offset > begin;
    const auto standard = std::min(begin, changes[0].offset),
               daylight = std::max(begin, changes[0].offset);
    blob.bias = static_cast<std::int32_t>(-standard / 60);
    blob.daylight_bias = static_cast<std::int32_t>((standard - daylight) / 60);
    blob.to_daylight = change_at(changes[daylight_first ? 0 : 1].at + standard);
    blob.to_standard = change_at(changes[daylight_first ? 1 : 0].at + daylight);
    const auto& rule = zone.rule();
    if (!rule || !rule->daylight)
        return blob;
    const bool reversed = *rule->daylight < rule->standard; // Ireland: "daylight" is winter
    auto by_rule = blob;
    const auto to_daylight = change_of(reversed ? rule->to_standard : rule->to_daylight);
    const auto to_standard = change_of(reversed ? rule->to_daylight : rule->to_standard);
    if (!to_daylight || !to_standard)
        return blob;
    by_rule.to_daylight = *to_daylight;
    by_rule.to_standard = *to_standard;
    return fits_year(zone, by_rule, year) ? by_rule : blob;
}

ical::ZonePtr zone_of_blob(const ZoneBlob& blob, const ical::ZonePtr& preferred, std::int64_t at) {
    if (blob.empty())
        return preferred;
    const int year = ical::civil_of(std::clamp(at, ical::kFirstCivil, ical::kLastCivil)).year;
    if (says_of(*preferred, blob, at) || fits(*preferred, blob, year))
        return preferred;
    const auto named = ical::find_zone(blob.standard_name);
    if (named && (says_of(**named, blob, at) || fits(**named, blob, year)))
        return *named;
    for (const auto& row : ical::zone_names())
        if (const auto zone = ical::load_zone(row.iana); zone && fits(**zone, blob, year))
            return *zone;
    if (fits_year(*preferred, blob, year))
        return preferred;
    if (named && fits_year(**named, blob, year))
        return *named;
    // Rules that ended, or that a client made up: the offset at least is meant.
    const auto offset = changes_of_blob(blob, year).offset;
    if (named && (*named)->offset_at(year_begin(year)) == offset)
        return *named;
    if (preferred->offset_at(year_begin(year)) == offset)
        return preferred;
    if (!has_seasons(blob) && offset % 3600 == 0 && offset >= -12 * 3600 && offset <= 14 * 3600) {
        const auto hours = -offset / 3600;
        return ical::zone_or_utc(
            hours == 0 ? std::string("Etc/UTC") : fmt::format("Etc/GMT{:+}", hours)
        );
    }
    return preferred;
}

} // namespace lockstep::eas
