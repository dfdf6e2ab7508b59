// The window of time of a device: from one midnight of its account's zone to another.
#include <algorithm>

#include "codec/ical/zone.hpp"
#include "office/sync_policy.hpp"

namespace lockstep::office {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kSpreadSeconds = 15 * 60;

/// How much later than midnight this device's day begins.
std::int64_t lag_of(model::AuthorId device) { return device.value % kSpreadSeconds; }

/// Civil seconds of the midnight with which the device's present day began.
std::int64_t midnight(const ical::Zone& zone, model::AuthorId device, std::int64_t now_us) {
    const auto civil = zone.to_civil(now_us / kSecond - lag_of(device));
    return civil - ((civil % kDaySeconds) + kDaySeconds) % kDaySeconds;
}

/// Days back from today; the smaller of both limits.
int smaller(int one, int other) {
    if (one == kUnlimited || other == kUnlimited)
        return std::max(one, other);
    return std::min(one, other);
}

} // namespace

sync::Wanted window_of(
    const SyncPolicy& policy, model::ItemClass item_class, int client_days, std::string_view zone,
    model::AuthorId device, std::int64_t now_us
) {
    const bool event = item_class == model::ItemClass::event;
    auto back = client_days;
    if (event)
        back = smaller(back, policy.before_days);
    if (item_class == model::ItemClass::mail)
        back = smaller(back, policy.mail_days);
    const auto ahead = event ? policy.after_days : kUnlimited;
    sync::Wanted wanted;
    if (back == kUnlimited && ahead == kUnlimited)
        return wanted;
    const auto place = ical::zone_or_utc(zone);
    const auto today = midnight(*place, device, now_us);
    if (back != kUnlimited)
        wanted.low = place->to_utc(today - back * kDaySeconds) * kSecond;
    if (ahead != kUnlimited)
        wanted.high = place->to_utc(today + (ahead + 1) * kDaySeconds) * kSecond;
    return wanted;
}

std::int64_t next_slide(std::string_view zone, model::AuthorId device, std::int64_t now_us) {
    const auto place = ical::zone_or_utc(zone);
    const auto next = midnight(*place, device, now_us) + kDaySeconds;
    return std::max(place->to_utc(next) + lag_of(device), now_us / kSecond + 1) * kSecond;
}

} // namespace lockstep::office
